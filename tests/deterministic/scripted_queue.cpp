// scripted_queue.cpp: what the policies make of writes for which the queue has no room, and what
// becomes of them when the session ends.

#define CAF_SUITE scripted_queue

#include "deterministic/scripted_fixture.hpp"

#include "wsengine/session.hpp"

namespace {

struct fixture : scripted_fixture {
  // A connection with a queue of eight bytes whose peer takes nothing yet.
  connection_actor open_stalled(queue_policy policy) {
    options.write_queue_bytes = 8;
    options.when_queue_full = policy;
    options.waiting_room = 2;
    return open(script{}.accept().stall_writes());
  }

  // The peer does this now.
  void peer(script what) {
    network.play(0, std::move(what));
    consume_messages();
  }

  std::vector<data_message> written() { return network.record(0).written; }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(scripted_queue_tests, fixture)

CAF_TEST(the oldest that has not begun gives way and is told so) {
  auto uut = open_stalled(queue_policy::drop_oldest);
  auto begun = write(uut, "aaaa");
  auto oldest = write(uut, "bb");
  auto kept = write(uut, "cc");
  auto newest = write(uut, "dd");
  CAF_CHECK(oldest->failed(connection_errc::dropped));
  CAF_CHECK(begun->pending() && kept->pending() && newest->pending());
  peer(script{}.take_writes());
  CAF_CHECK(begun->succeeded() && kept->succeeded() && newest->succeeded());
  CAF_CHECK_EQUAL(written(), texts({"aaaa", "cc", "dd"}));
}

CAF_TEST(a message is refused when too little can give way) {
  auto uut = open_stalled(queue_policy::drop_oldest);
  auto begun = write(uut, "aaaa");
  auto second = write(uut, "bb");
  CAF_CHECK(write(uut, "12345")->failed(connection_errc::queue_full));
  CAF_CHECK(begun->pending() && second->pending());
}

CAF_TEST(a batch gives way as a whole) {
  auto uut = open_stalled(queue_policy::drop_oldest);
  write(uut, "aaaa");
  auto batch = ask<caf::unit_t>(uut, write_batch_msg{{texts({"bb", "cc"})}});
  auto newest = write(uut, "dd");
  CAF_CHECK(batch->failed(connection_errc::dropped));
  peer(script{}.take_writes());
  CAF_CHECK(newest->succeeded());
  CAF_CHECK_EQUAL(written(), texts({"aaaa", "dd"}));
}

CAF_TEST(blocked senders wait in order and nothing is lost) {
  auto uut = open_stalled(queue_policy::block_sender);
  auto first = write(uut, "aaaaaa");
  auto second = write(uut, "bbbb");
  auto third = write(uut, "c");
  CAF_CHECK(write(uut, "d")->failed(connection_errc::queue_full));
  CAF_CHECK(first->pending() && second->pending() && third->pending());
  peer(script{}.take_writes());
  CAF_CHECK(first->succeeded() && second->succeeded() && third->succeeded());
  CAF_CHECK_EQUAL(written(), texts({"aaaaaa", "bbbb", "c"}));
  CAF_CHECK(write(uut, "d")->succeeded());
}

CAF_TEST(what waits goes out before the close frame) {
  auto uut = open_stalled(queue_policy::block_sender);
  write(uut, "aaaaaa");
  auto waits = write(uut, "bbbb");
  auto closing = close(uut);
  CAF_CHECK(closing->pending());
  peer(script{}.take_writes());
  CAF_CHECK(waits->succeeded() && closing->succeeded());
  CAF_CHECK_EQUAL(written(), texts({"aaaaaa", "bbbb"}));
}

CAF_TEST(each write has one fate when the session breaks) {
  auto uut = open_stalled(queue_policy::block_sender);
  auto begun = write(uut, "aaaaaa");
  auto queued = write(uut, "b");
  auto waits = write(uut, "cccc");
  peer(script{}.drop());
  CAF_CHECK(begun->failed(connection_errc::write_unknown));
  CAF_CHECK(queued->failed(connection_errc::write_failed));
  CAF_CHECK(waits->failed(connection_errc::write_failed));
  CAF_CHECK(written().empty());
}

CAF_TEST(a broadcast shares the bytes of one payload) {
  std::vector<session> sessions;
  for (int i = 0; i < 3; ++i) {
    sessions.emplace_back();
    sessions.back().connection = open(script{}.accept());
  }
  auto message = binary(std::string(1000, 'x'));
  broadcast(sessions, message);
  consume_messages();
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    auto got = network.record(i).written;
    CAF_REQUIRE_EQUAL(got.size(), 1U);
    CAF_CHECK(got[0].data.data() == message.data.data());
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
