// turnstile.cpp: whose turn it is to dial.

#define CAF_SUITE turnstile

#include "rules/turnstile.hpp"

#include "wsengine/testing/unit_test.hpp"

using namespace std::chrono_literals;
using wsengine::rules::turnstile;
using kind = turnstile::verdict::kind;

namespace {

constexpr turnstile::time_point start{1h};

} // namespace

CAF_TEST(who comes first goes first) {
  turnstile uut{{10, 1, ""}, {}};
  auto a = uut.join();
  auto b = uut.join();
  CAF_CHECK(uut.head() == a);
  CAF_CHECK(uut.ask(b, start).what == kind::queue);
  CAF_CHECK(uut.ask(a, start).what == kind::go);
  CAF_CHECK(uut.head() == b);
  auto verdict = uut.ask(b, start);
  CAF_CHECK(verdict.what == kind::wait);
  CAF_CHECK(verdict.until == start + 100ms);
  CAF_CHECK(uut.ask(b, start + 100ms).what == kind::go);
  CAF_CHECK(!uut.head());
}

CAF_TEST(who leaves costs the others nothing) {
  turnstile uut{{10, 1, ""}, {}};
  auto a = uut.join();
  auto b = uut.join();
  auto c = uut.join();
  CAF_CHECK(uut.expected(c, start) == start + 200ms);
  uut.leave(b);
  CAF_CHECK(uut.expected(c, start) == start + 100ms);
  uut.leave(a);
  CAF_CHECK(uut.head() == c);
  CAF_CHECK(uut.ask(c, start).what == kind::go);
}

CAF_TEST(without a budget only the circuit counts) {
  turnstile uut{{}, {1, 10s}};
  CAF_CHECK(uut.ask(uut.join(), start).what == kind::go);
  CAF_CHECK(uut.ask(uut.join(), start).what == kind::go);
  uut.breaker().failed(start, false);
  auto a = uut.join();
  auto verdict = uut.ask(a, start);
  CAF_CHECK(verdict.what == kind::wait);
  CAF_CHECK(verdict.until == start + 10s);
  CAF_CHECK(uut.expected(a, start) == start + 10s);
}

CAF_TEST(one tries and the others wait for how that goes) {
  turnstile uut{{}, {1, 10s}};
  uut.breaker().failed(start, false);
  auto a = uut.join();
  auto b = uut.join();
  auto verdict = uut.ask(a, start + 10s);
  CAF_CHECK(verdict.what == kind::go);
  CAF_CHECK(verdict.is_trial);
  CAF_CHECK(uut.ask(b, start + 11s).what == kind::queue);
  uut.breaker().succeeded();
  verdict = uut.ask(b, start + 11s);
  CAF_CHECK(verdict.what == kind::go);
  CAF_CHECK(!verdict.is_trial);
}

CAF_TEST(parts that are turned off leave what the others have asked for) {
  turnstile uut{{10, 1, ""}, {1, 10s}};
  uut.configure({}, {});
  CAF_CHECK(uut.ask(uut.join(), start).what == kind::go);
  auto a = uut.join();
  CAF_CHECK(uut.ask(a, start).until == start + 100ms);
  uut.breaker().failed(start, false);
  CAF_CHECK(uut.ask(a, start).until == start + 10s);
}
