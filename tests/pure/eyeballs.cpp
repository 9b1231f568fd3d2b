// eyeballs.cpp: the race between the addresses of a host (RFC 8305), in virtual time.

#define CAF_SUITE eyeballs

#include "eyeballs.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>

using namespace std::chrono_literals;
using wsengine::io::eyeballs;
using family = eyeballs::family;

namespace {

struct fixture {
  /// All that is to be tried now, as in "60 61 40".
  std::string next() {
    std::string result;
    while (auto what = uut.next(now)) {
      result += result.empty() ? "" : " ";
      result += what->which == family::v6 ? "6" : "4";
      result += std::to_string(what->index);
    }
    return result;
  }

  void resolved(family which, std::size_t count) { uut.resolved(which, count, now); }

  /// Moves the time, which is virtual, on until there is something to ask; returns by how much.
  std::chrono::milliseconds pass() {
    auto until = uut.wake();
    CAF_REQUIRE(until);
    auto result = std::chrono::duration_cast<std::chrono::milliseconds>(*until - now);
    now = *until;
    return result;
  }

  eyeballs uut{50ms, 250ms};
  eyeballs::time_point now{1h};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(eyeballs_tests, fixture)

CAF_TEST(nothing happens before there are addresses) {
  CAF_CHECK_EQUAL(next(), "");
  CAF_CHECK(!uut.wake());
  CAF_CHECK(!uut.hopeless());
}

CAF_TEST(IPv6 starts at once and the families take turns) {
  resolved(family::v6, 2);
  CAF_CHECK_EQUAL(next(), "60");
  resolved(family::v4, 2);
  CAF_CHECK_EQUAL(next(), "");
  CAF_CHECK(pass() == 250ms);
  CAF_CHECK_EQUAL(next(), "40");
  CAF_CHECK(pass() == 250ms);
  CAF_CHECK_EQUAL(next(), "61");
  CAF_CHECK(pass() == 250ms);
  CAF_CHECK_EQUAL(next(), "41");
  CAF_CHECK(!uut.wake());
  CAF_CHECK(!uut.hopeless());
}

CAF_TEST(IPv4 waits a little for IPv6) {
  resolved(family::v4, 1);
  CAF_CHECK_EQUAL(next(), "");
  CAF_CHECK(pass() == 50ms);
  CAF_CHECK_EQUAL(next(), "40");
  CAF_CHECK(!uut.wake());
  now += 10ms;
  resolved(family::v6, 1);
  CAF_CHECK_EQUAL(next(), "");
  CAF_CHECK(pass() == 240ms);
  CAF_CHECK_EQUAL(next(), "60");
}

CAF_TEST(IPv6 that comes in time goes first) {
  resolved(family::v4, 1);
  now += 49ms;
  resolved(family::v6, 1);
  CAF_CHECK_EQUAL(next(), "60");
  CAF_CHECK(pass() == 250ms);
  CAF_CHECK_EQUAL(next(), "40");
}

CAF_TEST(IPv4 does not wait when there is no IPv6) {
  resolved(family::v4, 1);
  resolved(family::v6, 0);
  CAF_CHECK_EQUAL(next(), "40");
}

CAF_TEST(a failure starts the next attempt at once) {
  resolved(family::v6, 1);
  resolved(family::v4, 2);
  CAF_CHECK_EQUAL(next(), "60");
  uut.failed();
  CAF_CHECK_EQUAL(next(), "40");
  // One that fails while another is under way does so, too.
  now += 250ms;
  CAF_CHECK_EQUAL(next(), "41");
  uut.failed();
  uut.failed();
  CAF_CHECK(uut.hopeless());
}

CAF_TEST(a slow address does not end the race of the others) {
  resolved(family::v6, 1);
  resolved(family::v4, 1);
  CAF_CHECK_EQUAL(next(), "60");
  now += 250ms;
  CAF_CHECK_EQUAL(next(), "40");
  uut.failed();
  CAF_CHECK(!uut.hopeless());
  uut.failed();
  CAF_CHECK(uut.hopeless());
}

CAF_TEST(what failed waits for the other family to be resolved) {
  resolved(family::v6, 1);
  CAF_CHECK_EQUAL(next(), "60");
  uut.failed();
  CAF_CHECK(!uut.hopeless());
  CAF_CHECK(!uut.wake());
  resolved(family::v4, 1);
  CAF_CHECK_EQUAL(next(), "40");
  uut.failed();
  CAF_CHECK(uut.hopeless());
}

CAF_TEST(a host without addresses) {
  resolved(family::v6, 0);
  CAF_CHECK(!uut.hopeless());
  resolved(family::v4, 0);
  CAF_CHECK(uut.hopeless());
  CAF_CHECK(!uut.started());
}

CAF_TEST_FIXTURE_SCOPE_END()
