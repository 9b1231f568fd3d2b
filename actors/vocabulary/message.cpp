// message.cpp: see message.hpp.

#include "wsengine/message.hpp"

#include <caf/make_counted.hpp>

#include <utility>

namespace wsengine {

// -- kind -----------------------------------------------------------------------------------------

std::string to_string(message_kind kind) {
  switch (kind) {
    case message_kind::text: return "text";
    case message_kind::binary: return "binary";
  }
  return "opcode " + std::to_string(static_cast<unsigned>(kind));
}

// -- payload --------------------------------------------------------------------------------------

payload_storage::~payload_storage() = default;

namespace {

/// A payload that owns its characters.
class string_storage final : public payload_storage {
public:
  explicit string_storage(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return std::as_bytes(std::span{text_});
  }

private:
  const std::string text_;
};

} // namespace

payload::payload(std::string text) {
  if (text.empty())
    return;
  auto storage = caf::make_counted<const string_storage>(std::move(text));
  auto bytes = storage->bytes();
  *this = payload{std::move(storage), bytes};
}

payload::payload(std::string_view text) : payload(std::string{text}) {}

payload::payload(const char* text) : payload(std::string{text}) {}

payload::payload(std::span<const std::byte> bytes)
  : payload(std::string{reinterpret_cast<const char*>(bytes.data()), bytes.size()}) {}

payload::payload(caf::intrusive_ptr<const payload_storage> storage,
                 std::span<const std::byte> bytes)
  : storage_(std::move(storage)),
    data_(bytes.data()),
    size_(bytes.size()) {}

namespace {

// How much of a payload logs show.
constexpr std::size_t most_shown = 64;

void append_escaped(std::string& to, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '\n': to += "\\n"; return;
    case '\r': to += "\\r"; return;
    case '\t': to += "\\t"; return;
    case '"':
    case '\\': to += '\\'; break;
    default: break;
  }
  if (byte >= 0x20 && byte < 0x7f)
    to += c;
  else
    to.append("\\x").append({digits[byte >> 4U], digits[byte & 15U]});
}

} // namespace

std::string to_string(const payload& value) {
  std::string result = "\"";
  for (auto c : value.text().substr(0, most_shown))
    append_escaped(result, c);
  result += '"';
  if (value.size() > most_shown)
    result += "... (" + std::to_string(value.size()) + " bytes)";
  return result;
}

// -- messages -------------------------------------------------------------------------------------

payload payload::first(std::size_t n) const {
  return {storage_, bytes().first(std::min(n, size_))};
}

payload payload::without_first(std::size_t n) const {
  return {storage_, bytes().subspan(std::min(n, size_))};
}

data_message text(std::string content) {
  return {message_kind::text, std::move(content)};
}

data_message binary(std::string content) {
  return {message_kind::binary, std::move(content)};
}

} // namespace wsengine
