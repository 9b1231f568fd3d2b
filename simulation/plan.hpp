// plan.hpp: what a simulation does: its setup and its steps, all drawn from one seed.

#pragma once

#include "wsengine/options.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wsengine::simulation {

/// What a step does. A step that does not fit the moment does nothing.
enum class act : std::uint8_t {
  // -- scheduling and time --
  /// Any runnable actor takes in one message.
  run,
  /// All actors run until nothing is left to do.
  settle,
  /// The same, then time passes until the next alarm.
  next_alarm,
  /// A little time passes though actors may have something to do.
  lag,
  /// Much time passes though actors may have something to do.
  clock_jump,
  /// All calls are answered and all actors run: what is open must work.
  quiet,
  // -- users --
  start,
  stop,
  restart,
  exit,
  pause,
  resume,
  kill_holder,
  set_client,
  kill_client,
  /// A node is lost: the client, the holders of leases and the connection die at once.
  lose_node,
  /// Somebody writes to the connection.
  write,
  /// Somebody sends through the engine.
  send,
  /// Somebody asks the server.
  request,
  wait_stopped,
  end_engine,
  kill_engine,
  // -- the client --
  /// A callback that was held is answered.
  release,
  // -- the network --
  plan_next,
  answer_dial,
  peer_sends,
  /// The peer answers a request.
  peer_answers,
  peer_closes,
  peer_drops,
  connection_dies,
  read_fails,
  stop_taking,
  take_again,
  change_close,
};

/// Returns the name of the value.
std::string to_string(act what);

/// One step. What it draws is drawn from `seed`, so that it stays the same when others are taken
/// away.
struct step {
  act what = act::run;
  std::uint64_t seed = 0;

  friend bool operator==(const step&, const step&) = default;
};

/// What the first client is.
enum class client_kind : std::uint8_t { actor, batch_actor, object };

/// Everything that stays the same during a run.
struct setup {
  engine_options options;
  client_kind client = client_kind::actor;
  /// In how many of 8 cases the provider fails; 0: there is none.
  std::uint64_t provider_fails = 0;
  /// Whether users ask the server.
  bool asks = false;
  /// Whether messages have keys; only with more than one handler.
  bool keyed = false;
  /// In how many of 100 cases a callback is not just answered.
  std::uint64_t temper = 0;
};

/// Returns the setup as text.
std::string to_string(const setup& what);

/// A whole run.
struct plan {
  std::uint64_t seed = 0;
  setup conditions;
  std::vector<step> steps;
};

/// Draws a plan.
plan make_plan(std::uint64_t seed, std::size_t steps);

} // namespace wsengine::simulation
