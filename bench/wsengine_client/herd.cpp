// herd.cpp: many sessions that lose their server and come back, within a budget that they share.

#include "common/scenarios.hpp"
#include "wsengine_client/environment.hpp"

#include <caf/send.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

namespace wsengine::bench {

namespace {

using namespace std::chrono_literals;

// Attempts per second, all sessions together, and how many at once.
constexpr double rate = 1000;
constexpr std::uint32_t burst = 100;

// How often a row is printed.
constexpr auto step = 500ms;

class herd : public callbacks {
public:
  caf::result<void> on_open(session_context&, const handshake_response&, bool) override {
    ++attempts;
    ++open;
    return caf::unit;
  }

  void on_message(session_context&, message_kind, const payload&) override {}

  close_details on_close(session_context&, const optional<close_details>&) override {
    --open;
    return {};
  }

  void on_restart_error(session_context&, const caf::error&, std::uint32_t,
                        optional<timespan>) override {
    ++attempts;
  }

  std::atomic<std::uint64_t> attempts{0};
  std::atomic<std::uint64_t> open{0};
};

// Prints a row for each step until `done`, and returns how long that took.
template <class Predicate>
clock::duration watch(const herd& all, Predicate done) {
  auto began = clock::now();
  for (auto next = began + step; !done(); next += step) {
    auto before = all.attempts.load();
    std::this_thread::sleep_until(next);
    boost::json::object row{
      {"seconds", microseconds(clock::now() - began) / 1e6},
      {"open", all.open.load()},
      {"attempts_per_s", static_cast<double>(all.attempts.load() - before) * (1s / step)},
      {"rss_kib", rss_kib()}};
    std::cout << boost::json::serialize(row) << std::endl;
  }
  return clock::now() - began;
}

} // namespace

void run_herd(const arguments& args) {
  auto all = std::make_shared<herd>();
  environment env{args};
  auto options = env.options();
  options.backoff = {};
  options.backoff.retry_first_connect = true;
  options.budget = {rate, burst, ""};
  std::vector<engine_actor> engines;
  meter span;
  span.start();
  for (std::uint64_t i = 0; i < args.n; ++i) {
    auto engine = spawn_engine(env.system(), beast_connector(env.io()), options, all, env.where());
    if (!engine)
      fail(engine.error());
    caf::anon_send(*engine, start_msg{});
    engines.push_back(std::move(*engine));
  }
  watch(*all, [&] { return all->open == args.n; });
  auto rss_before = rss_kib();
  // Whoever runs us ends the server now, and starts another one.
  std::cout << R"({"event":"open"})" << std::endl;
  watch(*all, [&] { return all->open == 0; });
  auto back = watch(*all, [&] { return all->open == args.n; });
  span.stop();
  auto line = env.begin_line();
  line.set("back_after_s", microseconds(back) / 1e6);
  line.set("rss_kib_before", rss_before);
  line.print(span);
}

} // namespace wsengine::bench
