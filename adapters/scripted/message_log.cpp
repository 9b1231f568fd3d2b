// message_log.cpp: see wsengine/testing/message_log.hpp.

#include "wsengine/testing/message_log.hpp"

#include "callback_in.hpp"
#include "print.hpp"

#include "wsengine/client_actor.hpp"
#include "wsengine/connection_actor.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/error.hpp"
#include "wsengine/testing/client_mock.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

namespace wsengine::testing {

// -- text -----------------------------------------------------------------------------------------

std::string print_time(timespan at) {
  char buffer[32];
  auto seconds = std::chrono::duration<double>{at}.count();
  std::snprintf(buffer, sizeof(buffer), "%.3f s", seconds);
  return buffer;
}

std::string to_string(const logged_message& message) {
  auto time = print_time(message.at);
  time.insert(0, time.size() < 10 ? 10 - time.size() : 0, ' ');
  return time + "  " + message.from + " -> " + message.to + ": " + message.what;
}

namespace {

constexpr std::size_t longest_message = 120;

std::string print_each(const message_batch& batch) {
  std::string result;
  for (const auto& x : batch.messages)
    result += (result.empty() ? "" : "; ") + print(x.kind, x.data);
  return result;
}

bool print_exit(const compat::content& what, std::string& result) {
  if (what.match_elements<caf::exit_msg>())
    result = "exit message: " + describe(what.get_as<caf::exit_msg>(0).reason);
  else if (what.match_elements<caf::down_msg>())
    result = "down message: " + describe(what.get_as<caf::down_msg>(0).reason);
  else
    return false;
  return true;
}

bool print_session_message(const compat::content& what, std::string& result) {
  if (what.match_elements<dial_msg>())
    result = "dial_msg(" + what.get_as<dial_msg>(0).request.url + ")";
  else if (what.match_elements<handshake_response>())
    result =
      "handshake_response(" + std::to_string(what.get_as<handshake_response>(0).status) + ")";
  else if (what.match_elements<write_msg>())
    result =
      "write_msg(" + print(what.get_as<write_msg>(0).kind, what.get_as<write_msg>(0).data) + ")";
  else if (what.match_elements<message_batch>())
    result = "message_batch(" + print_each(what.get_as<message_batch>(0)) + ")";
  else if (what.match_elements<close_msg>())
    result = "close_msg(" + print(what.get_as<close_msg>(0).details) + ")";
  else if (what.match_elements<close_details>())
    result = "close_details(" + print(what.get_as<close_details>(0)) + ")";
  else if (what.match_elements<session>())
    result = "session(" + to_string(what.get_as<session>(0).id) + ")";
  else if (what.match_elements<caf::error>())
    result = "error: " + describe(what.get_as<caf::error>(0));
  else
    return false;
  return true;
}

// A type of which nothing is known but what it prints as, or its name.
std::string print_any(const compat::content& what) {
  if (what.empty())
    return "done";
  std::string result;
  for (std::size_t i = 0; i < what.size(); ++i) {
    auto text = compat::text_at(what, i);
    if (text.starts_with("<"))
      text = compat::type_name_at(what, i);
    result += (i == 0 ? "" : ", ") + text;
  }
  return result;
}

std::string print_content(const compat::content& what) {
  // The callbacks print as they do in records.
  if (auto args = callback_in(what))
    return to_string(recorded_call{timespan{0}, std::move(*args), false});
  std::string result;
  if (print_exit(what, result) || print_session_message(what, result))
    return result;
  return print_any(what);
}

} // namespace

// -- the log --------------------------------------------------------------------------------------

void message_log::add(timespan at, const caf::abstract_actor& to,
                      const caf::mailbox_element& what) {
  auto text = print_content(what.content());
  if (what.mid.is_response())
    text.insert(0, "answers ");
  if (text.size() > longest_message)
    text = text.substr(0, longest_message) + "...";
  auto from = name_of(what.sender ? what.sender->get() : nullptr);
  messages_.push_back({at, std::move(from), name_of(&to), std::move(text)});
  if (messages_.size() > limit_)
    messages_.pop_front();
}

std::string message_log::name_of(const caf::abstract_actor* who) {
  const auto* given = who ? compat::name_of(*who) : nullptr;
  if (given == nullptr)
    return "somebody";
  auto [known, is_new] = names_.try_emplace(who->id());
  if (!is_new)
    return known->second;
  std::string name = given;
  if (name.starts_with("wsengine."))
    name.erase(0, std::string_view{"wsengine."}.size());
  else if (name == "scoped_actor")
    name = "test";
  else if (name == "scheduled_actor" || name == "user.scheduled-actor")
    name = "actor";
  for (std::string_view prefix : {"scripted_", "mock_"})
    if (name.starts_with(prefix))
      name.erase(0, prefix.size());
  if (auto number = ++counts_[name]; number > 1)
    name += ' ' + std::to_string(number);
  return known->second = name;
}

std::vector<std::string> message_log::tail(std::size_t count) const {
  std::vector<std::string> result;
  auto first = messages_.size() - std::min(count, messages_.size());
  for (auto i = first; i < messages_.size(); ++i)
    result.push_back(to_string(messages_[i]));
  return result;
}

} // namespace wsengine::testing
