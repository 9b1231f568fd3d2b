// message.cpp: payloads share their memory and keep it alive.

#define CAF_SUITE message

#include "wsengine/message.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <caf/make_counted.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace wsengine;
using namespace std::literals;

namespace {

/// Memory on loan, as adapters have it; counts when it comes back.
class lent_buffer : public payload_storage {
public:
  explicit lent_buffer(int& returned) : returned_(returned) {
    for (std::size_t i = 0; i < content.size(); ++i)
      content[i] = static_cast<std::byte>('a' + i);
  }

  ~lent_buffer() override { ++returned_; }

  std::array<std::byte, 26> content;

private:
  int& returned_;
};

payload lend(int& returned, std::size_t first, std::size_t size) {
  auto buffer = caf::make_counted<lent_buffer>(returned);
  auto bytes = std::span<const std::byte>{buffer->content}.subspan(first, size);
  return {std::move(buffer), bytes};
}

} // namespace

// -- content --------------------------------------------------------------------------------------

CAF_TEST(payloads have the content they were made of) {
  CAF_CHECK(payload{"abc"}.text() == "abc"sv);
  CAF_CHECK(payload{"abc"s}.text() == "abc"sv);
  CAF_CHECK(payload{"abc"sv}.text() == "abc"sv);
  CAF_CHECK_EQUAL(payload{"a\0c"s}.size(), 3u);
  std::vector<std::byte> bytes{std::byte{1}, std::byte{0}, std::byte{255}};
  payload uut{std::span<const std::byte>{bytes}};
  bytes.clear();
  CAF_CHECK_EQUAL(uut.text(), "\x01\x00\xff"sv);
  CAF_CHECK_EQUAL(uut.bytes().size(), 3u);
  CAF_CHECK(uut.bytes()[2] == std::byte{255});
  CAF_CHECK(!uut.empty());
}

CAF_TEST(empty payloads are equal however they were made) {
  payload none;
  CAF_CHECK(none.empty());
  CAF_CHECK_EQUAL(none.text(), ""sv);
  CAF_CHECK(none == payload{""});
  CAF_CHECK(none == payload{std::span<const std::byte>{}});
  CAF_CHECK(!(none == payload{"a"}));
}

CAF_TEST(payloads compare by content) {
  int returned = 0;
  CAF_CHECK(lend(returned, 1, 2) == payload{"bc"});
  CAF_CHECK(!(lend(returned, 1, 2) == payload{"bd"}));
  CAF_CHECK(text("a") == text("a"));
  CAF_CHECK(!(text("a") == binary("a")));
  CAF_CHECK((message_batch{{text("a")}}) == (message_batch{{text("a")}}));
}

CAF_TEST(messages know their kind) {
  CAF_CHECK(text("a").kind == message_kind::text);
  CAF_CHECK(binary("a").kind == message_kind::binary);
  CAF_CHECK_EQUAL(to_string(message_kind::text), "text");
  CAF_CHECK_EQUAL(to_string(message_kind::binary), "binary");
  CAF_CHECK_EQUAL(to_string(message_kind{9}), "opcode 9");
}

// -- sharing --------------------------------------------------------------------------------------

CAF_TEST(copies share their memory) {
  payload first{"some text"};
  payload second{first};
  payload third;
  third = second;
  CAF_CHECK(first.data() == second.data());
  CAF_CHECK(first.data() == third.data());
  first = payload{"another"};
  CAF_CHECK_EQUAL(third.text(), "some text"sv);
}

CAF_TEST(a string is taken over and not copied) {
  // Long enough to live outside of the string object.
  std::string content(1000, 'x');
  const void* where = content.data();
  payload uut{std::move(content)};
  CAF_CHECK(static_cast<const void*>(uut.data()) == where);
}

// -- lifetime -------------------------------------------------------------------------------------

CAF_TEST(lent memory comes back once with the last payload) {
  int returned = 0;
  {
    auto first = lend(returned, 3, 2);
    {
      auto second = first;
      first = {};
      CAF_CHECK_EQUAL(returned, 0);
      CAF_CHECK_EQUAL(second.text(), "de"sv);
      auto third = std::move(second);
      second = {};
      CAF_CHECK_EQUAL(third.text(), "de"sv);
      CAF_CHECK_EQUAL(returned, 0);
    }
    CAF_CHECK_EQUAL(returned, 1);
  }
  CAF_CHECK_EQUAL(returned, 1);
}

CAF_TEST(several payloads may view the same memory) {
  int returned = 0;
  {
    auto buffer = caf::make_counted<lent_buffer>(returned);
    std::span<const std::byte> all{buffer->content};
    payload head{buffer, all.first(3)};
    payload tail{buffer, all.last(3)};
    buffer = nullptr;
    CAF_CHECK_EQUAL(head.text(), "abc"sv);
    head = {};
    CAF_CHECK_EQUAL(tail.text(), "xyz"sv);
    CAF_CHECK_EQUAL(returned, 0);
  }
  CAF_CHECK_EQUAL(returned, 1);
}

CAF_TEST(payloads may die on any thread) {
  int returned = 0;
  {
    auto shared = lend(returned, 0, 26);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([copy = shared]() mutable {
        for (int k = 0; k < 10'000; ++k) {
          payload another{copy};
          copy = std::move(another);
        }
        copy = {};
      });
    shared = {};
    for (auto& x : threads)
      x.join();
  }
  CAF_CHECK_EQUAL(returned, 1);
}
