// dispatch.hpp: the rule which message goes to which handler next.

#pragma once

#include "rules/credit.hpp"

#include "wsengine/message.hpp"
#include "wsengine/spawn_engine.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <vector>

namespace wsengine::rules {

/// Holds the messages that were read and not yet handed out.
///
/// With one handler everything goes to it in order. With more, each gets one message at a time, and
/// messages of equal key never run side by side.
class dispatch {
public:
  using key_function = decltype(engine_hooks::message_key);

  dispatch(std::size_t handlers, key_function key);

  /// Adds messages behind those that wait. Returns how much they are.
  load push_back(std::vector<data_message> messages);

  /// Gives back messages that were handed out and not delivered; they come first again.
  void push_front(std::vector<data_message> messages);

  /// The work for the idle handler `index`, at most `max` messages; empty when there is nothing
  /// that may be delivered now.
  std::vector<data_message> next(std::size_t index, std::size_t max);

  /// Handler `index` is done with its work.
  void done(std::size_t index);

  /// Takes away all messages that wait, in order.
  std::vector<data_message> take_all();

  /// The number of messages that wait.
  [[nodiscard]] std::size_t size() const noexcept { return ordered_.size() + waiting_.size(); }

  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// How much waits.
  [[nodiscard]] const load& held() const noexcept { return held_; }

private:
  struct entry {
    data_message message;
    std::string key;
  };

  [[nodiscard]] bool keeps_order() const noexcept { return running_keys_.size() == 1; }
  entry make_entry(data_message message) const;

  std::vector<data_message> take_ordered(std::size_t max);

  [[nodiscard]] bool runs(const std::string& key) const;

  key_function key_;
  // What waits: for one handler as it came, all of it the next piece of work; else message by
  // message.
  std::vector<data_message> ordered_;
  std::list<entry> waiting_;
  load held_;
  // What each handler works on; empty for no key.
  std::vector<std::string> running_keys_;
};

} // namespace wsengine::rules
