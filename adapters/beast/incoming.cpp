// incoming.cpp: see incoming.hpp.

#include "incoming.hpp"

#include "refusal.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace wsengine::io {

namespace {

// What ends the header of a response (RFC 9112, section 2.1).
constexpr std::string_view header_end = "\r\n\r\n";

} // namespace

// -- putting in -----------------------------------------------------------------------------------

std::span<std::byte> incoming::pooled_space() {
  if (block_.size == 0)
    block_ = pool_.take();
  make_front();
  return {block_.bytes.get() + last_, block_.size - last_};
}

std::span<std::byte> incoming::own_space(std::size_t size) {
  make_front();
  if (block_.size != size && last_ < size) {
    buffer_block other{std::make_unique_for_overwrite<std::byte[]>(size), size};
    if (last_ > 0)
      std::memcpy(other.bytes.get(), block_.bytes.get(), last_);
    block_ = std::move(other);
  }
  return {block_.bytes.get() + last_, block_.size - last_};
}

void incoming::make_front() noexcept {
  if (first_ == 0)
    return;
  std::memmove(block_.bytes.get(), block_.bytes.get() + first_, last_ - first_);
  last_ -= first_;
  first_ = 0;
}

void incoming::commit(std::size_t n) {
  if (in_frames_)
    frames_.feed({block_.bytes.get() + last_, n});
  last_ += n;
}

void incoming::release() {
  if (empty() && block_.size == buffer_pool::block_size)
    pool_.give(std::exchange(block_, {}));
}

// -- taking out -----------------------------------------------------------------------------------

std::span<const std::byte> incoming::take(std::size_t max) {
  std::span<const std::byte> result{block_.bytes.get() + first_, std::min(max, last_ - first_)};
  if (!in_frames_) {
    result = result.first(up_to_header_end(result));
    remember(result);
  }
  first_ += result.size();
  if (first_ == last_)
    first_ = last_ = 0;
  return result;
}

void incoming::remember(std::span<const std::byte> bytes) {
  if (!response_)
    response_ = std::make_unique<std::string>();
  auto size = std::min(bytes.size(), max_refusal - response_->size());
  response_->append(reinterpret_cast<const char*>(bytes.data()), size);
}

std::size_t incoming::up_to_header_end(std::span<const std::byte> bytes) noexcept {
  for (std::size_t i = 0; i < bytes.size() && end_matched_ < header_end.size(); ++i) {
    auto c = static_cast<char>(bytes[i]);
    if (c == header_end[end_matched_])
      ++end_matched_;
    else
      end_matched_ = c == header_end[0] ? 1 : 0;
    if (end_matched_ == header_end.size())
      return i + 1;
  }
  return bytes.size();
}

void incoming::begin_frames() {
  in_frames_ = true;
  response_.reset();
  frames_.feed({block_.bytes.get() + first_, last_ - first_});
}

} // namespace wsengine::io
