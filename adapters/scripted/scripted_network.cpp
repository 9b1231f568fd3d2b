// scripted_network.cpp: see wsengine/testing/scripted_connection.hpp.

#include "network_state.hpp"
#include "scripted_connection_actor.hpp"
#include "scripted_stage.hpp"

#include "wsengine/testing/scripted_connection.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <stdexcept>

namespace wsengine::testing {

// -- records --------------------------------------------------------------------------------------

std::string to_string(scripted_event what) {
  switch (what) {
    case scripted_event::dial: return "dial";
    case scripted_event::open: return "open";
    case scripted_event::dial_failed: return "dial_failed";
    case scripted_event::demand: return "demand";
    case scripted_event::withdraw: return "withdraw";
    case scripted_event::write: return "write";
    case scripted_event::ping: return "ping";
    case scripted_event::close: return "close";
    case scripted_event::over: return "over";
    case scripted_event::exit: return "exit";
  }
  return "scripted_event(" + std::to_string(static_cast<unsigned>(what)) + ")";
}

std::string to_string(const scripted_entry& entry) {
  return to_string(entry.what) + "(" + entry.detail + ")";
}

std::string to_string(scripted_state state) {
  switch (state) {
    case scripted_state::idle: return "idle";
    case scripted_state::dialing: return "dialing";
    case scripted_state::open: return "open";
    case scripted_state::closing: return "closing";
    case scripted_state::over: return "over";
  }
  return "scripted_state(" + std::to_string(static_cast<unsigned>(state)) + ")";
}

std::vector<std::string> scripted_record::lines() const {
  std::vector<std::string> result;
  for (const auto& x : entries)
    if (x.what != scripted_event::demand && x.what != scripted_event::withdraw)
      result.push_back(to_string(x));
  return result;
}

std::size_t scripted_record::count(scripted_event what) const noexcept {
  return static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(),
                                                [what](const auto& x) { return x.what == what; }));
}

optional<timespan> scripted_record::when(scripted_event what) const noexcept {
  auto found =
    std::find_if(entries.begin(), entries.end(), [what](const auto& x) { return x.what == what; });
  if (found == entries.end())
    return nothing;
  return found->at;
}

// -- network --------------------------------------------------------------------------------------

scripted_network::scripted_network(script fallback)
  : state_(std::make_shared<network_state>(std::move(fallback))) {}

scripted_network::~scripted_network() {
  for (const auto& x : state_->all_actors())
    if (auto actor = caf::actor_cast<caf::actor>(x))
      caf::anon_send_exit(actor, caf::exit_reason::kill);
}

scripted_network& scripted_network::add(script what) {
  state_->add({}, std::move(what));
  return *this;
}

void scripted_network::fallback(script what) {
  state_->set_fallback({}, std::move(what));
}

connector scripted_network::make_connector(io_unit* unit) const {
  return {unit, [state = state_, unit](caf::local_actor& engine) -> connection_actor {
            auto index = state->begin();
            auto actor = spawn_hosted<scripted_connection_actor>(engine.system(), unit, state,
                                                                 index, observation_of(engine));
            state->set_actor(index, actor.address());
            return actor;
          }};
}

std::shared_ptr<stage> scripted_network::make_stage(const std::string& url) {
  if (!url.empty())
    state_->set_fallback(url, script{}.accept());
  return std::make_shared<scripted_stage>(state_, url);
}

void scripted_network::play(std::size_t index, script what) const {
  if (auto actor = caf::actor_cast<caf::actor>(state_->actor(index)))
    caf::anon_send(actor, play_msg{std::move(what)});
}

std::size_t scripted_network::size() const {
  return state_->all_actors().size();
}

scripted_record scripted_network::record(std::size_t index) const {
  return state_->record(index);
}

std::size_t scripted_network::last() const {
  auto result = size();
  if (result == 0)
    throw std::out_of_range{"no connection was spawned"};
  return result - 1;
}

std::size_t scripted_network::opened() const {
  return state_->count([](const scripted_record& x) { return x.was_open; });
}

std::size_t scripted_network::alive() const {
  return state_->count([](const scripted_record& x) {
    return x.state != scripted_state::idle && x.state != scripted_state::over;
  });
}

std::size_t scripted_network::actors() const {
  return state_->count([](const scripted_record& x) { return !x.exited; });
}

std::vector<timespan> scripted_network::dial_times() const {
  std::vector<timespan> result;
  for (const auto& x : state_->records())
    if (auto at = x.when(scripted_event::dial))
      result.push_back(*at);
  return result;
}

} // namespace wsengine::testing
