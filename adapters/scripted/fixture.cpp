// fixture.cpp: see wsengine/testing/fixture.hpp.

#include "wsengine/testing/fixture.hpp"

#include "callback_in.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/local_actor.hpp>
#include <caf/mailbox_element.hpp>

#include <string_view>
#include <utility>

namespace wsengine::testing {

namespace {

// Enough to see what led to a failure, little enough to be read.
constexpr std::size_t messages_of_a_story = 60;

bool is_recorder(const caf::abstract_actor& who) {
  const auto* local = dynamic_cast<const caf::local_actor*>(&who);
  return local != nullptr && local->name() == std::string_view{"wsengine.recording_client"};
}

} // namespace

fixture::fixture(std::unique_ptr<caf::actor_system_config> config)
  : fixture_parts(std::move(config)),
    world(scripted_server{network.make_stage(), [this] { settle(); }}) {
  began = clock_time();
  time.observe(
    [this](const caf::abstract_actor& to, const caf::mailbox_element& what) { took(to, what); });
}

fixture::~fixture() {
  end();
  time.observe(nullptr);
  time.run_all();
}

scripted_server& fixture::server_at(const std::string& url) {
  auto found = servers_.find(url);
  if (found == servers_.end())
    found =
      servers_.emplace(url, scripted_server{network.make_stage(url), [this] { settle(); }}).first;
  return found->second;
}

// -- time -----------------------------------------------------------------------------------------

void fixture::settle() {
  if (!time.run_all())
    check(false, "actors that come to rest", "they send each other messages without end");
}

void fixture::advance(timespan delay) {
  if (!time.pass(delay))
    check(false, "actors that come to rest", "they send each other messages without end");
}

bool fixture::eventually(const std::function<bool()>& condition) {
  settle();
  return condition();
}

// -- the story ------------------------------------------------------------------------------------

void fixture::took(const caf::abstract_actor& to, const caf::mailbox_element& what) {
  log_.add(now(), to, what);
  // What stands for a client at its engine calls the client with the same.
  if (is_recorder(to))
    return;
  auto args = callback_in(what.content());
  auto is_batch = what.content().match_elements<on_messages>();
  // A client may hand a request on to another actor: that is the same callback.
  if ((!args && !is_batch)
      || (what.sender && !delivered_.emplace(what.sender->id(), what.mid.integer_value()).second))
    return;
  if (args)
    return note(clock_time(), std::move(*args));
  const auto& batch = what.content().get_as<on_messages>(0);
  for (const auto& x : batch.batch.messages)
    note(clock_time(), on_message{batch.id, x.kind, x.data, x.last});
}

std::string fixture::story() const {
  auto result = world::story() + "messages (at " + print_time(now()) + "):\n";
  for (const auto& x : log_.tail(messages_of_a_story))
    result += "  " + x + "\n";
  return result;
}

} // namespace wsengine::testing
