// engine_log.cpp: what an engine writes into the log of CAF.

#define CAF_SUITE engine_log

#include "wsengine/config.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/error.hpp"
#include "wsengine/spawn_engine.hpp"
#include "wsengine/testing/asked.hpp"
#include "wsengine/testing/client_mock.hpp"
#include "wsengine/testing/scripted_connection.hpp"
#include "wsengine/testing/unit_test.hpp"
#include "wsengine/testing/virtual_system.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

using namespace std::literals;
using namespace wsengine;
using namespace wsengine::testing;

namespace {

struct logging_config : config {
  logging_config(const std::string& file, const char* verbosity) {
    compat::log_to_file(*this, file, verbosity, "%p %c %m%n");
  }
};

/// The log of an engine whose first session opens, whose second attempt fails, and that is stopped.
std::string log_with(const char* verbosity) {
  auto file = std::filesystem::temp_directory_path()
              / ("wsengine-log-" + std::to_string(::getpid()) + "-" + verbosity);
  {
    virtual_system system{std::make_unique<logging_config>(file.string(), verbosity)};
    scripted_network network;
    network.add(script{}.accept().drop());
    network.add(script{}.refuse(make_error(dial_errc::connect_failed, "nobody listens")));
    client_mock mock;
    engine_options options;
    options.request.url = "ws://example.org/";
    options.backoff.base = options.backoff.cap = 1s;
    auto engine =
      spawn_engine(system.system(), network.make_connector(), options, mock.spawn(system.system()));
    CAF_REQUIRE(engine);
    auto started = ask<session>(system.system(), *engine, start_msg{});
    system.run_all();
    system.pass(1s);
    auto stopped = ask<caf::unit_t>(system.system(), *engine, stop_msg{});
    system.run_all();
    CAF_CHECK(started->succeeded());
    CAF_CHECK(stopped->succeeded());
  }
  std::ifstream input{file};
  std::string result{std::istreambuf_iterator<char>{input}, {}};
  std::filesystem::remove(file);
  return result;
}

bool has(const std::string& log, const std::string& part) {
  return log.find(part) != std::string::npos;
}

} // namespace

CAF_TEST(changes of state are information) {
  auto log = log_with("info");
  CAF_CHECK(has(log, "INFO wsengine idle -> dialing\n"));
  CAF_CHECK(has(log, "INFO wsengine opening -> running, session "));
  CAF_CHECK(has(log, "WARN wsengine dialing -> backoff, session "));
  CAF_CHECK(has(log, "connect_failed"));
}

CAF_TEST(who wants warnings gets failures only) {
  auto log = log_with("warning");
  CAF_CHECK(!has(log, "INFO"));
  CAF_CHECK(has(log, "WARN wsengine dialing -> backoff, session "));
}

CAF_TEST(who wants nothing gets nothing) {
  CAF_CHECK_EQUAL(log_with("quiet"), "");
}
