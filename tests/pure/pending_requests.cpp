// pending_requests.cpp: who waits for which answer, and until when.

#define CAF_SUITE pending_requests

#include "rules/pending_requests.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

using table = wsengine::rules::pending_requests<std::string>;
using names = std::vector<std::string>;

constexpr table::time_point start{1h};

} // namespace

CAF_TEST(an answer finds its caller once) {
  table uut;
  CAF_CHECK(uut.empty());
  CAF_CHECK_NOT_EQUAL(uut.add("a", "alice", start), 0U);
  CAF_CHECK_NOT_EQUAL(uut.add("b", "bob", start), 0U);
  CAF_CHECK_EQUAL(uut.size(), 2U);
  CAF_CHECK(uut.take("a") == "alice");
  CAF_CHECK(!uut.take("a"));
  CAF_CHECK(!uut.take("c"));
  CAF_CHECK_EQUAL(uut.size(), 1U);
}

CAF_TEST(a key waits once at a time) {
  table uut;
  std::string second = "second";
  CAF_CHECK_NOT_EQUAL(uut.add("a", "first", start), 0U);
  CAF_CHECK_EQUAL(uut.add("a", std::move(second), start), 0U);
  CAF_CHECK_EQUAL(second, "second");
  CAF_CHECK(uut.take("a") == "first");
  CAF_CHECK_NOT_EQUAL(uut.add("a", std::move(second), start), 0U);
  CAF_CHECK(uut.take("a") == "second");
}

CAF_TEST(a number tells requests with the same key apart) {
  table uut;
  auto old = uut.add("a", "old", start);
  uut.take("a");
  auto present = uut.add("a", "present", start);
  CAF_CHECK_NOT_EQUAL(old, present);
  CAF_CHECK(!uut.take("a", old));
  CAF_CHECK(uut.take("a", present) == "present");
}

CAF_TEST(deadlines come in order) {
  table uut;
  CAF_CHECK(!uut.next_deadline());
  uut.add("late", "late", start + 3s);
  uut.add("early", "early", start + 1s);
  uut.add("same", "same", start + 1s);
  CAF_CHECK(uut.next_deadline() == start + 1s);
  CAF_CHECK(uut.take_due(start).empty());
  CAF_CHECK_EQUAL(uut.take_due(start + 1s), (names{"early", "same"}));
  CAF_CHECK(uut.next_deadline() == start + 3s);
  CAF_CHECK(!uut.take("early"));
  // One that is answered has no deadline any more.
  uut.take("late");
  CAF_CHECK(!uut.next_deadline());
  CAF_CHECK(uut.take_due(start + 1h).empty());
}

CAF_TEST(all can be taken at once) {
  table uut;
  uut.add("b", "bob", start + 2s);
  uut.add("a", "alice", table::time_point::max());
  CAF_CHECK_EQUAL(uut.take_all(), (names{"bob", "alice"}));
  CAF_CHECK(uut.empty());
  CAF_CHECK(!uut.next_deadline());
}
