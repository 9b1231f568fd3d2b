// restore_list.hpp: the rules of what every session begins with: what has to be sent in the session
// that runs, and in which order.
//
// Pure: knows no actors.

#pragma once

#include "wsengine/message.hpp"
#include "wsengine/options.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wsengine::rules {

/// The set-up messages of an engine, by name, in order. In a session each is sent once, and again
/// when it is replaced; one message is on its way at a time.
class restore_list {
public:
  /// A message for the session.
  struct dispatch {
    std::uint64_t id = 0;
    /// The name of the set-up message; that of the one removed, for a farewell.
    std::string name;
    data_message message;
  };

  explicit restore_list(std::vector<setup_message> first);

  // -- the registry -------------------------------------------------------------------------------

  /// Adds a message behind the others, or replaces the one of that name in its place.
  void put(setup_message what);

  /// Removes a message, and in a session in which it was sent lets the farewell follow, if there is
  /// one. Returns false when there is none of that name.
  bool remove(const std::string& name, std::optional<data_message> farewell);

  [[nodiscard]] const std::vector<setup_message>& all() const noexcept { return all_; }

  // -- sessions -----------------------------------------------------------------------------------

  /// A new session: everything has to be sent, in order.
  void session_opened();

  /// No session: nothing has to be sent.
  void session_ended();

  /// The message to send now; nothing when none is left, or one is on its way.
  [[nodiscard]] std::optional<dispatch> next();

  /// The message that was on its way was written.
  void written(std::uint64_t id);

  /// The message that was on its way was not written, but may be if it is tried again.
  void not_now(std::uint64_t id);

  /// Whether all is sent that has to be.
  [[nodiscard]] bool done() const noexcept { return due_.empty(); }

private:
  using item = std::pair<std::string, data_message>;

  std::vector<setup_message> all_;
  // What has to be sent, what is on its way included, in this order.
  std::map<std::uint64_t, item> due_;
  // Where those of the registry that have to be sent are in there.
  std::map<std::string, std::uint64_t> due_at_;
  std::uint64_t last_ = 0;
  // What is on its way; zero for nothing.
  std::uint64_t on_its_way_ = 0;
  bool active_ = false;
};

} // namespace wsengine::rules
