// nearest.cpp: what somebody who mistyped a word has meant.

#define CAF_SUITE nearest

#include "nearest.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>
#include <vector>

using namespace wsengine::cli;

namespace {

const std::vector<std::string> known = {"count", "json", "jitter", "ca", "cookies"};

} // namespace

CAF_TEST(each kind of slip is found) {
  for (const auto* typed : {"cont", "coount", "cuont", "coumt", "Count", "count"})
    CAF_CHECK_EQUAL(nearest(typed, known), "count");
  CAF_CHECK_EQUAL(nearest("jitte", known), "jitter");
  CAF_CHECK_EQUAL(nearest("cookie", known), "cookies");
}

CAF_TEST(a word with several slips must be long) {
  CAF_CHECK_EQUAL(nearest("jittttter", known), "jitter");
  CAF_CHECK_EQUAL(nearest("cukies", known), "cookies");
  CAF_CHECK_EQUAL(nearest("cxx", known), "");
}

CAF_TEST(what is too far away is not offered) {
  for (const auto* typed : {"", "x", "no", "verbose", "jan"})
    CAF_CHECK_EQUAL(nearest(typed, known), "");
}

CAF_TEST(the first of equals) {
  CAF_CHECK_EQUAL(nearest("abcd", {"abce", "abcf"}), "abce");
  CAF_CHECK_EQUAL(nearest("abcd", {}), "");
}

CAF_TEST(the remark ends a complaint) {
  CAF_CHECK_EQUAL(did_you_mean("cuont", known, "--"), "; did you mean --count?");
  CAF_CHECK_EQUAL(did_you_mean("verbose", known), "");
}
