// close.cpp: close codes, their validity, close details, and UTF-8.

#define CAF_SUITE close

#include "wsengine/close.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace wsengine;
using namespace std::literals;

namespace {

/// What RFC 6455, section 7.4, and the IANA registry say about a range of codes.
struct code_range {
  std::uint32_t first;
  std::uint32_t last;
  bool sendable;
  bool valid;
  std::string_view name;
};

constexpr code_range all_codes[] = {
  {0, 999, false, false, "unassigned"},         {1000, 1000, true, true, "normal"},
  {1001, 1001, true, true, "going away"},       {1002, 1002, true, true, "protocol error"},
  {1003, 1003, true, true, "unsupported data"}, {1004, 1004, false, false, "reserved"},
  {1005, 1005, false, true, "no status"},       {1006, 1006, false, true, "abnormal"},
  {1007, 1007, true, true, "invalid payload"},  {1008, 1008, true, true, "policy violation"},
  {1009, 1009, true, true, "message too big"},  {1010, 1010, true, true, "mandatory extension"},
  {1011, 1011, true, true, "internal error"},   {1012, 1012, true, true, "service restart"},
  {1013, 1013, true, true, "try again later"},  {1014, 1014, true, true, "bad gateway"},
  {1015, 1015, false, true, "TLS handshake"},   {1016, 2999, false, false, "unassigned"},
  {3000, 3999, true, true, "library use"},      {4000, 4999, true, true, "private use"},
  {5000, 65535, false, false, "unassigned"},
};

} // namespace

// -- codes ----------------------------------------------------------------------------------------

CAF_TEST(every code is what the table says) {
  std::uint32_t next = 0;
  for (const auto& range : all_codes) {
    CAF_REQUIRE_EQUAL(range.first, next);
    for (; next <= range.last; ++next) {
      auto code = static_cast<close_code>(next);
      // One check for each of 65536 codes would drown the output.
      if (is_sendable(code) != range.sendable || is_valid(code) != range.valid
          || name_of(code) != range.name)
        CAF_FAIL("wrong: " << next);
    }
  }
  CAF_CHECK_EQUAL(next, 65536u);
}

CAF_TEST(codes print as number and name) {
  CAF_CHECK_EQUAL(to_string(close_code::going_away), "1001 (going away)");
  CAF_CHECK_EQUAL(to_string(close_code{3500}), "3500 (library use)");
  CAF_CHECK_EQUAL(to_string(close_code{65535}), "65535 (unassigned)");
}

// -- details --------------------------------------------------------------------------------------

CAF_TEST(details are what a client says when it leaves) {
  CAF_CHECK(close_details{}.code == close_code::going_away);
  CAF_CHECK_EQUAL(why_not_sendable({}), "");
}

CAF_TEST(a reason has at most 123 bytes) {
  CAF_CHECK_EQUAL(why_not_sendable({close_code::normal, std::string(123, 'x')}), "");
  CAF_CHECK_EQUAL(why_not_sendable({close_code::normal, std::string(124, 'x')}),
                  "the reason has 124 bytes, at most 123 fit into a close frame");
  // Bytes count, not characters: 61 times two bytes, and one more character of two.
  std::string umlauts;
  for (int i = 0; i < 61; ++i)
    umlauts += "\u00fc";
  CAF_CHECK_EQUAL(why_not_sendable({close_code::normal, umlauts}), "");
  CAF_CHECK_NOT_EQUAL(why_not_sendable({close_code::normal, umlauts + "\u00fc"}), "");
}

CAF_TEST(codes that only report and broken texts are not sendable) {
  CAF_CHECK_EQUAL(why_not_sendable({close_code::abnormal, ""}),
                  "a close frame cannot carry the code 1006 (abnormal)");
  CAF_CHECK_EQUAL(why_not_sendable({close_code::normal, "\xc3"}), "the reason is not UTF-8");
}

// -- UTF-8 ----------------------------------------------------------------------------------------

CAF_TEST(well formed text is UTF8) {
  for (auto text : {
         ""sv,
         "ASCII \x01\x7f"sv,
         "\0in between\0"sv,
         "\xc2\x80"sv,         // the first of two bytes, U+0080
         "\xdf\xbf"sv,         // the last, U+07FF
         "\xe0\xa0\x80"sv,     // the first of three, U+0800
         "\xed\x9f\xbf"sv,     // the last before the surrogates, U+D7FF
         "\xee\x80\x80"sv,     // the first behind them, U+E000
         "\xef\xbf\xbf"sv,     // the last of three, U+FFFF
         "\xf0\x90\x80\x80"sv, // the first of four, U+10000
         "\xf4\x8f\xbf\xbf"sv, // the last code point, U+10FFFF
         "\xef\xbb\xbf"
         "a\xf0\x9f\x99\x82z"sv,
       })
    CAF_CHECK(is_utf8(text));
}

CAF_TEST(malformed text is not UTF8) {
  for (auto text : {
         "\x80"sv, // a continuation without a start
         "\xbf"sv,
         "a\x80"sv,
         "\xc0\x80"sv,         // overlong NUL
         "\xc1\xbf"sv,         // overlong DEL
         "\xe0\x80\x80"sv,     // overlong in three bytes
         "\xe0\x9f\xbf"sv,     // overlong U+07FF
         "\xf0\x80\x80\x80"sv, // overlong in four bytes
         "\xf0\x8f\xbf\xbf"sv, // overlong U+FFFF
         "\xed\xa0\x80"sv,     // the first surrogate
         "\xed\xbf\xbf"sv,     // the last
         "\xf4\x90\x80\x80"sv, // U+110000
         "\xf5\x80\x80\x80"sv,
         "\xf8\x88\x80\x80\x80"sv, // five bytes
         "\xfe"sv,
         "\xff"sv,
         "\xc2"sv, // cut off
         "\xe2\x82"sv,
         "\xf0\x9f\x99"sv,
         "\xc2z"sv, // a start without its continuation
         "\xe2\x82z"sv,
         "\xe2z\x82"sv,
         "\xf0\x9f\x99z"sv,
         "\xf0\x9fz\x82"sv,
       })
    CAF_CHECK(!is_utf8(text));
}

CAF_TEST(every code point in UTF8 is accepted but surrogates) {
  for (std::uint32_t c = 0; c <= 0x110FFFU; ++c) {
    std::string text;
    auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | ((c >> shift) & 0x3FU)); };
    if (c < 0x80U) {
      text += static_cast<char>(c);
    } else if (c < 0x800U) {
      text += static_cast<char>(0xC0U | (c >> 6U));
      tail(0);
    } else if (c < 0x10000U) {
      text += static_cast<char>(0xE0U | (c >> 12U));
      tail(6);
      tail(0);
    } else {
      text += static_cast<char>(0xF0U | (c >> 18U));
      tail(12);
      tail(6);
      tail(0);
    }
    auto expected = c <= 0x10FFFFU && (c < 0xD800U || c > 0xDFFFU);
    if (is_utf8(text) != expected)
      CAF_FAIL("wrong: " << c);
  }
}
