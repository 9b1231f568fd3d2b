// Suite frame_header: headers are written as they are read, and payloads are masked.

#define CAF_SUITE frame_header

#include "frame_header.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace wsengine::io;

CAF_TEST(a header that is written is read again) {
  for (std::uint64_t size : {0ULL, 125ULL, 126ULL, 65535ULL, 65536ULL, 1ULL << 40U}) {
    std::array<std::byte, max_frame_header> bytes{};
    auto written = write_frame_header(bytes, fin_bit | rsv1_bit | opcode::binary, size);
    for (std::size_t cut = 0; cut <= written; ++cut) {
      frame_header uut;
      auto first = std::span<const std::byte>{bytes}.first(cut);
      auto rest = std::span<const std::byte>{bytes}.subspan(cut);
      if (!uut.collect(first))
        CAF_REQUIRE(uut.collect(rest));
      CAF_CHECK_EQUAL(uut.length(), size);
      CAF_CHECK_EQUAL(uut.bytes().size(), written);
      CAF_CHECK(uut.fin() && !uut.masked() && uut.is_shortest());
      CAF_CHECK(uut.reserved() == rsv1_bit && uut.opcode() == opcode::binary);
      CAF_CHECK_EQUAL(cut == written ? rest.size() : rest.size() + cut,
                      max_frame_header - (cut == written ? written : written - cut));
    }
  }
}

CAF_TEST(a length that has a shorter form is told) {
  for (std::string_view text : {std::string_view{"\x82\x7e\0\x7d", 4},
                                std::string_view{"\x82\x7f\0\0\0\0\0\0\xff\xff", 10}}) {
    frame_header uut;
    auto bytes = std::as_bytes(std::span{text});
    CAF_REQUIRE(uut.collect(bytes));
    CAF_CHECK(!uut.is_shortest());
  }
}

CAF_TEST(a masked payload is unmasked by its key and each key is another) {
  const std::string text(1000, 'a');
  std::set<std::vector<std::byte>> keys;
  for (int i = 0; i < 8; ++i) {
    std::array<std::byte, max_frame_header> header{};
    std::vector<std::byte> payload(text.size(), std::byte{'a'});
    auto size = write_masked_header(header, fin_bit | opcode::text, payload);
    CAF_REQUIRE_EQUAL(size, 8U);
    CAF_CHECK(header[1] == std::byte{0x80 | 126});
    std::vector<std::byte> key{header.begin() + 4, header.begin() + 8};
    for (std::size_t at = 0; at < payload.size(); ++at)
      if ((payload[at] ^ key[at % 4]) != std::byte{'a'})
        CAF_FAIL("byte " << at << " is wrong");
    keys.insert(key);
  }
  CAF_CHECK(keys.size() > 1);
}
