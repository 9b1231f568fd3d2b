// Suite outgoing: the queue of bytes to send, in blocks that come from a pool and go back.

#define CAF_SUITE outgoing

#include "outgoing.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <string>
#include <string_view>

using wsengine::io::buffer_pool;
using wsengine::io::outgoing;

namespace {

void append(outgoing& to, std::string_view bytes) {
  to.append(std::as_bytes(std::span{bytes}));
}

std::string next(outgoing& from) {
  std::string result;
  for (const auto& x : from.next())
    result.append(static_cast<const char*>(x.data()), x.size());
  return result;
}

// All of it, taken `step` bytes at a time.
std::string drain(outgoing& from, std::size_t step) {
  std::string result;
  while (!from.empty()) {
    auto n = std::min(step, next(from).size());
    result += next(from).substr(0, n);
    from.consume(n);
  }
  return result;
}

std::string counted(std::size_t size) {
  std::string result(size, ' ');
  for (std::size_t i = 0; i < size; ++i)
    result[i] = static_cast<char>(i * 31 + i / 251);
  return result;
}

} // namespace

CAF_TEST(bytes leave in the order in which they came) {
  for (std::size_t step : {1000U, 65535U, 65536U, 300000U}) {
    buffer_pool pool;
    outgoing uut{pool};
    auto bytes = counted(500000);
    for (std::size_t i = 0; i < bytes.size(); i += 777)
      append(uut, std::string_view{bytes}.substr(i, 777));
    CAF_CHECK_EQUAL(uut.size(), bytes.size());
    CAF_CHECK(drain(uut, step) == bytes);
    CAF_CHECK(uut.empty());
    CAF_CHECK_EQUAL(uut.size(), 0U);
  }
}

CAF_TEST(one call sends several blocks) {
  buffer_pool pool;
  outgoing uut{pool};
  append(uut, std::string(3 * buffer_pool::block_size, 'x'));
  CAF_CHECK_EQUAL(next(uut).size(), 3 * buffer_pool::block_size);
}

CAF_TEST(an empty queue holds no block) {
  buffer_pool pool;
  outgoing uut{pool};
  append(uut, "abc");
  auto* block = static_cast<const std::byte*>(uut.next().front().data());
  uut.consume(3);
  // It is the block that the pool lends next.
  CAF_CHECK(pool.take().bytes.get() == block);
}

CAF_TEST(what is left is given back at the end) {
  buffer_pool pool;
  const std::byte* block = nullptr;
  {
    outgoing uut{pool};
    append(uut, "abc");
    block = static_cast<const std::byte*>(uut.next().front().data());
  }
  CAF_CHECK(pool.take().bytes.get() == block);
}
