// feed.hpp: whoever gets messages without a demand for each batch.

#pragma once

#include "wsengine/message.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/message_id.hpp>

#include <utility>

namespace wsengine::io {

/// Sends plain messages to the receiver of a session's messages. Does not keep the connection,
/// which nobody may hold any more.
class feed {
public:
  feed() = default;

  /// `from` is the connection, which runs on `unit`.
  feed(compat::execution_unit& unit, caf::weak_actor_ptr from, caf::strong_actor_ptr to)
    : unit_(&unit),
      from_(std::move(from)),
      to_(std::move(to)) {}

  explicit operator bool() const noexcept { return to_ != nullptr; }

  friend bool operator==(const feed& lhs, const feed& rhs) noexcept { return lhs.to_ == rhs.to_; }

  void send(message_batch batch) { put(std::move(batch)); }

  /// Says that nothing more comes, and why.
  void end(caf::error reason) { put(std::move(reason)); }

private:
  template <class T>
  void put(T what) {
    if (auto from = from_.lock())
      compat::enqueue(to_, std::move(from), caf::make_message(std::move(what)), unit_);
  }

  compat::execution_unit* unit_ = nullptr;
  caf::weak_actor_ptr from_;
  caf::strong_actor_ptr to_;
};

} // namespace wsengine::io
