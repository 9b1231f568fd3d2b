// message_log.hpp: who sent what to whom, as text.

#pragma once

#include "wsengine/compat.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace wsengine::testing {

/// One message.
struct logged_message {
  /// Since the start of the test.
  timespan at{0};
  /// Who: the actor's name without "wsengine.", and a number from the second of that name on.
  std::string from;
  std::string to;
  /// The message with its content, cut to a line.
  std::string what;
};

/// Returns the time, then who sent what to whom, as in `1.500 s  engine -> client: on_open()`.
std::string to_string(const logged_message& message);

/// Returns seconds with milliseconds, as in `1.500 s`.
std::string print_time(timespan at);

/// Keeps the messages that actors get. It holds no actor.
class message_log {
public:
  /// Keeps that many messages: older ones are forgotten.
  explicit message_log(std::size_t limit = 10000) : limit_(limit) {}

  /// Notes what an actor is about to take in.
  void add(timespan at, const caf::abstract_actor& to, const caf::mailbox_element& what);

  /// All messages that are kept.
  [[nodiscard]] const std::deque<logged_message>& messages() const noexcept { return messages_; }

  /// The newest messages as text, at most that many.
  [[nodiscard]] std::vector<std::string> tail(std::size_t count) const;

private:
  std::string name_of(const caf::abstract_actor* who);

  std::size_t limit_;
  std::deque<logged_message> messages_;
  std::map<caf::actor_id, std::string> names_;
  std::map<std::string, std::size_t> counts_;
};

} // namespace wsengine::testing
