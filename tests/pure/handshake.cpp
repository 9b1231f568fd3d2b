// handshake.cpp: looking up header fields, and making those that carry credentials.

#define CAF_SUITE handshake

#include "wsengine/handshake.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <stdexcept>
#include <string>

using namespace wsengine;

namespace {

bool is_refused(const std::string& user, const std::string& password) {
  try {
    static_cast<void>(basic_auth(user, password));
    return false;
  } catch (const std::invalid_argument&) {
    return true;
  }
}

} // namespace

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

// -- credentials ----------------------------------------------------------------------------------

CAF_TEST(basic auth is base64) {
  // RFC 7617, section 2, and the paddings of RFC 4648, section 10.
  CAF_CHECK(basic_auth("Aladdin", "open sesame")
            == (header_field{"Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}));
  CAF_CHECK_EQUAL(basic_auth("", "").second, "Basic Og==");
  CAF_CHECK_EQUAL(basic_auth("a", "").second, "Basic YTo=");
  CAF_CHECK_EQUAL(basic_auth("a", "b").second, "Basic YTpi");
  CAF_CHECK_EQUAL(basic_auth("\xc3\xbc", "b:c").second, "Basic w7w6Yjpj");
}

CAF_TEST(what basic auth cannot express) {
  CAF_CHECK(is_refused("a:b", "c"));
  CAF_CHECK(is_refused("a\n", "c"));
  CAF_CHECK(is_refused("a", "\x7f"));
  CAF_CHECK(!is_refused("a", "b:c"));
}

CAF_TEST(bearer auth is a token) {
  CAF_CHECK(bearer_auth("abc.def") == (header_field{"Authorization", "Bearer abc.def"}));
}

CAF_TEST(which fields are credentials) {
  for (const auto* name : {"Authorization", "authorization", "COOKIE", "Proxy-Authorization"})
    CAF_CHECK(is_credential(name));
  for (const auto* name : {"", "Authorizatio", "Set-Cookie", "Host"})
    CAF_CHECK(!is_credential(name));
}

CAF_TEST(a request prints without its credentials) {
  handshake_request request{"ws://x/", {{"cookie", "a"}, {"X", "b"}}, {"c"}};
  // How pairs are printed is CAF's.
  auto fields = caf::deep_to_string(std::vector<header_field>{{"cookie", "***"}, {"X", "b"}});
  CAF_CHECK_EQUAL(to_string(request), "handshake_request(\"ws://x/\", " + fields + ", [\"c\"])");
}
