// credit.cpp: how many messages a connection may hand over unasked.

#define CAF_SUITE credit

#include "rules/credit.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <random>
#include <string>

using namespace wsengine;
using rules::load;

namespace {

constexpr load window{100, 1000};
constexpr load nothing{};

} // namespace

CAF_TEST(the first grant is the whole window) {
  rules::credit uut{window};
  CAF_CHECK(!uut.outstanding());
  CAF_CHECK(!uut.stands());
  CAF_CHECK(uut.grant(nothing) == window);
  CAF_CHECK(uut.outstanding());
  CAF_CHECK(uut.stands());
  CAF_CHECK(uut.grant(nothing) == nothing);
}

CAF_TEST(credit is given back by halves) {
  rules::credit uut{window};
  uut.grant(nothing);
  uut.received({49, 0});
  CAF_CHECK(uut.grant(nothing) == nothing);
  uut.received({1, 0});
  CAF_CHECK(uut.grant(nothing) == (load{50, 0}));
  uut.received({1, 500});
  CAF_CHECK(uut.grant(nothing) == (load{1, 500}));
}

CAF_TEST(what is held counts) {
  rules::credit uut{window};
  uut.grant(nothing);
  uut.received({100, 100});
  CAF_CHECK(uut.grant({100, 100}) == nothing);
  CAF_CHECK(uut.grant({51, 51}) == nothing);
  CAF_CHECK(uut.grant({50, 50}) == (load{50, 50}));
}

CAF_TEST(a message beyond the window is made up for when it is gone) {
  rules::credit uut{window};
  uut.grant(nothing);
  uut.received({1, 5000});
  CAF_CHECK(!uut.outstanding());
  CAF_CHECK(uut.is_low());
  CAF_CHECK(uut.grant({1, 5000}) == nothing);
  CAF_CHECK(uut.grant(nothing) == (load{1, 5000}));
  CAF_CHECK(uut.outstanding());
}

CAF_TEST(empty messages use up their number) {
  rules::credit uut{window};
  uut.grant(nothing);
  uut.received({100, 0});
  CAF_CHECK(!uut.outstanding());
  CAF_CHECK(uut.grant(nothing) == (load{100, 0}));
}

CAF_TEST(credit is low before it can run out unseen) {
  rules::credit uut{window};
  uut.grant(nothing);
  CAF_CHECK(!uut.is_low());
  uut.received({50, 500});
  CAF_CHECK(!uut.is_low());
  uut.received({1, 0});
  CAF_CHECK(uut.is_low());
}

CAF_TEST(after an end everything is granted anew) {
  rules::credit uut{window};
  uut.grant(nothing);
  uut.received({10, 10});
  uut.ended();
  CAF_CHECK(!uut.outstanding());
  CAF_CHECK(!uut.stands());
  CAF_CHECK(uut.grant(nothing) == window);
}

// Whoever holds nothing any more and looks whenever credit is low never leaves the connection
// without any, and never gets more than the window and one message.
CAF_TEST(whatever comes the stream goes on within its bounds) {
  std::minstd_rand random{7};
  rules::credit uut{window};
  // The connection's side of the account.
  load left = uut.grant(nothing);
  load held;
  for (int i = 0; i < 20'000; ++i) {
    if (left.messages > 0 && left.bytes > 0 && random() % 3 != 0) {
      load batch;
      std::int64_t last = 0;
      auto most = static_cast<std::int64_t>(1 + random() % 40);
      while (batch.messages < std::min(most, left.messages) && batch.bytes < left.bytes)
        batch += load{1, last = static_cast<std::int64_t>(random() % 8 == 0 ? random() % 3000 : 0)};
      left -= batch;
      uut.received(batch);
      held += batch;
      CAF_REQUIRE_LESS_OR_EQUAL(held.messages, window.messages);
      CAF_REQUIRE_LESS_OR_EQUAL(held.bytes - last, window.bytes);
    } else if (uut.is_low() || random() % 4 == 0) {
      held = {};
    }
    left += uut.grant(held);
    CAF_REQUIRE(uut.outstanding() == (left.messages > 0 && left.bytes > 0));
    CAF_REQUIRE(uut.outstanding() || held != nothing);
  }
}
