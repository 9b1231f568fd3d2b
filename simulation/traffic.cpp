// traffic.cpp: see traffic.hpp.

#include "traffic.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <utility>

namespace wsengine::simulation {

// -- messages of the peer -------------------------------------------------------------------------

data_message make_peer_message(message_number which, bool last) {
  char buffer[part_size + 1];
  std::snprintf(buffer, sizeof(buffer), "%05zu:%06zu%c", which.connection % 100000,
                which.number % 1000000, last ? '.' : '+');
  return {message_kind::text, payload{buffer}, last};
}

message_number parse_message(std::string_view text) {
  message_number result;
  auto colon = text.find(':');
  std::from_chars(text.data(), text.data() + colon, result.connection);
  std::from_chars(text.data() + colon + 1, text.data() + text.size() - 1, result.number);
  return result;
}

bool is_flag_right(std::string_view text, bool last) {
  return (text.back() == '.') == last;
}

std::string to_string(message_number what) {
  return std::to_string(what.connection) + ":" + std::to_string(what.number);
}

namespace {

std::set<message_number> numbers_of(const message_batch& batch) {
  std::set<message_number> result;
  for (const auto& x : batch.messages)
    result.insert(parse_message(x.data.text()));
  return result;
}

} // namespace

// -- where messages go ----------------------------------------------------------------------------

void traffic::read(const message_batch& batch) {
  for (auto x : numbers_of(batch)) {
    accepted_.insert(x);
    if (answers_.count(x) == 0)
      ++read_[x.connection];
  }
}

void traffic::begun(message_number which) {
  if (answers_.count(which) == 0)
    ++handed_out_[which.connection];
  begun_.insert(which);
}

void traffic::lent(const message_batch& unread) {
  lent_.merge(numbers_of(unread));
}

void traffic::given_back(const message_batch& unread, resumption answer) {
  auto numbers = numbers_of(unread);
  for (auto x : numbers)
    lent_.erase(x);
  returning_.push_back({std::move(numbers), std::move(answer)});
}

// -- what is known --------------------------------------------------------------------------------

bool traffic::is_lent(message_number which) const {
  return lent_.count(which) > 0;
}

std::string traffic::missing(std::size_t connection, std::size_t sent, bool all,
                             bool only_read) const {
  if (connection < excused_)
    return {};
  std::string result;
  for (std::size_t i = 0; i < sent; ++i) {
    message_number which{connection, i};
    auto excused =
      (!all && answers_.count(which) > 0) || (only_read && accepted_.count(which) == 0);
    // Whoever tried to give it back in vain has it.
    auto kept = std::any_of(returning_.begin(), returning_.end(), [&](const attempt& x) {
      return x.what.count(which) > 0 && !x.answer->succeeded();
    });
    if (!excused && !kept && begun_.count(which) + taken_.count(which) + lent_.count(which) == 0)
      result += (result.empty() ? "" : ", ") + to_string(which);
  }
  return result;
}

std::size_t traffic::held(std::size_t connection) const {
  auto count = [connection](const auto& in) {
    auto found = in.find(connection);
    return found == in.end() ? std::size_t{0} : found->second;
  };
  auto all = count(read_);
  return all - std::min(all, count(handed_out_));
}

} // namespace wsengine::simulation
