// line_reader.cpp: see line_reader.hpp.

#include "line_reader.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::cli {

line_reader::line_reader(int fd, int end_fd, std::size_t longest)
  : source_(fd, end_fd),
    longest_(longest) {}

std::optional<std::string> line_reader::next() {
  for (;;) {
    auto found = buffer_.find('\n', searched_);
    if (found != std::string::npos) {
      // The rest of a line that was cut off is not a line of its own.
      auto line = take(found);
      if (!std::exchange(skipping_, false))
        return line;
      continue;
    }
    searched_ = buffer_.size();
    if (skipping_) {
      buffer_.clear();
      searched_ = 0;
    } else if (buffer_.size() > longest_) {
      skipping_ = true;
      auto begin = take(buffer_.size());
      too_long_ = true;
      return begin;
    }
    if (!fill())
      break;
  }
  if (!source_.ended() || buffer_.empty() || skipping_)
    return std::nullopt;
  return take(buffer_.size());
}

std::optional<std::string> line_reader::take(std::size_t size) {
  auto line = buffer_.substr(0, size);
  buffer_.erase(0, std::min(buffer_.size(), size + 1));
  searched_ = 0;
  if (!line.empty() && line.back() == '\r')
    line.pop_back();
  too_long_ = line.size() > longest_;
  return line;
}

bool line_reader::fill() {
  auto more = source_.next(64U << 10U);
  if (more)
    buffer_ += *more;
  return more.has_value();
}

} // namespace wsengine::cli
