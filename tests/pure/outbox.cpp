// outbox.cpp: the rules of what an engine was asked to send.

#define CAF_SUITE outbox

#include "rules/outbox.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using rules::settled_send;
using rules::settled_sends;
using rules::write_result;

using strings = std::vector<std::string>;

namespace {

constexpr session_id first{1};
constexpr session_id second{2};

struct fixture {
  // Adds a message for a session that runs, or none.
  std::optional<send_errc> add(std::uint64_t id, send_policy policy, timespan expire_after = 0s) {
    send_msg what;
    what.data = std::to_string(id);
    what.policy = policy;
    what.expire_after = expire_after;
    what.resend_unknown = resend;
    return uut.add(id, what, now, running);
  }

  // The id of the message to hand over; zero for none.
  std::uint64_t next() {
    auto result = uut.next();
    return result ? result->id : 0;
  }

  settled_sends answered(std::uint64_t id, write_result how) { return uut.answered(id, how, now); }

  void open(session_id which) {
    uut.session_opened(which);
    running = true;
  }

  settled_sends end() {
    running = false;
    return uut.session_ended();
  }

  rules::outbox uut{{true, 3, 100}};
  rules::outbox::time_point now{};
  bool running = false;
  bool resend = false;
};

bool is_only(const settled_sends& all, std::uint64_t id, std::optional<send_errc> error,
             session_id session = {}) {
  return all == settled_sends{{id, error, session}};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(outbox_tests, fixture)

CAF_TEST(one message after the other is handed over and answered) {
  open(first);
  CAF_CHECK(!add(1, send_policy::keep));
  CAF_CHECK(!add(2, send_policy::session));
  CAF_CHECK_EQUAL(next(), 1U);
  CAF_CHECK_EQUAL(next(), 0U);
  CAF_CHECK(is_only(answered(1, write_result::written), 1, {}, first));
  CAF_CHECK_EQUAL(next(), 2U);
  CAF_CHECK(is_only(answered(2, write_result::written), 2, {}, first));
  CAF_CHECK_EQUAL(uut.size(), 0U);
  CAF_CHECK_EQUAL(uut.bytes(), 0U);
}

CAF_TEST(without an outbox all are handed over at once and that is their only chance) {
  uut = rules::outbox{{false, 3, 100}};
  CAF_CHECK(add(1, send_policy::session) == send_errc::no_session);
  CAF_CHECK(add(1, send_policy::keep) == send_errc::no_outbox);
  CAF_CHECK(add(1, send_policy::expire, 1s) == send_errc::no_outbox);
  open(first);
  CAF_CHECK(add(1, send_policy::keep) == send_errc::no_outbox);
  resend = true;
  CAF_CHECK(add(1, send_policy::session) == send_errc::no_outbox);
  resend = false;
  for (std::uint64_t id = 1; id <= 5; ++id) {
    CAF_CHECK(!add(id, send_policy::session));
    CAF_CHECK_EQUAL(next(), id);
  }
  CAF_CHECK(is_only(answered(2, write_result::not_now), 2, send_errc::failed, first));
  CAF_CHECK(is_only(answered(1, write_result::written), 1, {}, first));
  CAF_CHECK(end().empty());
  CAF_CHECK(is_only(answered(3, write_result::session_over), 3, send_errc::failed, first));
  CAF_CHECK(is_only(answered(4, write_result::unknown), 4, send_errc::unknown, first));
  CAF_CHECK(is_only(answered(5, write_result::refused), 5, send_errc::invalid_message, first));
  CAF_CHECK_EQUAL(uut.size(), 0U);
}

CAF_TEST(the outbox is bounded in messages and bytes) {
  for (std::uint64_t id = 1; id <= 3; ++id)
    CAF_CHECK(!add(id, send_policy::keep));
  CAF_CHECK(add(4, send_policy::keep) == send_errc::outbox_full);
  uut = rules::outbox{{true, 100, 10}};
  send_msg large;
  large.data = std::string(11, 'x');
  large.policy = send_policy::keep;
  // One is always accepted.
  CAF_CHECK(!uut.add(1, large, now, false));
  CAF_CHECK(add(2, send_policy::keep) == send_errc::outbox_full);
  open(first);
  CAF_CHECK_EQUAL(next(), 1U);
  CAF_CHECK(add(2, send_policy::keep) == send_errc::outbox_full);
  CAF_CHECK_EQUAL(answered(1, write_result::written).size(), 1U);
  CAF_CHECK(!add(2, send_policy::keep));
}

CAF_TEST(what waits outlives a session or not as its policy says) {
  CAF_CHECK(!add(1, send_policy::keep));
  CAF_CHECK(!add(2, send_policy::session));
  CAF_CHECK(!add(3, send_policy::expire, 1min));
  open(first);
  CAF_CHECK(is_only(end(), 2, send_errc::dropped, first));
  open(second);
  CAF_CHECK_EQUAL(next(), 1U);
  CAF_CHECK(is_only(answered(1, write_result::written), 1, {}, second));
  CAF_CHECK_EQUAL(next(), 3U);
}

CAF_TEST(what was not written goes out first in the next session) {
  open(first);
  CAF_CHECK(!add(1, send_policy::keep));
  CAF_CHECK(!add(2, send_policy::keep));
  CAF_CHECK_EQUAL(next(), 1U);
  CAF_CHECK(answered(1, write_result::session_over).empty());
  // Nothing more goes to a session that is over.
  CAF_CHECK_EQUAL(next(), 0U);
  CAF_CHECK(!uut.wants_another_try());
  CAF_CHECK(end().empty());
  open(second);
  CAF_CHECK_EQUAL(next(), 1U);
  CAF_CHECK(is_only(answered(1, write_result::written), 1, {}, second));
  CAF_CHECK_EQUAL(next(), 2U);
}

CAF_TEST(an answer may come after the end of its session) {
  open(first);
  for (std::uint64_t id = 1; id <= 3; ++id)
    CAF_CHECK(!add(id, id == 1 ? send_policy::session : send_policy::keep));
  CAF_CHECK_EQUAL(next(), 1U);
  CAF_CHECK(end().empty());
  open(second);
  // Its fate decides on the order of the others.
  CAF_CHECK_EQUAL(next(), 0U);
  CAF_CHECK(is_only(answered(1, write_result::not_now), 1, send_errc::failed, first));
  CAF_CHECK_EQUAL(next(), 2U);
  CAF_CHECK(end().empty());
  open({3});
  CAF_CHECK(answered(2, write_result::session_over).empty());
  CAF_CHECK_EQUAL(next(), 2U);
}

CAF_TEST(a message that the session has no room for is tried again in its turn) {
  open(first);
  CAF_CHECK(!add(1, send_policy::session));
  CAF_CHECK(!add(2, send_policy::session));
  CAF_CHECK_EQUAL(next(), 1U);
  CAF_CHECK(answered(1, write_result::not_now).empty());
  CAF_CHECK(uut.wants_another_try());
  CAF_CHECK_EQUAL(next(), 0U);
  uut.try_again();
  CAF_CHECK_EQUAL(next(), 1U);
}

CAF_TEST(nothing is sent twice unless that is asked for) {
  open(first);
  CAF_CHECK(!add(1, send_policy::keep));
  resend = true;
  CAF_CHECK(!add(2, send_policy::keep));
  CAF_CHECK(!add(3, send_policy::session));
  CAF_CHECK_EQUAL(next(), 1U);
  CAF_CHECK(is_only(answered(1, write_result::unknown), 1, send_errc::unknown, first));
  // The session is over.
  CAF_CHECK_EQUAL(next(), 0U);
  CAF_CHECK(is_only(end(), 3, send_errc::dropped, first));
  open({3});
  CAF_CHECK_EQUAL(next(), 2U);
  CAF_CHECK(answered(2, write_result::unknown).empty());
  CAF_CHECK(end().empty());
  open(second);
  CAF_CHECK_EQUAL(next(), 2U);
  CAF_CHECK(is_only(answered(2, write_result::written), 2, {}, second));
  // There is no next session for this one.
  CAF_CHECK(!add(4, send_policy::session));
  CAF_CHECK_EQUAL(next(), 4U);
  CAF_CHECK(is_only(answered(4, write_result::unknown), 4, send_errc::unknown, second));
}

CAF_TEST(messages expire while they wait) {
  CAF_CHECK(!add(1, send_policy::expire, 2s));
  CAF_CHECK(uut.newest_expiry() == now + 2s);
  CAF_CHECK(!add(2, send_policy::expire, 1s));
  CAF_CHECK(!add(3, send_policy::keep));
  CAF_CHECK(!uut.newest_expiry());
  CAF_CHECK(uut.next_expiry(now) == now + 1s);
  now += 1s;
  CAF_CHECK(is_only(uut.expire(now), 2, send_errc::expired));
  CAF_CHECK(uut.next_expiry(now) == now + 1s);
  now += 1s;
  CAF_CHECK(is_only(uut.expire(now), 1, send_errc::expired));
  CAF_CHECK(!uut.next_expiry(now));
  CAF_CHECK_EQUAL(uut.size(), 1U);
}

CAF_TEST(what was handed over expires when it comes back) {
  open(first);
  CAF_CHECK(!add(1, send_policy::expire, 1s));
  CAF_CHECK_EQUAL(next(), 1U);
  now += 1s;
  CAF_CHECK(uut.expire(now).empty());
  CAF_CHECK(is_only(answered(1, write_result::session_over), 1, send_errc::expired, first));
  CAF_CHECK(!add(2, send_policy::expire, 1s));
  CAF_CHECK(end().empty());
  open(second);
  CAF_CHECK_EQUAL(next(), 2U);
  now += 1s;
  CAF_CHECK(is_only(answered(2, write_result::written), 2, {}, second));
}

CAF_TEST(the end of the engine settles everything) {
  open(first);
  for (std::uint64_t id = 1; id <= 3; ++id)
    CAF_CHECK(!add(id, send_policy::keep));
  CAF_CHECK_EQUAL(next(), 1U);
  CAF_CHECK(end().empty());
  auto stopped = uut.stop();
  CAF_CHECK(stopped == (settled_sends{{2, send_errc::dropped, {}}, {3, send_errc::dropped, {}}}));
  // Not kept for a next session.
  CAF_CHECK(is_only(answered(1, write_result::session_over), 1, send_errc::failed, first));
  open(second);
  CAF_CHECK(!add(4, send_policy::keep));
  CAF_CHECK(!add(5, send_policy::keep));
  CAF_CHECK_EQUAL(next(), 4U);
  auto abandoned = uut.abandon();
  CAF_CHECK(abandoned
            == (settled_sends{{5, send_errc::dropped, {}}, {4, send_errc::unknown, second}}));
  CAF_CHECK_EQUAL(uut.size(), 0U);
}

CAF_TEST(absurd waits do not overflow) {
  CAF_CHECK(!add(1, send_policy::expire, timespan::max()));
  CAF_CHECK(*uut.newest_expiry() > now);
  CAF_CHECK(!add(2, send_policy::expire, timespan::min()));
  CAF_CHECK(is_only(uut.expire(now), 2, send_errc::expired));
}

CAF_TEST(an answer is read for what it says) {
  using rules::write_result_of;
  CAF_CHECK(write_result_of({}) == write_result::written);
  CAF_CHECK(write_result_of(make_closed_error("", {})) == write_result::session_over);
  CAF_CHECK(write_result_of(make_error(connection_errc::queue_full, "")) == write_result::not_now);
  CAF_CHECK(write_result_of(make_error(connection_errc::dropped, "")) == write_result::not_now);
  CAF_CHECK(write_result_of(make_error(connection_errc::write_failed, ""))
            == write_result::not_now);
  CAF_CHECK(write_result_of(make_error(connection_errc::invalid_message, ""))
            == write_result::refused);
  CAF_CHECK(write_result_of(make_error(connection_errc::write_unknown, ""))
            == write_result::unknown);
  CAF_CHECK(write_result_of(caf::sec::request_receiver_down) == write_result::session_over);
  CAF_CHECK(write_result_of(caf::sec::request_timeout) == write_result::unknown);
}

CAF_TEST_FIXTURE_SCOPE_END()
