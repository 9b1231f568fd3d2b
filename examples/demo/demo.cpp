// demo.cpp: the main job, told step by step: a session opens, talks, loses its server, comes back,
// and closes. Ends with status 0 when every step happened.

#include "echo_server.hpp"

#include "wsengine/all.hpp"

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>

namespace {

using namespace wsengine;
using namespace std::chrono_literals;

// -- telling --------------------------------------------------------------------------------------

std::mutex out_mutex;
const auto began = std::chrono::steady_clock::now();

void say(const char* who, const std::string& what) {
  auto now =
    std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  std::lock_guard guard{out_mutex};
  std::cout << '[' << now.count() << " ms] " << who << ": " << what << std::endl;
}

[[noreturn]] void give_up(const std::string& step) {
  say("demo", "this did not happen: " + step);
  std::_Exit(1);
}

// -- the client -----------------------------------------------------------------------------------

// Tells what it is called for, and lets the main thread wait for it.
class narrator : public callbacks {
public:
  caf::result<void> on_open(session_context& context, const handshake_response& response,
                            bool restarting) override {
    say("client", std::string{restarting ? "the session is open again" : "the session is open"}
                    + " (HTTP " + std::to_string(response.status) + ", session "
                    + to_string(context.which().id) + ")");
    context.post(text(restarting ? "hello again" : "hello"));
    count(opens_);
    return caf::unit;
  }

  void on_message(session_context& context, message_kind, const payload& data) override {
    say("client", "received \"" + std::string{data.text()} + "\"");
    if (data.text() == "hello")
      context.post(text("how are you?"));
    count(messages_);
  }

  close_details on_close(session_context&, const optional<close_details>& peer) override {
    say("client", peer ? "the session is over: " + to_string(peer->code)
                       : std::string{"we close the session"});
    count(closes_);
    return {close_code::normal, "that was the demo"};
  }

  void on_restart_error(session_context&, const caf::error& cause, std::uint32_t retry,
                        optional<timespan> next_delay) override {
    say("client", "attempt " + std::to_string(retry) + " failed: " + describe(cause));
    if (next_delay)
      say("client", "next attempt in "
                      + std::to_string(
                        std::chrono::duration_cast<std::chrono::milliseconds>(*next_delay).count())
                      + " ms");
    count(failures_);
  }

  void wait(int narrator::*counter, int wanted, const char* step) {
    std::unique_lock guard{mutex_};
    if (!changed_.wait_for(guard, 15s, [&] { return this->*counter >= wanted; }))
      give_up(step);
  }

  int opens_ = 0;
  int messages_ = 0;
  int closes_ = 0;
  int failures_ = 0;

private:
  void count(int& counter) {
    std::lock_guard guard{mutex_};
    ++counter;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
};

// -- the steps ------------------------------------------------------------------------------------

void check(bool condition, const char* step) {
  if (!condition)
    give_up(step);
}

void start(caf::scoped_actor& self, const engine_actor& engine) {
  self->request(engine, 15s, start_msg{})
    .receive([](const session&) {}, [](const caf::error& x) { give_up("start: " + describe(x)); });
}

void stop(caf::scoped_actor& self, const engine_actor& engine) {
  self->request(engine, 15s, stop_msg{})
    .receive([] { say("demo", "the engine has stopped"); },
             [](const caf::error& x) { give_up("stop: " + describe(x)); });
}

void run() {
  examples::echo_server server;
  server.start();
  say("server", "listening on port " + std::to_string(server.port()));

  config cfg;
  caf::actor_system system{cfg};
  host io{system};
  engine_options options;
  options.request.url = server.url("/echo");
  options.backoff.base = 300ms;
  auto client = std::make_shared<narrator>();
  auto engine = spawn_engine(system, beast_connector(io), options, client, placement::detached);
  check(static_cast<bool>(engine), "spawning the engine");

  caf::scoped_actor self{system};
  start(self, *engine);
  client->wait(&narrator::messages_, 2, "two messages come back");

  say("server", "dies");
  server.stop();
  client->wait(&narrator::closes_, 1, "the client learns of it");
  client->wait(&narrator::failures_, 2, "two attempts fail");
  server.start();
  say("server", "is back on port " + std::to_string(server.port()));
  client->wait(&narrator::opens_, 2, "the session opens again");
  client->wait(&narrator::messages_, 3, "a message comes back");

  stop(self, *engine);
  check(server.wait_until([](const auto& x) {
    return x.open == 0 && !x.closes.empty() && x.closes.back().code == close_code::normal;
  }),
        "the server sees our close frame");
  say("server", "saw the close handshake: " + to_string(server.counters().closes.back().code));
}

} // namespace

int main() {
  run();
  say("demo", "done");
  return 0;
}
