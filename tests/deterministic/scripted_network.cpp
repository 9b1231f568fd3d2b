// scripted_network.cpp: scripts for many connections, live control, and the records.

#define CAF_SUITE scripted_network

#include "deterministic/scripted_fixture.hpp"

#include <stdexcept>

namespace {

template <class F>
bool is_out_of_range(F look_up) {
  try {
    look_up();
    return false;
  } catch (const std::out_of_range&) {
    return true;
  }
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(scripted_network_tests, scripted_fixture)

CAF_TEST(connections take scripts in order and then the fallback) {
  network.fallback(script{}.refuse(make_error(dial_errc::connect_failed, "refused")));
  CAF_CHECK(dial(spawn(script{}.accept()))->succeeded());
  auto connect = network.make_connector();
  CAF_CHECK(dial(connect.spawn(*self.ptr()))->failed(dial_errc::connect_failed));
  CAF_CHECK_EQUAL(network.size(), 2u);
  CAF_CHECK_EQUAL(network.last(), 1u);
  CAF_CHECK_EQUAL(network.opened(), 1u);
}

CAF_TEST(connections take part while the test runs) {
  auto uut = spawn(script{}.stall());
  auto dialing = dial(uut);
  network.play(0, script{}.accept().send(text("live")));
  consume_messages();
  CAF_CHECK(dialing->succeeded());
  CAF_CHECK_EQUAL(read(uut)->get(), text("live"));
  network.play(0, script{}.after(1s).close({close_code::normal, ""}));
  consume_messages();
  CAF_CHECK_EQUAL(network.alive(), 1u);
  pass(1s);
  CAF_CHECK_EQUAL(network.alive(), 0u);
}

CAF_TEST(a script that is played before the session opens waits for it) {
  auto uut = spawn(script{}.accept());
  network.play(0, script{}.send(text("early")));
  consume_messages();
  dial(uut);
  CAF_CHECK_EQUAL(read(uut)->get(), text("early"));
}

CAF_TEST(a script that is played later waits for later writes) {
  auto uut = open(script{}.accept());
  write(uut, "a");
  network.play(0, script{}.await_write().drop());
  consume_messages();
  CAF_CHECK_EQUAL(network.alive(), 1u);
  write(uut, "b");
  CAF_CHECK_EQUAL(network.alive(), 0u);
}

CAF_TEST(the record tells what happened and when) {
  auto uut = open(script{}.accept().after(2s).close({close_code::normal, "bye"}));
  demand(uut, 7);
  write(uut, "say \"hi\"\n");
  ping(uut, "p");
  pass(2s);
  close(uut);
  auto record = network.record(0);
  std::vector<std::string> expected{"dial(ws://example.org/)",          "open(101)",
                                    R"(write(text, "say \"hi\"\x0a"))", R"(ping("p"))",
                                    R"(over(1000 (normal), "bye"))",    "close(1001 (going away))"};
  CAF_CHECK_EQUAL(record.lines(), expected);
  CAF_CHECK_EQUAL(record.count(scripted_event::demand), 1u);
  CAF_CHECK_EQUAL(record.state, scripted_state::over);
  CAF_CHECK_EQUAL(*record.when(scripted_event::over) - *record.when(scripted_event::dial),
                  timespan{2s});
  CAF_CHECK_EQUAL(network.dial_times().size(), 1u);
  CAF_CHECK(!record.when(scripted_event::dial_failed));
}

CAF_TEST(there is no record of a connection that was never made) {
  CAF_CHECK(is_out_of_range([&] { static_cast<void>(network.record(0)); }));
  CAF_CHECK(is_out_of_range([&] { network.play(0, script{}); }));
  CAF_CHECK(is_out_of_range([&] { static_cast<void>(network.last()); }));
}

CAF_TEST(the network takes its connections along) {
  {
    scripted_network other;
    dial(other.make_connector().spawn(*self.ptr()));
    CAF_CHECK_EQUAL(other.alive(), 1u);
  }
  consume_messages();
  CAF_CHECK_EQUAL(sys.registry().running(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
