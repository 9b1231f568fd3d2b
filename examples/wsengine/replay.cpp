// replay.cpp: the command `replay`: a recorded session happens again, in virtual or in real time.

#include "wsengine/testing/replay.hpp"

#include "client.hpp"
#include "conversation.hpp"
#include "output.hpp"
#include "program_config.hpp"
#include "reporter.hpp"
#include "run.hpp"
#include "signals.hpp"

#include "wsengine/all.hpp"
#include "wsengine/recording.hpp"
#include "wsengine/testing/asked.hpp"
#include "wsengine/testing/scripted_connection.hpp"
#include "wsengine/testing/virtual_system.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace wsengine::cli {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// What passes the time: until then, since the start.
using passing = std::function<void(timespan)>;

/// Where the recorded client had dialed first.
std::string url_of(const std::vector<recorded_event>& recording) {
  for (const auto& x : recording)
    if (x.request) {
      auto url = x.request->url;
      // The user was left out of the recording.
      if (auto user = url.find("***@"); user != std::string::npos)
        url.erase(user, 4);
      return url;
    }
  return "ws://recorded/";
}

engine_options options_for(const std::vector<recorded_event>& recording, engine_hooks& hooks) {
  engine_options result;
  result.request.url = url_of(recording);
  // What took too long is in the recording.
  result.timeouts.open = 24h;
  testing::keep_pace(recording, result, hooks);
  return result;
}

/// Restarts and stops sessions when the recorded user did. Returns how much later that was: in real
/// time nothing happens at once, and what came just before an end is to be seen.
timespan play_user(const replay_arguments& what, const std::vector<recorded_event>& recording,
                   const engine_actor& engine, conversation& talk, const passing& pass_until) {
  timespan lag{0};
  auto step = what.realtime ? timespan{50ms} : timespan{0};
  for (const auto& x : testing::closes_of(recording)) {
    lag += step;
    pass_until(x.at + lag);
    for (auto i = 0; what.realtime && !talk.current() && i < 100; ++i)
      pass_until(x.at + (lag += step));
    auto which = talk.current();
    if (!x.restarts) {
      caf::anon_send(engine, stop_msg{});
    } else if (which) {
      wsengine::restart(*which);
      talk.closed(which->id);
    }
  }
  return lag;
}

/// Lets an engine live through a recording, and does what its user had done.
void play(const replay_arguments& what, const std::vector<recorded_event>& recording,
          caf::actor_system& system, conversation& talk, reporter& report,
          const passing& pass_until) {
  testing::scripted_network network;
  testing::scripted_server server{network.make_stage()};
  testing::replay(recording, server);
  engine_hooks hooks;
  auto options = options_for(recording, hooks);
  auto engine =
    spawn_engine(system, network.make_connector(), options,
                 std::make_shared<client>(talk, report, std::nullopt, true),
                 what.realtime ? placement::detached : placement::scheduler, std::move(hooks));
  if (!engine)
    throw std::runtime_error{what.file + ": " + describe(engine.error())};
  caf::anon_send(*engine, start_msg{});
  auto lag = play_user(what, recording, *engine, talk, pass_until);
  auto length = testing::length_of(recording) + lag;
  pass_until(length + 1ms);
  talk.wish({"the recording ends"});
  auto end = testing::ask<caf::unit_t>(system, *engine, stop_msg{});
  for (auto i = 1; end->pending() && i < 1000; ++i)
    pass_until(length + i * 20ms);
  talk.end();
  report.stopped("the recording ends");
  compat::send_exit(*engine, caf::exit_reason::kill);
}

} // namespace

int run_replay(const replay_arguments& what) {
  auto recording = testing::load_recording(what.file);
  output out{STDOUT_FILENO};
  signal_watch signals{[](int) { std::_Exit(1); }};
  // These outlive the actors that use them.
  conversation talk;
  testing::virtual_system* virtual_time = nullptr;
  auto began = clock::now();
  auto now = [&virtual_time, began] {
    return virtual_time ? virtual_time->now() : timespan{clock::now() - began};
  };
  auto report = what.json ? make_json_reporter(out, now) : make_human_reporter(out);
  if (what.realtime) {
    program_config<config> cfg;
    caf::actor_system system{cfg};
    play(what, recording, system, talk, *report,
         [began](timespan until) { std::this_thread::sleep_until(began + until); });
    return 0;
  }
  testing::virtual_system time;
  virtual_time = &time;
  play(what, recording, time.system(), talk, *report,
       [&time](timespan until) { time.pass(std::max(timespan{0}, until - time.now())); });
  time.run_all();
  return 0;
}

} // namespace wsengine::cli
