// heartbeat.cpp: when to ping, and when a peer counts as dead.

#define CAF_SUITE heartbeat

#include "heartbeat.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using io::heartbeat;

namespace {

const char* name_of(heartbeat::verdict what) {
  switch (what) {
    case heartbeat::verdict::well: return "well";
    case heartbeat::verdict::ping_due: return "ping";
    case heartbeat::verdict::no_answer: return "no answer";
    case heartbeat::verdict::silent: return "silent";
    case heartbeat::verdict::stalled: return "stalled";
  }
  return "?";
}

// A connection in virtual time, which begins with 0 ms.
struct fixture {
  using milliseconds = std::chrono::milliseconds;

  void start(heartbeat::bounds limits) { uut.start(limits, seen, at(now)); }

  static heartbeat::time_point at(milliseconds when) { return heartbeat::time_point{} + when; }

  // Looks whenever it is asked for until that time, and pings when told to. What it says, with the
  // time; what ends the connection is the last.
  std::vector<std::string> run_until(milliseconds end) {
    std::vector<std::string> result;
    for (;;) {
      auto due = uut.wake();
      if (!due || *due > at(end))
        break;
      now = std::max(now, std::chrono::ceil<milliseconds>(due->time_since_epoch()));
      auto what = uut.look(seen, at(now));
      if (what == heartbeat::verdict::well)
        continue;
      result.push_back(std::to_string(now.count()) + " " + name_of(what));
      if (what != heartbeat::verdict::ping_due)
        return result;
      uut.pinged(at(now));
    }
    now = end;
    return result;
  }

  // Something comes that the session is told of.
  void hear(std::uint64_t bytes = 2) {
    seen.received += bytes;
    uut.heard(seen.received, at(now));
  }

  // The system takes so much of what was written.
  void take(std::uint64_t bytes) {
    seen.sent += bytes;
    uut.look_at_writes(seen, at(now));
  }

  // So much is written, of which the system takes the beginning.
  void write(std::uint64_t bytes, std::uint64_t taken) {
    seen.written += bytes;
    take(taken);
  }

  heartbeat uut;
  heartbeat::traffic seen;
  milliseconds now{0};
};

using lines = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(heartbeat_tests, fixture)

// -- pings ----------------------------------------------------------------------------------------

CAF_TEST(without options nothing ever happens) {
  start({});
  CAF_CHECK(!uut.wake());
  write(10, 0);
  uut.pinged(at(now));
  CAF_CHECK(!uut.wake());
  CAF_CHECK(uut.look(seen, at(1000000h)) == heartbeat::verdict::well);
}

CAF_TEST(pings are due an interval after the last one) {
  start({100ms, 0ms, 0ms, 0ms});
  CAF_CHECK_EQUAL(run_until(250ms), (lines{"100 ping", "200 ping"}));
  // One of the user's counts as well.
  uut.pinged(at(now));
  CAF_CHECK_EQUAL(run_until(400ms), (lines{"350 ping"}));
}

// -- answers --------------------------------------------------------------------------------------

CAF_TEST(a peer that goes silent is found within interval and timeout) {
  start({100ms, 70ms, 0ms, 0ms});
  run_until(30ms);
  hear();
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"100 ping", "170 no answer"}));
}

CAF_TEST(more pings do not give a silent peer more time) {
  start({50ms, 120ms, 0ms, 0ms});
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"50 ping", "100 ping", "150 ping", "170 no answer"}));
}

CAF_TEST(whatever comes after a ping is a sign of life) {
  start({100ms, 70ms, 0ms, 0ms});
  for (auto round = 1; round <= 10; ++round) {
    run_until(round * 100ms + 69ms);
    hear();
  }
  CAF_CHECK_EQUAL(run_until(2000ms), (lines{"1100 ping", "1170 no answer"}));
}

CAF_TEST(what comes before a ping does not answer it) {
  start({100ms, 70ms, 0ms, 0ms});
  run_until(99ms);
  hear();
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"100 ping", "170 no answer"}));
}

CAF_TEST(bytes that the session was not told of are signs of life) {
  start({100ms, 70ms, 0ms, 0ms});
  run_until(150ms);
  seen.received += 1;
  // It is seen when the time is up, and that is what counts from then on.
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"200 ping", "270 no answer"}));
}

CAF_TEST(a look that comes late does not blame the peer for what came in time) {
  start({0ms, 70ms, 50ms, 0ms});
  uut.pinged(at(now));
  seen.received += 2;
  CAF_CHECK(uut.look(seen, at(1000ms)) == heartbeat::verdict::well);
  CAF_CHECK(uut.look(seen, at(1049ms)) == heartbeat::verdict::well);
  CAF_CHECK(uut.look(seen, at(1050ms)) == heartbeat::verdict::silent);
}

// -- silence --------------------------------------------------------------------------------------

CAF_TEST(silence ends a connection that is not pinged) {
  start({0ms, 70ms, 100ms, 0ms});
  run_until(60ms);
  hear();
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"160 silent"}));
}

CAF_TEST(the earlier deadline counts) {
  start({100ms, 70ms, 120ms, 0ms});
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"100 ping", "120 silent"}));
}

// -- not listening --------------------------------------------------------------------------------

CAF_TEST(while we do not listen there are pings but no deadline) {
  start({100ms, 20ms, 50ms, 0ms});
  run_until(10ms);
  uut.stop_listening();
  CAF_CHECK_EQUAL(run_until(350ms), (lines{"100 ping", "200 ping", "300 ping"}));
  uut.listen(at(now));
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"370 no answer"}));
}

CAF_TEST(a ping that was answered before we stopped listening has no deadline) {
  start({0ms, 20ms, 50ms, 0ms});
  uut.pinged(at(now));
  hear();
  uut.stop_listening();
  CAF_CHECK_EQUAL(run_until(300ms), lines{});
  uut.listen(at(now));
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"350 silent"}));
}

// -- writes ---------------------------------------------------------------------------------------

CAF_TEST(a peer that takes nothing is found though it talks) {
  start({0ms, 0ms, 100ms, 250ms});
  run_until(30ms);
  write(1000, 400);
  for (auto round = 1; round <= 5; ++round) {
    CAF_CHECK_EQUAL(run_until(round * 50ms), lines{});
    hear();
  }
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"280 stalled"}));
}

CAF_TEST(a peer that takes a little now and then is not stalled) {
  start({0ms, 0ms, 0ms, 100ms});
  write(1000, 0);
  for (auto round = 1; round <= 10; ++round) {
    CAF_CHECK_EQUAL(run_until(round * 99ms), lines{});
    take(1);
  }
  CAF_CHECK_EQUAL(run_until(5000ms), (lines{"1090 stalled"}));
}

CAF_TEST(when nothing waits nobody is stalled) {
  start({0ms, 0ms, 0ms, 100ms});
  write(1000, 0);
  run_until(99ms);
  take(1000);
  CAF_CHECK(!uut.blocked());
  CAF_CHECK_EQUAL(run_until(5000ms), lines{});
}

CAF_TEST(a stall is found while we do not listen) {
  start({0ms, 50ms, 50ms, 100ms});
  uut.stop_listening();
  uut.pinged(at(now));
  write(1000, 10);
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"100 stalled"}));
}

CAF_TEST(a stall that nobody tells of is found within twice the time) {
  start({0ms, 0ms, 0ms, 100ms});
  run_until(10ms);
  seen.written += 10;
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"200 stalled"}));
}

CAF_TEST(a peer that takes what it kept waiting has more time to answer a ping) {
  start({100ms, 70ms, 0ms, 0ms});
  write(1000, 10);
  run_until(150ms);
  take(10);
  CAF_CHECK_EQUAL(run_until(219ms), (lines{"200 ping"}));
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"220 no answer"}));
}

CAF_TEST(writes that go out at once say nothing about the peer) {
  start({100ms, 70ms, 0ms, 0ms});
  run_until(110ms);
  for (auto round = 0; round < 5; ++round) {
    run_until(now + 10ms);
    write(10, 10);
  }
  CAF_CHECK_EQUAL(run_until(1000ms), (lines{"170 no answer"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
