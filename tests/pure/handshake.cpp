// handshake.cpp: looking up header fields.

#define CAF_SUITE handshake

#include "wsengine/handshake.hpp"

#include <caf/test/unit_test.hpp>

using namespace wsengine;

CAF_TEST(header fields are found without regard to case) {
  header_fields fields{{"Server", "a"}, {"Set-Cookie", "b"}, {"set-cookie", "c"}, {"Empty", ""}};
  CAF_REQUIRE(find_header(fields, "sErVeR") != nullptr);
  CAF_CHECK_EQUAL(*find_header(fields, "sErVeR"), "a");
  CAF_CHECK_EQUAL(find_header(fields, "SET-COOKIE"), &fields[1].second);
  CAF_CHECK_EQUAL(find_header(fields, "empty"), &fields[3].second);
}

CAF_TEST(header fields that are not there are not found) {
  header_fields fields{{"Server", "a"}};
  CAF_CHECK(find_header(fields, "Serve") == nullptr);
  CAF_CHECK(find_header(fields, "Server2") == nullptr);
  CAF_CHECK(find_header(fields, "") == nullptr);
  CAF_CHECK(find_header({}, "Server") == nullptr);
  // Characters that differ from letters in the same bit.
  CAF_CHECK(find_header({{"@[", ""}}, "`{") == nullptr);
}
