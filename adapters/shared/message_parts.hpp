// message_parts.hpp: messages that are written in parts: what is sound, and who has to wait.

#pragma once

#include "utf8_parts.hpp"

#include "wsengine/close.hpp"
#include "wsengine/error.hpp"
#include "wsengine/message.hpp"

#include <caf/actor_addr.hpp>
#include <caf/error.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace wsengine::io {

/// Follows the messages that are written on one connection, whole ones and parts
/// (`data_message::last`). From the first part of a message to its last, nothing else may be sent
/// (RFC 6455, section 5.4): what others write has to wait.
class message_parts {
  // A message that lacks its end.
  struct message {
    message_kind kind = message_kind::text;
    std::uint64_t size = 0;
    utf8_parts text;
    caf::actor_addr writer;
  };

public:
  /// Looks at the messages of one request, which are accepted together or not at all.
  class trial {
  public:
    /// `max_size`: the most bytes of a message.
    trial(const message_parts& parts, std::uint64_t max_size)
      : max_size_(max_size),
        open_(parts.open_ ? std::make_unique<message>(*parts.open_) : nullptr) {}

    /// Says why the next message can never be sent; no error when it can.
    caf::error take(const data_message& next) {
      if (!open_ && next.last)
        return why_not_whole(next);
      has_parts_ = true;
      if (!open_)
        open_ = std::make_unique<message>(message{next.kind, 0, {}, {}});
      if (auto fault = why_no_part(next))
        return fault;
      if (next.last)
        open_ = nullptr;
      return caf::none;
    }

    /// Whether there were parts among the messages.
    [[nodiscard]] bool has_parts() const noexcept { return has_parts_; }

  private:
    friend class message_parts;

    caf::error why_not_whole(const data_message& next) const {
      if (next.data.size() > max_size_)
        return too_big(next.data.size());
      return next.kind == message_kind::text && !is_utf8(next.data.text()) ? no_utf8()
                                                                           : caf::error{};
    }

    caf::error why_no_part(const data_message& next) {
      if (next.kind != open_->kind)
        return make_error(connection_errc::invalid_message, "the part is " + to_string(next.kind)
                                                              + ", its message began as "
                                                              + to_string(open_->kind));
      open_->size += next.data.size();
      if (open_->size > max_size_)
        return too_big(open_->size);
      return next.kind == message_kind::text && !open_->text.take(next.data.text(), next.last)
               ? no_utf8()
               : caf::error{};
    }

    caf::error too_big(std::uint64_t size) const {
      return make_error(connection_errc::message_too_big,
                        std::to_string(size) + " bytes, the limit is " + std::to_string(max_size_));
    }

    static caf::error no_utf8() {
      return make_error(connection_errc::invalid_message, "the text is not UTF-8");
    }

    std::uint64_t max_size_;
    std::unique_ptr<message> open_;
    bool has_parts_ = false;
  };

  /// Notes that the messages of a trial, which were all sound, were queued for `who`; that is null
  /// for a writer without a name.
  void queued(trial&& what, const caf::actor_addr& who) {
    open_ = std::move(what.open_);
    if (open_)
      open_->writer = who;
  }

  /// Whether a message lacks its end.
  [[nodiscard]] bool open() const noexcept { return open_ != nullptr; }

  /// Whether what `who` writes has to wait until the message that is open has its end.
  [[nodiscard]] bool must_wait(const caf::actor_addr& who) const noexcept {
    return open_ && open_->writer != who;
  }

  /// Whether only `who` can write the end of the message that is open.
  [[nodiscard]] bool needs(const caf::actor_addr& who) const noexcept {
    return open_ && open_->writer == who;
  }

private:
  std::unique_ptr<message> open_;
};

} // namespace wsengine::io
