// message.hpp: the data messages of a WebSocket session: kind, payload, one message, a batch.

#pragma once

#include "wsengine/compat.hpp"

#include <caf/intrusive_ptr.hpp>
#include <caf/ref_counted.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wsengine {

// -- kind -----------------------------------------------------------------------------------------

/// The kind of a data message; the values are the opcodes of RFC 6455, section 5.2.
enum class message_kind : std::uint8_t {
  /// UTF-8 text. The adapter has validated the encoding (RFC 6455, section 8.1).
  text = 1,
  /// Arbitrary bytes.
  binary = 2,
};

/// Returns "text" or "binary".
std::string to_string(message_kind kind);

// -- payload --------------------------------------------------------------------------------------

/// The memory behind one or more payloads. Adapters derive from it to lend out their own buffers;
/// the destructor gives them back. May be destroyed on any thread.
class payload_storage : public caf::ref_counted {
public:
  ~payload_storage() override;
};

/// The immutable content of a message: a view on shared memory. Copies are cheap (one reference
/// count) and may be used on any thread.
class payload {
public:
  /// An empty payload.
  payload() = default;

  /// Takes over a string.
  payload(std::string text); // NOLINT(google-explicit-constructor): a string is a payload

  /// Copies characters.
  payload(std::string_view text); // NOLINT(google-explicit-constructor): see above

  /// Copies a zero-terminated string.
  payload(const char* text); // NOLINT(google-explicit-constructor): see above

  /// Copies bytes.
  explicit payload(std::span<const std::byte> bytes);

  /// Views `bytes`, which must stay valid and unchanged as long as `storage` lives.
  payload(caf::intrusive_ptr<const payload_storage> storage, std::span<const std::byte> bytes);

  /// The number of bytes.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] const std::byte* data() const noexcept { return data_; }

  /// The first `n` bytes, or all when there are fewer; shares the memory.
  [[nodiscard]] payload first(std::size_t n) const;

  /// All but the first `n` bytes; shares the memory.
  [[nodiscard]] payload without_first(std::size_t n) const;

  /// The content as bytes, valid as long as any copy of this payload lives.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }

  /// The content as characters, valid as long as any copy of this payload lives.
  [[nodiscard]] std::string_view text() const noexcept {
    return {reinterpret_cast<const char*>(data_), size_};
  }

  friend bool operator==(const payload& lhs, const payload& rhs) noexcept {
    return lhs.text() == rhs.text();
  }

private:
  caf::intrusive_ptr<const payload_storage> storage_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Returns the content in quotes as logs show it: what is not printable ASCII as in C++ (`\n`,
/// `\x00`), and of more than 64 bytes the first ones and how many there are.
std::string to_string(const payload& value);

/// Serialises the bytes.
template <class Inspector>
compat::inspection<Inspector> inspect(Inspector& f, payload& value) {
  return compat::inspect_as(
    f, [&] { return std::string{value.text()}; },
    [&](std::string text) { value = payload{std::move(text)}; });
}

// -- messages -------------------------------------------------------------------------------------

/// One complete data message, never a control or continuation frame; or a part of one, where
/// `connection_options::max_part_size` asks for parts.
struct data_message {
  message_kind kind = message_kind::text;
  payload data;
  /// Whether the message ends with `data`. A part says `false`, and the next part follows; each has
  /// the kind of the message. Text may be cut within a character.
  bool last = true;

  friend bool operator==(const data_message&, const data_message&) = default;
};

WSENGINE_INSPECT(data_message, kind, data, last)

/// Messages in the order in which they came.
struct message_batch {
  std::vector<data_message> messages;

  friend bool operator==(const message_batch&, const message_batch&) = default;
};

WSENGINE_INSPECT(message_batch, messages)

/// Makes a text message. `content` should be UTF-8; an adapter refuses to write anything else.
data_message text(std::string content);

/// Makes a binary message.
data_message binary(std::string content);

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(15, wsengine::payload)
WSENGINE_MESSAGE_TYPE(16, wsengine::data_message)
WSENGINE_MESSAGE_TYPE(17, wsengine::message_batch)
