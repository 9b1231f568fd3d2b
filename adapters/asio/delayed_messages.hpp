// delayed_messages.hpp: the messages that actors of an I/O thread get later.

#pragma once

#include "net.hpp"

#include "wsengine/compat.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/message.hpp>

#include <map>

namespace wsengine::io {

/// Sends messages when their time has come, with one timer for all of them. For use on its thread
/// only.
class delayed_messages {
public:
  explicit delayed_messages(asio::io_context& context) : timer_(context) {}

  /// Sends `what` to `to` after `delay`, unless that is gone by then.
  void add(timespan delay, caf::weak_actor_ptr to, caf::message what);

private:
  struct entry {
    caf::weak_actor_ptr to;
    caf::message what;
  };

  void wait();
  void send_due();

  timer timer_;
  std::multimap<clock::time_point, entry> waiting_;
};

} // namespace wsengine::io
