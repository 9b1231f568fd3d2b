// Suite packer: messages are compressed as RFC 7692 wants it, in whatever pieces they come.

#define CAF_SUITE packer

#include "packer.hpp"

#include "frame_header.hpp"
#include "wire_samples.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace wsengine;
using namespace wsengine::tests;
using io::deflate_agreement;

namespace {

deflate_options for_all() {
  deflate_options result;
  result.threshold = 0;
  return result;
}

struct fixture {
  explicit fixture(deflate_agreement how = {}, deflate_options what = for_all())
    : agreed(how),
      uut(pool, how, what),
      inflate(how.client_window_bits) {}

  /// Sends a message in pieces. Returns its frames.
  std::vector<client_frame> send(const std::vector<std::string>& pieces,
                                 message_kind kind = message_kind::binary) {
    std::string wire;
    for (const auto& piece : pieces) {
      auto last = &piece == &pieces.back();
      auto bytes = std::as_bytes(std::span{piece});
      CAF_REQUIRE(uut.wants(bytes, last));
      CAF_REQUIRE(uut.pack(kind, bytes, last, [&](std::span<const std::byte> more) {
        wire.append(reinterpret_cast<const char*>(more.data()), more.size());
      }));
    }
    return split_client_frames(wire);
  }

  /// What the server gets out of a message, whose frames are as they should be.
  std::string receive(const std::vector<client_frame>& frames, unsigned opcode = 2) {
    std::string packed;
    for (const auto& frame : frames) {
      auto first = &frame == &frames.front();
      CAF_CHECK_EQUAL(frame.fin, &frame == &frames.back());
      CAF_CHECK_EQUAL(frame.opcode, first ? opcode : 0U);
      CAF_CHECK_EQUAL(frame.reserved, first ? 0x40U : 0U);
      packed += frame.payload;
    }
    packed += std::string{"\0\0\xff\xff", 4};
    return inflate_all(inflate, packed);
  }

  io::buffer_pool pool;
  deflate_agreement agreed;
  io::packer uut;
  io::inflater inflate;
};

} // namespace

CAF_TEST(messages arrive as they were) {
  fixture f;
  for (const auto& message : sample_messages())
    CAF_CHECK(f.receive(f.send({message})) == message);
}

CAF_TEST(texts are texts) {
  fixture f;
  CAF_CHECK_EQUAL(f.receive(f.send({"hello", "", "hello"}, message_kind::text), 1), "hellohello");
}

CAF_TEST(it does not matter how a message is cut) {
  auto random = random_bytes(300000);
  for (std::size_t step : {1000U, 32768U, 65536U, 65537U}) {
    fixture f;
    for (const auto& message : {random, std::string(500000, 'z')}) {
      std::vector<std::string> pieces;
      for (std::size_t i = 0; i < message.size(); i += step)
        pieces.push_back(message.substr(i, step));
      CAF_CHECK(f.receive(f.send(pieces)) == message);
    }
  }
}

CAF_TEST(a message of nothing but empty pieces) {
  fixture f;
  for (int i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(f.receive(f.send({"", "", ""})), "");
  CAF_CHECK_EQUAL(f.receive(f.send({"abc"})), "abc");
}

CAF_TEST(what was sent before makes messages smaller unless that is not agreed) {
  auto message = random_bytes(1000);
  fixture with;
  auto first = with.send({message});
  auto again = with.send({message});
  CAF_CHECK(again.front().payload.size() < 100);
  CAF_CHECK(with.receive(first) == message && with.receive(again) == message);
  fixture without{{15, 15, true, false}};
  first = without.send({message});
  CAF_CHECK(without.send({message}).front().payload == first.front().payload);
}

CAF_TEST(a small window is kept to) {
  // What repeats lies further back than the window, so that a server with that window can read it.
  auto message = random_bytes(1000);
  for (unsigned bits : {9U, 10U, 12U}) {
    fixture f{{bits, 15, false, false}};
    for (int i = 0; i < 5; ++i)
      CAF_CHECK(f.receive(f.send({message})) == message);
  }
}

CAF_TEST(small messages go as they are) {
  deflate_options options;
  options.threshold = 10;
  fixture f{{}, options};
  auto wants = [&](std::string_view piece, bool last) {
    return f.uut.wants(std::as_bytes(std::span{piece}), last);
  };
  CAF_CHECK(!wants("123456789", true));
  CAF_CHECK(wants("1234567890", true));
  // The first piece decides.
  CAF_CHECK(wants("1", false));
  CAF_CHECK(wants("2", true));
  CAF_CHECK(!wants("3", true));
}

CAF_TEST(empty messages and those for a window of 8 bits go as they are) {
  fixture f;
  CAF_CHECK(!f.uut.wants({}, true));
  fixture narrow{{8, 15, false, false}};
  CAF_CHECK(!narrow.uut.wants(std::as_bytes(std::span{"text"}), true));
}
