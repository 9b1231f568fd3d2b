// contract_messages.cpp: reading and writing over an open connection.

#define CAF_SUITE contract_messages

#include "real/connection_fixture.hpp"
#include "real/descriptors.hpp"
#include "real/raw_peer.hpp"

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <future>
#include <string>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::error_of;
using tests::eventually;
using tests::open_descriptors;
using tests::opened_since;
using tests::patience;
using tests::raw_peer;
using tests::raw_session;
using tests::value_of;

namespace {

// How the answers to many writes are distributed.
struct fates {
  std::size_t written = 0;
  std::size_t failed = 0;
  std::size_t unknown = 0;
  std::size_t refused = 0;

  void count(const caf::error& answer) {
    if (!answer)
      ++written;
    else if (answer == connection_errc::write_failed)
      ++failed;
    else if (answer == connection_errc::write_unknown)
      ++unknown;
    else if (answer == connection_errc::queue_full)
      ++refused;
    else
      CAF_ERROR("a write was answered with " << describe(answer));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(contract_messages_tests, tests::connection_fixture)

// -- messages -------------------------------------------------------------------------------------

CAF_TEST(messages of every kind and size come back) {
  auto uut = open_path();
  for (std::size_t size : {0, 1, 125, 126, 1535, 1536, 1537, 4096, 65535, 65536, 1 << 20}) {
    for (auto kind : {message_kind::text, message_kind::binary}) {
      data_message sent{kind, std::string(size, 'x')};
      CAF_REQUIRE_EQUAL(write(uut, sent), caf::none);
      auto received = read(uut);
      CAF_REQUIRE_EQUAL(error_of(received), caf::none);
      CAF_CHECK(*received == sent);
    }
  }
}

CAF_TEST(fragments become one message) {
  auto uut = open_path("/echo?fragment=16");
  std::string all;
  for (int i = 0; i < 1000; ++i)
    all += std::to_string(i);
  CAF_REQUIRE_EQUAL(write(uut, text(all)), caf::none);
  CAF_CHECK(*read(uut) == text(all));
}

CAF_TEST(a batch holds what is there in order and no more than was asked for) {
  auto uut = open_path();
  for (int i = 0; i < 10; ++i)
    CAF_REQUIRE_EQUAL(write(uut, text(std::to_string(i))), caf::none);
  CAF_REQUIRE(server.wait_until([](const auto& x) { return x.sent == 10; }));
  int next = 0;
  while (next < 10) {
    auto batch = demand(uut, 3);
    CAF_REQUIRE_EQUAL(error_of(batch), caf::none);
    CAF_CHECK(!batch->messages.empty() && batch->messages.size() <= 3);
    for (auto& x : batch->messages)
      CAF_CHECK(x == text(std::to_string(next++)));
  }
}

CAF_TEST(payloads outlive the connection) {
  auto uut = open_path();
  std::string big(100000, 'b');
  CAF_REQUIRE_EQUAL(write(uut, binary(big)), caf::none);
  CAF_REQUIRE_EQUAL(write(uut, binary("small")), caf::none);
  auto first = read(uut);
  auto second = read(uut);
  uut = nullptr;
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
  CAF_CHECK(*first == binary(big));
  CAF_CHECK(*second == binary("small"));
}

CAF_TEST(a flood arrives whole and in order) {
  auto uut = open_path("/flood?n=20000&size=100");
  std::uint64_t next = 0;
  for (;;) {
    auto batch = demand(uut, 512);
    if (!batch) {
      CAF_CHECK_EQUAL(error_of(batch), connection_errc::closed);
      break;
    }
    for (const auto& x : batch->messages) {
      std::uint64_t index = 0;
      for (std::size_t i = 0; i < 8; ++i)
        index = index << 8U | static_cast<std::uint8_t>(x.data.text()[i]);
      if (index != next)
        CAF_FAIL("message " << next << " is missing; got " << index);
      ++next;
    }
  }
  CAF_CHECK_EQUAL(next, 20000U);
}

// -- demand ---------------------------------------------------------------------------------------

CAF_TEST(one demand waits at a time and can be withdrawn) {
  auto uut = open_path();
  auto waiting = request(uut, demand_msg{5});
  CAF_CHECK_EQUAL(error_of(demand(uut, 1)), connection_errc::read_pending);
  CAF_CHECK_EQUAL(error_of(read(uut)), connection_errc::read_pending);
  auto nothing = demand(uut, 0);
  CAF_REQUIRE(nothing);
  CAF_CHECK(nothing->messages.empty());
  auto withdrawn = tests::get<message_batch>(waiting);
  CAF_REQUIRE(withdrawn);
  CAF_CHECK(withdrawn->messages.empty());
  CAF_REQUIRE_EQUAL(write(uut, text("still works")), caf::none);
  CAF_CHECK(*read(uut) == text("still works"));
}

CAF_TEST(a read can be withdrawn) {
  auto uut = open_path();
  auto waiting = request(uut, read_msg{});
  CAF_CHECK(demand(uut, 0));
  CAF_CHECK_EQUAL(error_of(tests::get<data_message>(waiting)), connection_errc::read_failed);
  CAF_CHECK(demand(uut, 0));
}

CAF_TEST(at the read ahead bound the peer is pushed back and not declared dead) {
  constexpr std::size_t limit = 64U << 20U;
  const std::string payload(32768, 'p');
  std::promise<std::size_t> blocked;
  std::promise<void> drained;
  raw_peer peer{[&](raw_session& session) {
    session.upgrade();
    auto frames = session.send_until_blocked(payload, limit);
    blocked.set_value(frames);
    session.finish_frame();
    drained.get_future().wait();
  }};
  options.read_ahead_bytes = 100000;
  options.idle_timeout = 200ms;
  options.ping_interval = timespan{0};
  auto uut = open(peer.url());
  // The peer waits for longer than the idle timeout before it says that it is blocked.
  auto frames = blocked.get_future().get();
  CAF_CHECK(frames * payload.size() < limit);
  std::size_t received = 0;
  while (received < frames) {
    auto batch = demand(uut, 100);
    CAF_REQUIRE_EQUAL(error_of(batch), caf::none);
    // Read ahead is bounded: the message that crosses the mark is the last.
    CAF_CHECK(batch->messages.size() <= 4);
    received += batch->messages.size();
  }
  CAF_CHECK_EQUAL(received, frames);
  drained.set_value();
}

CAF_TEST(empty messages count towards the read ahead bound) {
  constexpr std::size_t frames = 100000;
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    std::string all;
    for (std::size_t i = 0; i < frames; ++i)
      all += std::string{"\x82\x00", 2};
    session.send(all);
    session.wait_end();
  }};
  options.read_ahead_bytes = 6400;
  auto uut = open(peer.url());
  std::size_t received = 0;
  std::size_t largest = 0;
  while (received < frames) {
    auto batch = demand(uut, 1000);
    if (!batch)
      CAF_FAIL("the flood ended early: " << describe(batch.error()));
    largest = std::max(largest, batch->messages.size());
    received += batch->messages.size();
  }
  CAF_CHECK(largest <= 100);
}

// -- credit ---------------------------------------------------------------------------------------

CAF_TEST(credit brings as many messages as it is worth) {
  auto uut = open_path("/flood?n=10&size=10");
  self->send(uut, credit_msg{4, 1 << 20});
  CAF_CHECK_EQUAL(pushed(4), 4U);
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::normal);
  // It stands, though there is nothing left of it.
  CAF_CHECK_EQUAL(error_of(demand(uut, 1)), connection_errc::read_pending);
  CAF_CHECK(self->mailbox().empty());
  self->send(uut, credit_msg{3, 0});
  self->send(uut, credit_msg{4, 0});
  CAF_CHECK_EQUAL(pushed(6), 6U);
  self->receive([](const caf::error& x) { CAF_CHECK_EQUAL(x, connection_errc::closed); });
  CAF_CHECK_EQUAL(error_of(demand(uut, 1)), connection_errc::closed);
}

CAF_TEST(credit ends with the message that reaches its bytes) {
  auto uut = open_path("/flood?n=10&size=100");
  self->send(uut, credit_msg{100, 101});
  CAF_CHECK_EQUAL(pushed(2), 2U);
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::normal);
  // 99 bytes are owed.
  self->send(uut, credit_msg{0, 99});
  CAF_CHECK_EQUAL(error_of(demand(uut, 1)), connection_errc::read_pending);
  CAF_CHECK(self->mailbox().empty());
  self->send(uut, credit_msg{0, 1});
  CAF_CHECK_EQUAL(pushed(1), 1U);
}

CAF_TEST(credit can be withdrawn) {
  auto uut = open_path("/flood?n=10&size=10");
  self->send(uut, credit_msg{4, 1 << 20});
  CAF_CHECK_EQUAL(pushed(4), 4U);
  CAF_CHECK_EQUAL(demand(uut, 0)->messages.size(), 0U);
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::normal);
  CAF_CHECK_EQUAL(demand(uut, 100)->messages.size(), 6U);
}

CAF_TEST(credit begins anew when it was withdrawn) {
  auto uut = open_path("/flood?n=10&size=10");
  // The bytes are used up before the messages are.
  self->send(uut, credit_msg{9, 50});
  CAF_CHECK_EQUAL(pushed(5), 5U);
  CAF_CHECK_EQUAL(demand(uut, 0)->messages.size(), 0U);
  CAF_CHECK_EQUAL(end_of(uut).code, close_code::normal);
  self->send(uut, credit_msg{1, 1 << 20});
  CAF_CHECK_EQUAL(pushed(1), 1U);
  CAF_CHECK_EQUAL(error_of(demand(uut, 1)), connection_errc::read_pending);
  CAF_CHECK(self->mailbox().empty());
}

CAF_TEST(each grant after the end is told of it) {
  auto uut = open_path("/close?code=4321&reason=because");
  CAF_CHECK_EQUAL(end_of(uut).code, close_code{4321});
  for (int i = 0; i < 2; ++i)
    self->send(uut, credit_msg{4, 1 << 20});
  for (int i = 0; i < 2; ++i)
    self->receive([](const caf::error& x) { CAF_CHECK_EQUAL(x, connection_errc::closed); });
  CAF_CHECK_EQUAL(demand(uut, 0)->messages.size(), 0U);
}

CAF_TEST(a connection whose reader waits with credit is closed when nobody holds it) {
  auto uut = open_path();
  self->send(uut, credit_msg{4, 1 << 20});
  CAF_CHECK_EQUAL(error_of(demand(uut, 1)), connection_errc::read_pending);
  uut = nullptr;
  CAF_CHECK(eventually([&] { return io.hosted_actors() == 0; }));
}

// -- writing --------------------------------------------------------------------------------------

CAF_TEST(writes that overlap arrive whole and in order) {
  auto uut = open_path();
  for (int i = 0; i < 1000; ++i)
    caf::anon_send(uut, write_msg{message_kind::text, std::to_string(i)});
  for (int i = 0; i < 1000; ++i)
    if (auto got = read(uut); !got || *got != text(std::to_string(i)))
      CAF_FAIL("message " << i << " is not the next");
}

CAF_TEST(a message that may not be sent is refused and harms nothing) {
  options.max_message_size = 100;
  auto uut = open_path();
  CAF_CHECK_EQUAL(write(uut, text("\xC3\x28")), connection_errc::invalid_message);
  CAF_CHECK_EQUAL(write(uut, binary(std::string(101, 'x'))), connection_errc::message_too_big);
  CAF_CHECK_EQUAL(write(uut, binary(std::string(100, '\xFF'))), caf::none);
  CAF_CHECK(*read(uut) == binary(std::string(100, '\xFF')));
}

CAF_TEST(a batch arrives whole and in order) {
  auto uut = open_path();
  message_batch batch;
  for (int i = 0; i < 1000; ++i)
    batch.messages.push_back(i % 2 == 0 ? text(std::to_string(i))
                                        : binary(std::string(i * 50, 'b')));
  auto write = request(uut, write_batch_msg{batch});
  message_batch all;
  while (all.messages.size() < batch.messages.size()) {
    auto next = demand(uut, 100);
    CAF_REQUIRE(next);
    for (auto& x : next->messages)
      all.messages.push_back(std::move(x));
  }
  CAF_CHECK(all == batch);
  CAF_CHECK_EQUAL(tests::get_void(write), caf::none);
  CAF_CHECK_EQUAL(tests::get_void(request(uut, write_batch_msg{})), caf::none);
}

CAF_TEST(a batch with a message that may not be sent is refused as a whole) {
  options.max_message_size = 100;
  auto uut = open_path();
  auto write_all = [&](std::vector<data_message> messages) {
    return tests::get_void(request(uut, write_batch_msg{{std::move(messages)}}));
  };
  CAF_CHECK_EQUAL(write_all({text("a"), text("\xC3\x28")}), connection_errc::invalid_message);
  CAF_CHECK_EQUAL(write_all({text("b"), binary(std::string(101, 'x'))}),
                  connection_errc::message_too_big);
  CAF_CHECK_EQUAL(write_all({text("c")}), caf::none);
  CAF_CHECK(*read(uut) == text("c"));
}

CAF_TEST(pongs pass between the pieces of a large message that is read) {
  // The peer pings in the middle of its message, and ends it once the pong has come.
  raw_peer peer{[](raw_session& session) {
    session.upgrade();
    session.send_frame(2, std::string(4096, 'a'), false);
    session.send_frame(9, "still there?");
    if (session.read_frame().payload == "still there?")
      session.send_frame(0, "b");
    session.wait_end();
  }};
  auto uut = open(peer.url());
  CAF_CHECK(*read(uut) == binary(std::string(4096, 'a') + "b"));
}

CAF_TEST(one message is always accepted by an empty queue) {
  options.write_queue_bytes = 10;
  auto uut = open_path();
  CAF_CHECK_EQUAL(write(uut, text(std::string(1000, 'x'))), caf::none);
}

CAF_TEST(each write has one fate) {
  constexpr std::size_t huge = 16U << 20U;
  constexpr std::size_t small = 64U << 10U;
  raw_peer peer{[](raw_session& session) {
                  session.upgrade();
                  session.wait_error();
                },
                "127.0.0.1", 4096};
  options.write_queue_bytes = huge + 10 * small;
  options.timeouts.close = 100ms;
  auto uut = open(peer.url());
  std::vector<decltype(request(uut, write_msg{}))> writes;
  // More than the system takes: it stays in flight, and the rest stays queued.
  writes.push_back(request(uut, write_msg{message_kind::binary, std::string(huge, 'w')}));
  for (int i = 0; i < 15; ++i)
    writes.push_back(request(uut, write_msg{message_kind::binary, std::string(small, 'w')}));
  CAF_CHECK_EQUAL(close(uut), connection_errc::close_timeout);
  fates seen;
  for (auto& x : writes)
    seen.count(tests::get_void(x));
  CAF_CHECK_EQUAL(seen.written, 0U);
  CAF_CHECK_EQUAL(seen.unknown, 1U);
  CAF_CHECK_EQUAL(seen.failed, 10U);
  CAF_CHECK_EQUAL(seen.refused, 5U);
}

// -- the actor ------------------------------------------------------------------------------------

CAF_TEST(what was sent without a request gets no answer) {
  auto uut = open_path();
  self->send(uut, write_msg{message_kind::text, "hello"});
  self->send(uut, write_msg{message_kind::text, "\xFF"});
  CAF_CHECK(*read(uut) == text("hello"));
  CAF_CHECK(self->mailbox().empty());
}

CAF_TEST(a connection that nobody holds is closed) {
  auto uut = open_path();
  uut = nullptr;
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
  CAF_CHECK(eventually([&] { return io.hosted_actors() == 0; }));
}

CAF_TEST(requests are answered although nobody holds the connection any more) {
  auto uut = open_path();
  auto write = request(uut, write_msg{message_kind::text, "kept"});
  auto read = request(uut, read_msg{});
  auto first = request(uut, ping_msg{"first"});
  auto second = request(uut, ping_msg{"second"});
  // From here on, the answers that are owed are all that keeps it.
  uut = nullptr;
  CAF_CHECK_EQUAL(tests::get_void(write), caf::none);
  CAF_CHECK(value_of(tests::get<data_message>(read)) == text("kept"));
  CAF_CHECK(tests::get<timespan>(first));
  CAF_CHECK(tests::get<timespan>(second));
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
  CAF_CHECK(eventually([&] { return io.hosted_actors() == 0; }));
}

CAF_TEST(a connection dies with the actor that it is linked to) {
  auto uut = open_path();
  auto owner = sys.spawn(
    [](caf::event_based_actor* self, connection_actor mine) -> caf::behavior {
      self->link_to(mine);
      return {[=](caf::ok_atom) { self->quit(caf::exit_reason::user_shutdown); }};
    },
    uut);
  self->monitor(uut);
  auto waiting = request(uut, read_msg{});
  caf::anon_send(owner, caf::ok_atom_v);
  CAF_CHECK_EQUAL(error_of(tests::get<data_message>(waiting)), connection_errc::closed);
  self->receive(
    [&](const caf::down_msg& x) { CAF_CHECK_EQUAL(x.reason, caf::exit_reason::user_shutdown); });
  CAF_CHECK(server.wait_until([](const auto& x) { return x.open == 0; }));
}

CAF_TEST(killed connections leave no descriptor and answer everything) {
  // The host opens what it keeps when it has its first connection. That one's sockets may still be
  // open when it is dead: other threads close them, later than anything says so. They do no harm
  // here, for those of other connections are told apart from them.
  self->send_exit(open_path(), caf::exit_reason::kill);
  auto before = open_descriptors();
  for (int i = 0; i < 10; ++i) {
    auto uut = open_path();
    auto read = request(uut, read_msg{});
    auto ping = request(uut, ping_msg{"unanswered"});
    auto end = request(uut, wait_closed_msg{});
    self->send_exit(uut, caf::exit_reason::kill);
    CAF_CHECK_EQUAL(error_of(tests::get<data_message>(read)), connection_errc::closed);
    tests::get<timespan>(ping);
    CAF_CHECK_EQUAL(value_of(tests::get<close_details>(end)).code, close_code::abnormal);
  }
  CAF_CHECK(eventually([&] { return opened_since(before).empty(); }));
}

CAF_TEST_FIXTURE_SCOPE_END()
