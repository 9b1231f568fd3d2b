// url_round.cpp: which of several URLs is tried, and when an attempt has tried them all.

#define CAF_SUITE url_round

#include "rules/url_round.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <vector>

using namespace wsengine;
using rules::url_round;
using indices = std::vector<std::size_t>;

namespace {

/// The URLs of an attempt in which all fail.
indices all_of(url_round& uut) {
  uut.begin();
  indices result{uut.current()};
  while (uut.next())
    result.push_back(uut.current());
  return result;
}

} // namespace

CAF_TEST(one URL is tried once) {
  url_round uut{1, url_order::rotating};
  for (int i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(all_of(uut), (indices{0}));
}

CAF_TEST(a fixed order begins with the first) {
  url_round uut{3, url_order::fixed};
  CAF_CHECK_EQUAL(all_of(uut), (indices{0, 1, 2}));
  uut.begin();
  CAF_CHECK(uut.next());
  CAF_CHECK_EQUAL(uut.current(), 1U);
  CAF_CHECK_EQUAL(all_of(uut), (indices{0, 1, 2}));
}

CAF_TEST(a rotating order begins behind the one that was used last) {
  url_round uut{3, url_order::rotating};
  uut.begin();
  CAF_CHECK_EQUAL(uut.current(), 0U);
  uut.begin();
  CAF_CHECK_EQUAL(uut.current(), 1U);
  CAF_CHECK_EQUAL(all_of(uut), (indices{2, 0, 1}));
  CAF_CHECK_EQUAL(all_of(uut), (indices{2, 0, 1}));
}
