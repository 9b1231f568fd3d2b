// contract_queue.cpp: what the policies make of writes for which the queue has no room, over a
// socket.

#define CAF_SUITE contract_queue

#include "real/connection_fixture.hpp"
#include "real/raw_peer.hpp"

#include "wsengine/session.hpp"

#include <future>
#include <iterator>
#include <list>
#include <string>
#include <utility>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using tests::raw_peer;
using tests::raw_session;

namespace {

// More than the system takes from us while nobody reads.
constexpr std::size_t huge = 16U << 20U;

using answers_of = std::vector<caf::error>;

struct fixture : tests::connection_fixture {
  // A peer that reads nothing until it may, then so many messages; `contents` has all but the
  // first.
  struct slow_reader {
    explicit slow_reader(std::size_t count)
      : peer(
        [this, count](raw_session& session) {
          session.upgrade();
          may_read.get_future().wait();
          std::vector<std::string> result;
          while (result.size() < count) {
            std::string content;
            for (auto fin = false; !fin;) {
              auto frame = session.read_frame();
              content += frame.payload;
              fin = frame.fin;
            }
            result.push_back(content.substr(0, 16));
          }
          contents.set_value(std::move(result));
          // Whatever comes now is a close frame.
          session.read_frame();
          session.send_close(1001);
          session.finish();
        },
        "127.0.0.1", 4096) {}

    std::promise<void> may_read;
    std::promise<std::vector<std::string>> contents;
    raw_peer peer;
  };

  // A huge message that stays in flight, then small ones of eight bytes: a queue for two of these.
  void send_all(const connection_actor& uut, const std::vector<std::string>& small) {
    pending.push_back(request(uut, write_msg{message_kind::binary, std::string(huge, 'h')}));
    for (const auto& x : small)
      pending.push_back(request(uut, write_msg{message_kind::binary, x}));
  }

  answers_of answers() {
    answers_of result;
    for (auto& x : pending)
      result.push_back(tests::get_void(x));
    return result;
  }

  using pending_write =
    decltype(std::declval<tests::connection_fixture&>().request(connection_actor{}, write_msg{}));

  std::list<pending_write> pending;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(contract_queue_tests, fixture)

CAF_TEST(the oldest that has not begun gives way) {
  slow_reader reader{3};
  options.write_queue_bytes = huge + 16;
  options.when_queue_full = queue_policy::drop_oldest;
  auto uut = open(reader.peer.url());
  send_all(uut, {"aaaaaaaa", "bbbbbbbb", "cccccccc"});
  auto oldest = std::next(pending.begin());
  CAF_CHECK_EQUAL(tests::get_void(*oldest), connection_errc::dropped);
  reader.may_read.set_value();
  auto contents = reader.contents.get_future().get();
  CAF_CHECK_EQUAL(contents[1], "bbbbbbbb");
  CAF_CHECK_EQUAL(contents[2], "cccccccc");
  pending.erase(oldest);
  CAF_CHECK(answers() == answers_of(3));
}

CAF_TEST(blocked senders wait in order and nothing is lost) {
  slow_reader reader{5};
  options.write_queue_bytes = huge + 8;
  options.when_queue_full = queue_policy::block_sender;
  options.waiting_room = 3;
  auto uut = open(reader.peer.url());
  send_all(uut, {"aaaaaaaa", "bbbbbbbb", "c", "dddddddd", "refused"});
  CAF_CHECK_EQUAL(tests::get_void(pending.back()), connection_errc::queue_full);
  pending.pop_back();
  reader.may_read.set_value();
  auto contents = reader.contents.get_future().get();
  contents.erase(contents.begin());
  CAF_CHECK_EQUAL(contents, (std::vector<std::string>{"aaaaaaaa", "bbbbbbbb", "c", "dddddddd"}));
  CAF_CHECK(answers() == answers_of(5));
}

CAF_TEST(what waits goes out before the close frame) {
  slow_reader reader{3};
  options.write_queue_bytes = huge;
  options.when_queue_full = queue_policy::block_sender;
  options.timeouts.close = tests::patience;
  auto uut = open(reader.peer.url());
  send_all(uut, {"aaaaaaaa", "bbbbbbbb"});
  auto closing = request(uut, close_msg{});
  reader.may_read.set_value();
  auto contents = reader.contents.get_future().get();
  CAF_CHECK_EQUAL(contents[2], "bbbbbbbb");
  CAF_CHECK(answers() == answers_of(3));
  CAF_CHECK_EQUAL(tests::get_void(closing), caf::none);
}

CAF_TEST(what waits was not written when the session ends) {
  slow_reader reader{1};
  options.write_queue_bytes = huge;
  options.when_queue_full = queue_policy::block_sender;
  options.timeouts.close = 100ms;
  auto uut = open(reader.peer.url());
  send_all(uut, {"aaaaaaaa", "bbbbbbbb"});
  CAF_CHECK_EQUAL(close(uut), connection_errc::close_timeout);
  auto fates = answers();
  CAF_CHECK_EQUAL(fates[0], connection_errc::write_unknown);
  CAF_CHECK_EQUAL(fates[1], connection_errc::write_failed);
  CAF_CHECK_EQUAL(fates[2], connection_errc::write_failed);
  reader.may_read.set_value();
}

CAF_TEST(a broadcast reaches every session) {
  std::vector<session> sessions(3);
  for (auto& x : sessions)
    x.connection = open_path();
  broadcast(sessions, text("to all"));
  for (auto& x : sessions)
    CAF_CHECK(tests::value_of(read(x.connection)) == text("to all"));
}

CAF_TEST_FIXTURE_SCOPE_END()
