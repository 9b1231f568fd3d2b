// trace_context.cpp: reading and writing `traceparent` and `tracestate`, also in messages.

#define CAF_SUITE trace_context

#include "wsengine/trace_context.hpp"

#include "rules/tracestate.hpp"

#include "wsengine/testing/unit_test.hpp"
#include "wsengine/trace_parent.hpp"

#include <string>

using namespace wsengine;

namespace {

const std::string known = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

bool is_refused(const std::string& text) {
  return !parse_traceparent(text);
}

/// The example with another text at that place.
std::string with(std::size_t at, const std::string& text) {
  auto result = known;
  return result.replace(at, text.size(), text);
}

} // namespace

// -- traceparent ----------------------------------------------------------------------------------

CAF_TEST(a traceparent is read and written) {
  auto read = parse_traceparent(known);
  CAF_REQUIRE(read);
  CAF_CHECK(read->trace == (trace_id{0x0AF7651916CD43DD, 0x8448EB211C80319C}));
  CAF_CHECK(read->span == span_id{0xB7AD6B7169203331});
  CAF_CHECK(read->sampled());
  auto written = to_traceparent(*read);
  CAF_CHECK_EQUAL(written, known);
  auto not_sampled = parse_traceparent(with(53, "00"));
  CAF_REQUIRE(not_sampled);
  CAF_CHECK(!not_sampled->sampled());
}

CAF_TEST(ids are written with all their digits) {
  trace_context small{{0, 0xAB}, {1}, 1};
  auto written = to_traceparent(small);
  CAF_CHECK_EQUAL(written, "00-000000000000000000000000000000ab-0000000000000001-01");
  auto read = parse_traceparent(written);
  CAF_REQUIRE(read);
  CAF_CHECK(*read == small);
}

CAF_TEST(ids of zeros are refused) {
  CAF_CHECK(is_refused(with(3, std::string(32, '0'))));
  CAF_CHECK(is_refused(with(36, std::string(16, '0'))));
}

CAF_TEST(digits are those of hexadecimal numbers in lower case) {
  CAF_CHECK(is_refused(with(3, "0AF7")));
  CAF_CHECK(is_refused(with(36, "B7")));
  CAF_CHECK(is_refused(with(0, "0g")));
  CAF_CHECK(is_refused(with(53, "0x")));
  CAF_CHECK(is_refused(with(10, " ")));
}

CAF_TEST(the form has to be right) {
  CAF_CHECK(is_refused(""));
  CAF_CHECK(is_refused("00"));
  for (std::size_t size = 0; size < known.size(); ++size)
    CAF_CHECK(is_refused(known.substr(0, size)));
  for (std::size_t dash : {2U, 35U, 52U})
    CAF_CHECK(is_refused(with(dash, "_")));
  CAF_CHECK(is_refused(known + "-"));
  CAF_CHECK(is_refused(known + "-00"));
  CAF_CHECK(is_refused(" " + known));
}

CAF_TEST(of versions to come the known part is read) {
  CAF_CHECK(is_refused(with(0, "ff")));
  for (const auto& text : {with(0, "01"), with(0, "cc") + "-", with(0, "cc") + "-what-is-new"}) {
    auto read = parse_traceparent(text);
    CAF_REQUIRE(read);
    CAF_CHECK(read->span == span_id{0xB7AD6B7169203331});
    auto written = to_traceparent(*read);
    CAF_CHECK_EQUAL(written, known);
  }
  CAF_CHECK(is_refused(with(0, "01") + ".x"));
}

CAF_TEST(flags that nobody knows are not handed on) {
  auto all = parse_traceparent(with(53, "ff"));
  CAF_REQUIRE(all);
  CAF_CHECK(all->flags == (trace_context::sampled_flag | trace_context::random_flag));
  auto later = parse_traceparent(with(0, "01").replace(53, 2, "ff"));
  CAF_REQUIRE(later);
  CAF_CHECK(later->flags == trace_context::sampled_flag);
}

// -- tracestate -----------------------------------------------------------------------------------

CAF_TEST(a tracestate is kept without spaces and empty members) {
  using rules::bounded_tracestate;
  CAF_CHECK_EQUAL(bounded_tracestate("rojo=00f067,congo=t61"), "rojo=00f067,congo=t61");
  CAF_CHECK_EQUAL(bounded_tracestate(" rojo=1 ,,\tcongo=a b ,"), "rojo=1,congo=a b");
  CAF_CHECK_EQUAL(bounded_tracestate("fw529a3039@dt=1,a-*/_=!"), "fw529a3039@dt=1,a-*/_=!");
  CAF_CHECK_EQUAL(bounded_tracestate(""), "");
}

CAF_TEST(a tracestate that breaks the rules is left out) {
  using rules::bounded_tracestate;
  for (const auto* text : {"a", "=1", "a=", "A=1", "a=1=2", "a=\x01", "a=1,a=2", "_a=1", "a =1"})
    CAF_CHECK_EQUAL(bounded_tracestate(text), "");
  std::string many;
  for (int i = 0; i < 33; ++i)
    many += "k" + std::to_string(i) + "=1,";
  CAF_CHECK_EQUAL(bounded_tracestate(many), "");
  CAF_CHECK_EQUAL(bounded_tracestate(std::string(257, 'a') + "=1"), "");
  auto read = parse_traceparent(known, "BAD");
  CAF_REQUIRE(read);
  CAF_CHECK(read->state.empty());
}

CAF_TEST(of a long tracestate the end is cut) {
  auto member = [](char key) { return std::string{key} + "=" + std::string(250, 'x'); };
  auto first = member('a') + "," + member('b');
  CAF_CHECK_EQUAL(rules::bounded_tracestate(first + "," + member('c') + ",d=1"), first);
}

// -- in messages ----------------------------------------------------------------------------------

CAF_TEST(what goes along with a message is as large as a pointer) {
  CAF_CHECK_EQUAL(sizeof(trace_parent), sizeof(void*));
  CAF_CHECK(trace_parent{}.empty());
  CAF_CHECK(trace_parent{trace_context{}}.empty());
  CAF_CHECK_EQUAL(to_string(trace_parent{}), "");
}

CAF_TEST(a context in a message becomes text and back) {
  trace_parent with_state{trace_context{{1, 2}, {3}, 1, "a=b c,d=e"}};
  auto text = to_string(with_state);
  CAF_CHECK_EQUAL(text, "00-00000000000000010000000000000002-0000000000000003-01 a=b c,d=e");
  CAF_CHECK(parse_trace_parent(text) == with_state);
  CAF_CHECK(parse_trace_parent(known) != with_state);
  CAF_CHECK(parse_trace_parent("").empty());
  CAF_CHECK(parse_trace_parent("anything").empty());
}
