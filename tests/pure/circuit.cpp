// circuit.cpp: when a server is left alone, and who tries it again.

#define CAF_SUITE circuit

#include "rules/circuit.hpp"

#include "wsengine/testing/unit_test.hpp"

using namespace std::chrono_literals;
using wsengine::circuit_state;
using wsengine::rules::circuit;

namespace {

constexpr circuit::time_point start{1h};

circuit broken() {
  circuit result{{2, 10s}};
  result.failed(start, false);
  result.failed(start, false);
  return result;
}

} // namespace

CAF_TEST(without a threshold it never opens) {
  circuit uut{{}};
  for (int i = 0; i < 1000; ++i)
    uut.failed(start, false);
  CAF_CHECK_EQUAL(uut.state(start), circuit_state::closed);
  CAF_CHECK_EQUAL(uut.failures(), 1000U);
}

CAF_TEST(only failures in a row open it) {
  circuit uut{{2, 10s}};
  uut.failed(start, false);
  uut.succeeded();
  uut.failed(start, false);
  CAF_CHECK_EQUAL(uut.state(start), circuit_state::closed);
  uut.abandoned(false);
  uut.failed(start, false);
  CAF_CHECK_EQUAL(uut.state(start), circuit_state::open);
  CAF_CHECK(!uut.lets_through(start));
  CAF_CHECK(uut.open_until() == start + 10s);
}

CAF_TEST(failures of attempts that had begun before change nothing) {
  auto uut = broken();
  uut.failed(start + 9s, false);
  CAF_CHECK(uut.open_until() == start + 10s);
  CAF_CHECK(!uut.begin(start + 9s));
}

CAF_TEST(when it is half open one attempt is made) {
  auto uut = broken();
  CAF_CHECK(!uut.lets_through(start + 9999ms));
  CAF_CHECK(uut.lets_through(start + 10s));
  CAF_CHECK_EQUAL(uut.state(start + 10s), circuit_state::half_open);
  CAF_CHECK(uut.begin(start + 10s));
  CAF_CHECK(!uut.lets_through(start + 10s));
  CAF_CHECK(!uut.lets_through(start + 1h));
}

CAF_TEST(the one attempt decides) {
  auto good = broken();
  good.begin(start + 10s);
  good.succeeded();
  CAF_CHECK_EQUAL(good.state(start + 10s), circuit_state::closed);
  CAF_CHECK(good.lets_through(start + 10s));
  CAF_CHECK_EQUAL(good.failures(), 0U);
  auto bad = broken();
  bad.begin(start + 10s);
  bad.failed(start + 12s, true);
  CAF_CHECK_EQUAL(bad.state(start + 12s), circuit_state::open);
  CAF_CHECK(bad.open_until() == start + 22s);
  CAF_CHECK(bad.lets_through(start + 22s));
}

CAF_TEST(an attempt that says nothing leaves its place to another) {
  auto uut = broken();
  uut.begin(start + 10s);
  // Another one, from before.
  uut.abandoned(false);
  CAF_CHECK(!uut.lets_through(start + 10s));
  uut.abandoned(true);
  CAF_CHECK(uut.lets_through(start + 10s));
}

CAF_TEST(a success of an attempt from before closes it) {
  auto uut = broken();
  uut.succeeded();
  CAF_CHECK_EQUAL(uut.state(start), circuit_state::closed);
}
