// message_parts.hpp: messages that are written in parts: what is sound, and who has to wait.

#pragma once

#include "utf8_parts.hpp"

#include "wsengine/close.hpp"
#include "wsengine/error.hpp"
#include "wsengine/message.hpp"

#include <caf/actor_addr.hpp>
#include <caf/error.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace wsengine::io {

/// Follows the messages that are written on one connection, whole ones and parts
/// (`data_message::last`). From the first part of a message to its last, nothing else may be sent
/// (RFC 6455, section 5.4): what others write has to wait.
class message_parts {
public:
  /// Whether a message lacks its end.
  [[nodiscard]] bool open() const noexcept { return open_ != nullptr; }

  /// Who has to write that; null for a writer without a name.
  [[nodiscard]] const caf::actor_addr& writer() const noexcept { return open_->writer; }

  /// Whether what `who` writes has to wait until the message that is open has its end.
  [[nodiscard]] bool must_wait(const caf::actor_addr& who) const noexcept {
    return open_ && open_->writer != who;
  }

  /// Says why the messages of a request can never be sent; no error when they can. `max_size`: the
  /// most bytes of a message. To be asked when the request need not wait.
  [[nodiscard]] caf::error why_not(std::span<const data_message> messages,
                                   std::uint64_t max_size) const {
    if (whole(messages))
      return why_not_whole(messages, max_size);
    auto next = open_ ? std::make_unique<message>(*open_) : nullptr;
    for (const auto& x : messages)
      if (auto fault = follow(next, x, max_size))
        return fault;
    return caf::none;
  }

  /// Notes that the messages were queued; they are sound.
  void queued(std::span<const data_message> messages, const caf::actor_addr& who,
              std::uint64_t max_size) {
    if (whole(messages))
      return;
    for (const auto& x : messages)
      static_cast<void>(follow(open_, x, max_size));
    if (open_)
      open_->writer = who;
  }

private:
  // A message that lacks its end.
  struct message {
    message_kind kind = message_kind::text;
    std::uint64_t size = 0;
    utf8_parts text;
    caf::actor_addr writer;
  };

  // Whether all is as nearly always: nothing to remember.
  [[nodiscard]] bool whole(std::span<const data_message> messages) const noexcept {
    return !open_ && std::all_of(messages.begin(), messages.end(), [](auto& x) { return x.last; });
  }

  static caf::error too_big(std::uint64_t size, std::uint64_t max_size) {
    return make_error(connection_errc::message_too_big,
                      std::to_string(size) + " bytes, the limit is " + std::to_string(max_size));
  }

  static caf::error no_utf8() {
    return make_error(connection_errc::invalid_message, "the text is not UTF-8");
  }

  static caf::error why_not_whole(std::span<const data_message> messages, std::uint64_t max_size) {
    for (const auto& x : messages) {
      if (x.data.size() > max_size)
        return too_big(x.data.size(), max_size);
      if (x.kind == message_kind::text && !is_utf8(x.data.text()))
        return no_utf8();
    }
    return caf::none;
  }

  static caf::error follow(std::unique_ptr<message>& to, const data_message& part,
                           std::uint64_t max_size) {
    if (!to)
      to = std::make_unique<message>(message{part.kind, 0, {}, {}});
    if (part.kind != to->kind)
      return make_error(connection_errc::invalid_message, "the part is " + to_string(part.kind)
                                                            + ", its message began as "
                                                            + to_string(to->kind));
    to->size += part.data.size();
    if (to->size > max_size)
      return too_big(to->size, max_size);
    if (part.kind == message_kind::text && !to->text.take(part.data.text(), part.last))
      return no_utf8();
    if (part.last)
      to = nullptr;
    return caf::none;
  }

  std::unique_ptr<message> open_;
};

} // namespace wsengine::io
