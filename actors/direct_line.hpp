// direct_line.hpp: requests to an actor on the same thread that waits for them.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/hosted.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/behavior.hpp>
#include <caf/message_id.hpp>
#include <caf/message_priority.hpp>

#include <cstddef>
#include <utility>

namespace wsengine::internal {

/// Makes requests of one type to one actor, and one after the other. When that one lives on the
/// same I/O thread and has nothing else to do, it takes the request at once, and an answer without
/// content needs no message: a quarter of what two messages cost.
template <class T>
class direct_line {
public:
  /// For requests by an actor on `home`; null when that is on no I/O thread.
  direct_line(caf::strong_actor_ptr to, io_unit* home)
    : to_(std::move(to)),
      resident_(resident_of(home, caf::actor_cast<caf::abstract_actor*>(to_))) {}

  /// Makes a request in the name of `self`. Returns true when it is answered already; otherwise
  /// `answered` will take the answer.
  template <class Self>
  bool ask(Self& self, T what, const caf::behavior& answered) {
    auto id = self.new_request_id(caf::message_priority::normal);
    auto& request = carrier_.load(self.ctrl(), id, std::move(what));
    auto how = resident_ ? resident_->take(request) : compat::hand_over::refused;
    if (how == compat::hand_over::answered && may_go_on())
      return true;
    self.add_multiplexed_response_handler(id.response_id(), answered);
    if (how == compat::hand_over::answered)
      self.answer_later(to_, id);
    else if (how == compat::hand_over::refused)
      caf::actor_cast<caf::abstract_actor*>(to_)->enqueue(std::move(request), self.context());
    rest();
    return false;
  }

  /// Lets go of what was asked last.
  void rest() noexcept { carrier_.clear(); }

  /// Lets go of the actor. For no more requests.
  void close() {
    resident_ = nullptr;
    to_ = nullptr;
    rest();
  }

private:
  // How many requests may follow each other before the sockets are looked at.
  static constexpr std::size_t most_in_a_row = 64;

  // What an answer has set in motion comes before the next request, as it always does.
  bool may_go_on() {
    if (++in_a_row_ < most_in_a_row && !resident_->home()->others_wait())
      return true;
    in_a_row_ = 0;
    return false;
  }

  caf::strong_actor_ptr to_;
  // Null when it is somewhere else.
  io_resident* resident_;
  compat::request_carrier<T> carrier_;
  std::size_t in_a_row_ = 0;
};

} // namespace wsengine::internal
