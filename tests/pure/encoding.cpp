// encoding.cpp: bytes for formats that take text only.

#define CAF_SUITE encoding

#include "wsengine/encoding.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace std::literals;
using namespace wsengine;

CAF_TEST(base64 is that of RFC 4648) {
  const std::vector<std::pair<std::string, std::string>> vectors{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\x00\xff\xfb\xf0"s, "AP/78A=="},
  };
  for (const auto& [bytes, text] : vectors) {
    CAF_CHECK_EQUAL(to_base64(bytes), text);
    auto decoded = from_base64(text);
    CAF_REQUIRE(decoded);
    CAF_CHECK_EQUAL(*decoded, bytes);
  }
}

CAF_TEST(what is not base64 is refused) {
  for (const auto* text : {"Zg", "Zg=", "Z===", "====", "Zm9v\n", "Zm9-", "Zg==Zg==", "Zm 9"})
    CAF_CHECK(!from_base64(text));
}

CAF_TEST(bytes that are not UTF - 8 are replaced) {
  CAF_CHECK_EQUAL(to_utf8("caf\xc3\xa9"), "caf\xc3\xa9");
  CAF_CHECK_EQUAL(to_utf8("a\xff\xc3z"), "a\xef\xbf\xbd\xef\xbf\xbdz");
  CAF_CHECK_EQUAL(to_utf8(""), "");
}
