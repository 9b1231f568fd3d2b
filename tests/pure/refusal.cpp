// refusal.cpp: responses that refuse the upgrade, however far they came.

#define CAF_SUITE refusal

#include "refusal.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>

using namespace wsengine;
using io::parse_refusal;

CAF_TEST(a response is understood as far as it came) {
  const std::string head = "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 1000\r\n\r\n";
  for (std::size_t size = 0; size < head.size(); ++size)
    CAF_CHECK(!parse_refusal(head.substr(0, size)));
  for (const std::string body : {"", "a", "abc"}) {
    auto found = parse_refusal(head + body);
    CAF_REQUIRE(found);
    CAF_CHECK_EQUAL(found->status, 503);
    CAF_CHECK_EQUAL(*find_header(found->headers, "retry-after"), "7");
    CAF_CHECK_EQUAL(found->body, body);
  }
}

CAF_TEST(chunks are put together) {
  auto found = parse_refusal("HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "3\r\nabc\r\n4\r\nde");
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->body, "abcde");
}

CAF_TEST(a body is cut off) {
  auto found = parse_refusal("HTTP/1.1 500 x\r\n\r\n" + std::string(20000, 'x'));
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->body.size(), io::max_refused_body);
}

CAF_TEST(what is no refusal) {
  CAF_CHECK(!parse_refusal("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"));
  CAF_CHECK(!parse_refusal("SSH-2.0-x\r\n\r\n"));
  CAF_CHECK(!parse_refusal(""));
}
