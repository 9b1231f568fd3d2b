// write_outbox.cpp: the pieces of messages that the Beast adapter hands to its frame encoder.

#define CAF_SUITE write_outbox

#include "outbox.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace wsengine;

namespace {

struct fixture {
  // Writes all that may be written; returns where the bytes of each piece are, and how many.
  std::vector<std::span<const std::byte>> write_all(io::outbox& uut) {
    std::vector<std::span<const std::byte>> result;
    while (!uut.all_written()) {
      auto piece = uut.next();
      result.push_back(piece.bytes);
      uut.wrote(position, position + piece.bytes.size());
      position += piece.bytes.size();
    }
    return result;
  }

  io::write_limits bound{1U << 20U, {1U << 20U, queue_policy::reject, 1}};
  std::uint64_t position = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(write_outbox_tests, fixture)

CAF_TEST(every connection sends the bytes of the one payload) {
  payload shared{std::string(200000, 'x')};
  std::vector<io::outbox> connections(3);
  for (auto& x : connections)
    x.add(data_message{message_kind::text, shared}, bound, {});
  for (auto& x : connections) {
    std::size_t offset = 0;
    for (auto piece : write_all(x)) {
      CAF_CHECK(piece.data() == shared.data() + offset);
      offset += piece.size();
    }
    CAF_CHECK_EQUAL(offset, shared.size());
  }
}

CAF_TEST(a batch sends the bytes of its payloads) {
  payload first{"first"};
  payload second{"second"};
  io::outbox uut;
  uut.add(message_batch{{{message_kind::text, first}, {message_kind::binary, second}}}, bound, {});
  auto pieces = write_all(uut);
  CAF_REQUIRE_EQUAL(pieces.size(), 2U);
  CAF_CHECK(pieces[0].data() == first.data());
  CAF_CHECK(pieces[1].data() == second.data());
}

CAF_TEST(the queue is empty when the last byte has left) {
  io::outbox uut;
  uut.add(text(std::string(70000, 'x')), bound, {});
  CAF_CHECK(!uut.all_written());
  CAF_CHECK_EQUAL(write_all(uut).size(), 2U);
  CAF_CHECK(uut.all_written() && !uut.empty());
  uut.sent(69999);
  CAF_CHECK(!uut.empty());
  uut.sent(70000);
  CAF_CHECK(uut.empty());
}

CAF_TEST(a message that is half written has not left) {
  io::outbox uut;
  uut.add(text(std::string(70000, 'x')), bound, {});
  auto piece = uut.next();
  uut.wrote(0, piece.bytes.size());
  uut.sent(piece.bytes.size());
  CAF_CHECK(!uut.empty());
  uut.fail_all({piece.bytes.size(), piece.bytes.size(), piece.bytes.size()}, "the end");
  CAF_CHECK(uut.empty() && uut.all_written());
}

CAF_TEST(what waits outside goes out when others have left) {
  bound.queue = {10, queue_policy::block_sender, 2};
  io::outbox uut;
  uut.add(text("12345678"), bound, {});
  uut.add(text("waits"), bound, {});
  CAF_CHECK_EQUAL(write_all(uut).size(), 1U);
  CAF_CHECK(uut.all_written() && !uut.empty());
  uut.sent(position);
  CAF_CHECK(!uut.all_written());
  CAF_CHECK_EQUAL(write_all(uut).size(), 1U);
  uut.sent(position);
  CAF_CHECK(uut.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
