// outgoing.cpp: see outgoing.hpp.

#include "outgoing.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace wsengine::io {

void outgoing::append(std::span<const std::byte> bytes) {
  size_ += bytes.size();
  while (!bytes.empty()) {
    if (parts_.empty() || parts_.back().last == parts_.back().block.size)
      parts_.push({pool_.take(), 0, 0});
    auto& to = parts_.back();
    auto n = std::min(bytes.size(), to.block.size - to.last);
    std::memcpy(to.block.bytes.get() + to.last, bytes.data(), n);
    to.last += n;
    bytes = bytes.subspan(n);
  }
}

std::array<boost::asio::const_buffer, outgoing::max_gather> outgoing::next() {
  std::array<boost::asio::const_buffer, max_gather> result;
  auto to = result.begin();
  for (auto& x : parts_) {
    if (to == result.end())
      break;
    *to++ = boost::asio::const_buffer{x.block.bytes.get() + x.first, x.last - x.first};
  }
  return result;
}

void outgoing::consume(std::size_t n) {
  size_ -= n;
  while (n > 0) {
    auto& from = parts_.front();
    auto taken = std::min(n, from.last - from.first);
    from.first += taken;
    n -= taken;
    if (from.first == from.last)
      pool_.give(parts_.pop().block);
  }
}

void outgoing::clear() {
  consume(size_);
}

} // namespace wsengine::io
