// flow_control.cpp: a server that floods a client that is slow or paused.

#define CAF_SUITE flow_control

#include "engine_fixture.hpp"
#include "real/raw_peer.hpp"
#include "real/resident_memory.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <future>
#include <string>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::raw_peer;
using tests::raw_session;
using tests::resident_bytes;

namespace {

constexpr std::size_t message_size = 16U << 10U;
constexpr std::size_t flood_bytes = 128U << 20U;
constexpr std::size_t flood_messages = flood_bytes / message_size;
constexpr std::size_t messages_per_ping = 512;

// Beyond what client, engine and connection hold (`read_ahead_bytes` for the connection, as much
// and a message for the reader, a batch), and far below the flood.
constexpr std::uint64_t most_memory = 24U << 20U;

// What the system may hold on its way, besides.
constexpr std::size_t most_on_the_way = 64U << 20U;

// Counts what it gets, once it may.
class slow_client : public callbacks {
public:
  void on_message(session_context&, message_kind, const payload& data) override {
    held.wait();
    bytes += data.size();
    if (bytes % (1U << 20U) < message_size)
      most = std::max(most, resident_bytes());
  }

  close_details on_close(session_context& context, const optional<close_details>&) override {
    context.exit();
    return {};
  }

  tests::gate held;
  std::atomic<std::uint64_t> bytes{0};
  std::uint64_t most = 0;
};

struct fixture : tests::engine_fixture {
  // The server pings, floods until nothing is taken any more, goes on when it is, pinging now and
  // then, and closes.
  void flood(raw_session& session) {
    const std::string payload(message_size, 'f');
    session.upgrade();
    first_ping.get_future().wait();
    session.send_frame(9, "first");
    early_pong.set_value(session.read_frame().payload);
    auto sent = session.send_until_blocked(payload, flood_bytes);
    blocked.set_value(sent);
    // Nobody reads what we send, but what the client writes comes.
    written.set_value(session.read_frame().payload);
    session.finish_frame();
    std::size_t pings = 0;
    for (; sent < flood_messages; ++sent) {
      session.send_frame(2, payload);
      if (sent % messages_per_ping == 0)
        session.send_frame(9, std::to_string(pings++));
    }
    std::size_t pongs = 0;
    for (; pongs < pings; ++pongs)
      if (session.read_frame().payload != std::to_string(pongs))
        break;
    answered.set_value(pings > 0 && pongs == pings);
    session.send_close(1000);
    session.wait_end();
  }

  void open(const raw_peer& peer) {
    options.request.url = peer.url();
    // What is read shall be read by a thread that may wait.
    auto result =
      spawn_engine(sys, tests::adapter_connector(*io), options, slow, placement::detached);
    if (!result)
      CAF_FAIL(describe(result.error()));
    engine = *result;
    auto opened = ask<session>(start_msg{});
    CAF_REQUIRE(opened);
    which = *opened;
  }

  caf::error write_now(const std::string& what) {
    caf::scoped_actor self{sys};
    caf::error result;
    self->request(which.connection, std::chrono::seconds(30), write_msg{message_kind::text, what})
      .receive([] {}, [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  // The server is held back while nobody takes what it sends, and both sides can still talk.
  void check_held_back() {
    first_ping.set_value();
    CAF_CHECK_EQUAL(early_pong.get_future().get(), "first");
    before = resident_bytes();
    CAF_CHECK(blocked.get_future().get() * message_size < most_on_the_way);
    CAF_CHECK_EQUAL(slow->bytes.load(), 0U);
    check_memory(resident_bytes());
    CAF_CHECK_EQUAL(write_now("still here"), caf::none);
    CAF_CHECK_EQUAL(written.get_future().get(), "still here");
  }

  // Then everything comes, and every ping on the way was answered.
  void check_taken() {
    CAF_CHECK(answered.get_future().get());
    auto report = ask<stop_report>(wait_stopped_msg{});
    CAF_REQUIRE(report);
    CAF_CHECK(is(report->reason, engine_errc::exited));
    CAF_CHECK_EQUAL(slow->bytes.load(), flood_bytes);
    check_memory(slow->most);
  }

  void check_memory(std::uint64_t resident) const {
    CAF_MESSAGE((resident - std::min(resident, before)) / 1024 << " KiB more than before");
    if (tests::memory_is_freed)
      CAF_CHECK(resident < before + most_memory);
  }

  std::promise<void> first_ping;
  std::promise<std::string> early_pong;
  std::promise<std::size_t> blocked;
  std::promise<std::string> written;
  std::promise<bool> answered;
  std::shared_ptr<slow_client> slow = std::make_shared<slow_client>();
  session which;
  std::uint64_t before = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(flow_control_tests, fixture)

CAF_TEST(a client that does not return from its callback) {
  raw_peer peer{[this](raw_session& session) { flood(session); }};
  open(peer);
  check_held_back();
  slow->held.open();
  check_taken();
}

CAF_TEST(a client that is paused) {
  slow->held.open();
  raw_peer peer{[this](raw_session& session) { flood(session); }};
  open(peer);
  // The lease ends with whoever holds it.
  caf::scoped_actor holder{sys};
  lease loan;
  holder->request(engine, std::chrono::seconds(30), pause_msg{})
    .receive([&](lease& x) { loan = std::move(x); },
             [](const caf::error& x) { CAF_FAIL(describe(x)); });
  check_held_back();
  holder->request(engine, std::chrono::seconds(30), resume_msg{loan.id, std::move(loan.unread)})
    .receive([] {}, [](const caf::error& x) { CAF_FAIL(describe(x)); });
  check_taken();
}

CAF_TEST_FIXTURE_SCOPE_END()
