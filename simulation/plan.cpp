// plan.cpp: see plan.hpp.

#include "plan.hpp"

#include "draw.hpp"
#include "traffic.hpp"

#include <array>
#include <chrono>
#include <numeric>
#include <utility>

namespace wsengine::simulation {

using namespace std::chrono_literals;

namespace {

struct weighted {
  act what;
  const char* name;
  std::uint64_t weight;
};

// Most steps run actors: between two things that happen there is time to go wrong.
constexpr std::array acts{
  weighted{act::run, "run", 560},
  weighted{act::settle, "settle", 40},
  weighted{act::next_alarm, "next_alarm", 70},
  weighted{act::lag, "lag", 20},
  weighted{act::clock_jump, "clock_jump", 4},
  weighted{act::quiet, "quiet", 4},
  weighted{act::start, "start", 40},
  weighted{act::stop, "stop", 8},
  weighted{act::restart, "restart", 16},
  weighted{act::exit, "exit", 6},
  weighted{act::pause, "pause", 14},
  weighted{act::resume, "resume", 14},
  weighted{act::kill_holder, "kill_holder", 8},
  weighted{act::set_client, "set_client", 10},
  weighted{act::kill_client, "kill_client", 6},
  weighted{act::lose_node, "lose_node", 3},
  weighted{act::write, "write", 24},
  weighted{act::send, "send", 40},
  weighted{act::request, "request", 24},
  weighted{act::wait_stopped, "wait_stopped", 4},
  weighted{act::end_engine, "end_engine", 3},
  weighted{act::kill_engine, "kill_engine", 2},
  weighted{act::release, "release", 50},
  weighted{act::plan_next, "plan_next", 24},
  weighted{act::answer_dial, "answer_dial", 20},
  weighted{act::peer_sends, "peer_sends", 70},
  weighted{act::peer_answers, "peer_answers", 24},
  weighted{act::peer_closes, "peer_closes", 10},
  weighted{act::peer_drops, "peer_drops", 8},
  weighted{act::connection_dies, "connection_dies", 4},
  weighted{act::read_fails, "read_fails", 8},
  weighted{act::stop_taking, "stop_taking", 8},
  weighted{act::take_again, "take_again", 8},
  weighted{act::change_close, "change_close", 8},
};

act draw_act(draw& from) {
  static const auto total =
    std::accumulate(acts.begin(), acts.end(), std::uint64_t{0},
                    [](std::uint64_t sum, const weighted& x) { return sum + x.weight; });
  auto left = from.below(total);
  for (const auto& x : acts) {
    if (left < x.weight)
      return x.what;
    left -= x.weight;
  }
  return act::run;
}

void draw_sending(draw& from, engine_options& options) {
  auto& connection = options.connection;
  // Room for one or two messages.
  if (from.chance(1, 3))
    connection.write_queue_bytes = 12;
  connection.when_queue_full = static_cast<queue_policy>(from.below(3));
  connection.waiting_room = static_cast<std::uint32_t>(1 + from.below(3));
  options.outbox.enabled = from.chance(1, 2);
  options.outbox.max_messages = static_cast<std::uint32_t>(2 + from.below(6));
  for (auto left = from.chance(1, 3) ? 1 + from.below(2) : 0; left > 0; --left) {
    auto name = "setup " + std::to_string(left);
    options.setup.push_back({name, text(name)});
  }
}

void draw_sharing(draw& from, engine_options& options) {
  if (from.chance(1, 5)) {
    options.budget.rate = 0.5;
    options.budget.burst = static_cast<std::uint32_t>(1 + from.below(3));
  }
  if (from.chance(1, 5)) {
    options.circuit.threshold = static_cast<std::uint32_t>(2 + from.below(2));
    options.circuit.open_time = 15s;
  }
}

setup draw_setup(draw& from) {
  setup result;
  auto& options = result.options;
  options.request.url = "ws://example.org/";
  options.backoff.base = 1s;
  options.backoff.cap = 8s;
  options.backoff.jitter = 0;
  options.backoff.stable_after = 20s;
  options.backoff.retry_first_connect = from.chance(1, 2);
  options.backoff.max_attempts = from.chance(1, 3) ? 3 : 0;
  options.handlers = from.chance(2, 3) ? 1 : static_cast<std::uint32_t>(2 + from.below(2));
  options.read_batch = static_cast<std::uint32_t>(1 + from.below(4));
  options.on_handler_crash = static_cast<handler_crash_policy>(from.below(3));
  options.on_client_down = static_cast<client_down_policy>(from.below(2));
  if (from.chance(1, 4))
    options.more_urls = {"ws://other/"};
  if (options.handlers == 1 && from.chance(1, 3))
    options.connection.max_part_size = part_size;
  draw_sending(from, options);
  draw_sharing(from, options);
  result.client = static_cast<client_kind>(from.below(3));
  result.provider_fails = from.chance(1, 5) ? 1 + from.below(3) : 0;
  result.asks = from.chance(1, 2);
  result.keyed = options.handlers > 1 && from.chance(1, 2);
  result.temper = from.chance(1, 3) ? 0 : 5 + from.below(30);
  return result;
}

std::string to_string(client_kind what) {
  switch (what) {
    case client_kind::actor: return "an actor";
    case client_kind::batch_actor: return "an actor that takes batches";
    case client_kind::object: return "an object";
  }
  return "???";
}

std::string print_sending(const engine_options& options) {
  auto result = std::string{options.outbox.enabled ? "an outbox for " : "no outbox"};
  if (options.outbox.enabled)
    result += std::to_string(options.outbox.max_messages);
  result += ", full queue: " + to_string(options.connection.when_queue_full);
  if (options.connection.write_queue_bytes < 100)
    result += " at " + std::to_string(options.connection.write_queue_bytes) + " bytes, room for "
              + std::to_string(options.connection.waiting_room);
  return result + ", set-up messages: " + std::to_string(options.setup.size());
}

std::string print_dialing(const engine_options& options) {
  auto result = "URLs: " + std::to_string(options.more_urls.size() + 1)
                + ", attempts: " + std::to_string(options.backoff.max_attempts);
  if (options.backoff.retry_first_connect)
    result += ", also of the first";
  if (options.budget.rate > 0)
    result += ", budget " + std::to_string(options.budget.burst);
  if (options.circuit.threshold > 0)
    result += ", circuit " + std::to_string(options.circuit.threshold);
  return result;
}

} // namespace

std::string to_string(act what) {
  for (const auto& x : acts)
    if (x.what == what)
      return x.name;
  return "act(" + std::to_string(static_cast<unsigned>(what)) + ")";
}

std::string to_string(const setup& what) {
  const auto& options = what.options;
  auto result =
    "the client is " + to_string(what.client) + ", handlers: " + std::to_string(options.handlers)
    + (what.keyed ? " with keys" : "") + ", batch " + std::to_string(options.read_batch);
  if (options.connection.max_part_size > 0)
    result += ", in parts";
  result += "; handler crash: " + to_string(options.on_handler_crash)
            + ", client down: " + to_string(options.on_client_down) + "; " + print_dialing(options)
            + "; " + print_sending(options);
  if (what.provider_fails > 0)
    result += "; the provider fails " + std::to_string(what.provider_fails) + " times in 8";
  if (what.asks)
    result += "; there are requests";
  return result + "; temper " + std::to_string(what.temper);
}

plan make_plan(std::uint64_t seed, std::size_t steps) {
  draw from{seed};
  plan result{seed, draw_setup(from), {}};
  result.steps.reserve(steps);
  for (std::size_t i = 0; i < steps; ++i) {
    auto what = draw_act(from);
    result.steps.push_back({what, from.next()});
  }
  return result;
}

} // namespace wsengine::simulation
