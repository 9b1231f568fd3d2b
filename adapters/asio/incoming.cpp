// incoming.cpp: see incoming.hpp.

#include "incoming.hpp"

#include "refusal.hpp"

#include <algorithm>
#include <string_view>

namespace wsengine::io {

namespace {

// What ends the header of a response (RFC 9112, section 2.1).
constexpr std::string_view header_end = "\r\n\r\n";

} // namespace

// -- putting in -----------------------------------------------------------------------------------

void incoming::commit(std::size_t n) {
  if (!in_frames_)
    return wire_.commit(n);
  if (!unpacker_)
    return wire_.commit(frames_.feed(wire_.space().first(n)));
  wire_.commit(n);
  release();
}

void incoming::release() {
  if (unpacker_)
    unpacker_->run(wire_);
  wire_.release();
}

// -- taking out -----------------------------------------------------------------------------------

std::span<const std::byte> incoming::take(std::size_t max) {
  auto bytes = source().bytes();
  auto result = bytes.first(std::min(max, bytes.size()));
  if (!in_frames_)
    result = up_to_frames(result);
  auto& from = unpacker_ ? unpacker_->frames() : wire_;
  from.consume(result.size());
  return result;
}

// What there is of the response, unless that has become too large.
std::span<const std::byte> incoming::up_to_frames(std::span<const std::byte> bytes) {
  auto in_header = end_matched_ < header_end.size();
  auto result = bytes.first(up_to_header_end(bytes));
  if (in_header && result.size() > header_left_) {
    frames_.fail(read_fault::header_too_large);
    return {};
  }
  if (in_header)
    header_left_ -= result.size();
  remember(result);
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

// -- frames ---------------------------------------------------------------------------------------

void incoming::begin_frames(const std::optional<deflate_agreement>& agreed) {
  in_frames_ = true;
  response_.reset();
  if (agreed) {
    unpacker_ = std::make_unique<unpacker>(pool_, frames_, *agreed);
    return release();
  }
  auto bytes = wire_.bytes();
  wire_.drop_back(bytes.size() - frames_.feed(bytes));
}

void incoming::discard_messages() {
  if (unpacker_)
    unpacker_->discard_messages();
}

} // namespace wsengine::io
