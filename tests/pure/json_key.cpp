// json_key.cpp: what a JSON pointer finds, and what becomes of JSON that is none.

#define CAF_SUITE json_key

#include "wsengine/json_key.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <random>
#include <stdexcept>
#include <string>

using namespace wsengine;
using namespace std::literals;

namespace {

/// What is found, or "-".
std::string find(const std::string& pointer, std::string json, std::size_t max_bytes = 65536) {
  auto result = json_key(pointer, max_bytes)(text(std::move(json)));
  return result ? *result : "-";
}

std::string repeat(std::string_view what, std::size_t times) {
  std::string result;
  while (times-- > 0)
    result += what;
  return result;
}

} // namespace

CAF_TEST(strings and numbers are keys) {
  CAF_CHECK_EQUAL(find("/id", R"({"id":"abc"})"), "abc");
  CAF_CHECK_EQUAL(find("/id", R"({"id":""})"), "");
  CAF_CHECK_EQUAL(find("/id", R"({"id":"a\u00e4\n\"\ud83d\ude00"})"),
                  "a\xC3\xA4\n\"\xF0\x9F\x98\x80");
  CAF_CHECK_EQUAL(find("/id", R"({"id":0})"), "0");
  CAF_CHECK_EQUAL(find("/id", R"({"id":-7})"), "-7");
  CAF_CHECK_EQUAL(find("/id", R"({"id":18446744073709551615})"), "18446744073709551615");
  CAF_CHECK_EQUAL(find("/id", R"({"id":123456789012345678901234567890})"),
                  "123456789012345678901234567890");
  CAF_CHECK_EQUAL(find("/id", R"({"id":1.50})"), "1.50");
  CAF_CHECK_EQUAL(find("/id", R"({"id":1e3})"), "1e3");
  CAF_CHECK_EQUAL(find("", "42"), "42");
  CAF_CHECK_EQUAL(find("", " \"x\" "), "x");
}

CAF_TEST(other values are none) {
  for (auto value : {"true", "false", "null", "{}", "[]", "[1]", R"({"id":1})"})
    CAF_CHECK_EQUAL(find("/id", R"({"id":)"s + value + "}"), "-");
  CAF_CHECK_EQUAL(find("", "null"), "-");
  CAF_CHECK_EQUAL(find("", "[]"), "-");
}

CAF_TEST(a pointer leads through objects and arrays) {
  auto json = R"({"a":{"id":1,"b":[10,{"id":2},[20,"x"]]},"b":3,"":4,"m~n":5,"s/t":6,"0":7})"s;
  CAF_CHECK_EQUAL(find("/a/id", json), "1");
  CAF_CHECK_EQUAL(find("/a/b/0", json), "10");
  CAF_CHECK_EQUAL(find("/a/b/1/id", json), "2");
  CAF_CHECK_EQUAL(find("/a/b/2/1", json), "x");
  CAF_CHECK_EQUAL(find("/b", json), "3");
  CAF_CHECK_EQUAL(find("/", json), "4");
  CAF_CHECK_EQUAL(find("/m~0n", json), "5");
  CAF_CHECK_EQUAL(find("/s~1t", json), "6");
  CAF_CHECK_EQUAL(find("/0", json), "7");
  for (auto pointer : {"/id", "/a/b/3", "/a/b/01", "/a/b/-", "/a/b/1/b", "/a/id/id", "/b/0", "/a/0",
                       "/a/b/id", "/c", "/A"})
    CAF_CHECK_EQUAL(find(pointer, json), "-");
}

CAF_TEST(what looks like the key elsewhere is none) {
  CAF_CHECK_EQUAL(find("/id", R"({"x":{"id":1},"y":[{"id":2}],"id":3})"), "3");
  CAF_CHECK_EQUAL(find("/id", R"([{"id":1}])"), "-");
  CAF_CHECK_EQUAL(find("/1", R"([[0,1,2],7])"), "7");
  CAF_CHECK_EQUAL(find("/1/0", R"([{"0":5},[7]])"), "7");
  CAF_CHECK_EQUAL(find("/id", R"({"idx":1,"i":2,"":3,"id":4})"), "4");
}

CAF_TEST(nothing behind the key is looked at) {
  CAF_CHECK_EQUAL(find("/id", R"({"id":"a" this is no JSON)"), "a");
  CAF_CHECK_EQUAL(find("/id", R"({"id":01})"), "0");
  CAF_CHECK_EQUAL(find("/id", R"({"id":1,"id":2})"), "1");
  CAF_CHECK_EQUAL(find("/a/id", R"({"a":{},"a":{"id":2}})"), "-");
  CAF_CHECK_EQUAL(find("/a/id", R"({"a":1,"a":{"id":2}})"), "-");
}

CAF_TEST(keys behind the limit are not found) {
  auto filler = R"({"x":")" + std::string(1000, 'x') + R"(","id":"abc"})";
  CAF_CHECK_EQUAL(find("/id", filler), "abc");
  CAF_CHECK_EQUAL(find("/id", filler, 1000), "-");
  for (std::size_t limit = 0; limit <= 12; ++limit) {
    // A key that is cut off is none.
    auto expected = limit >= 11 ? "abc" : "-";
    CAF_CHECK_EQUAL(find("/id", R"({"id":"abc"})", limit), expected);
    expected = limit >= 10 ? "123" : "-";
    CAF_CHECK_EQUAL(find("/id", R"({"id":123 })", limit), expected);
  }
  CAF_CHECK_EQUAL(find("/id", R"({"id":")" + std::string(1024, 'x') + "\"}"),
                  std::string(1024, 'x'));
  CAF_CHECK_EQUAL(find("/id", R"({"id":")" + std::string(1025, 'x') + "\"}"), "-");
  CAF_CHECK_EQUAL(find("/id", R"({"id":)" + std::string(1025, '1') + "}"), "-");
  CAF_CHECK_EQUAL(find("/id", "{\"" + std::string(2000, 'x') + R"(":1,"id":2})"), "2");
}

CAF_TEST(bad JSON has no key) {
  for (const auto& json : {""s,
                           " "s,
                           "{"s,
                           "}"s,
                           "{\"id\""s,
                           "{\"id\":"s,
                           "{\"id\":\""s,
                           "{\"id\":+1}"s,
                           "{\"id\":NaN}"s,
                           "{id:1}"s,
                           "{'id':1}"s,
                           "{\"id\":\"\\x\"}"s,
                           "{\"id\":\"\\ud800\"}"s,
                           "{\"id\":\"\xFF\"}"s,
                           "{\"\xFF\":0,\"id\":1}"s,
                           "{,\"id\":1}"s,
                           "/**/{\"id\":1}"s,
                           "\0"s,
                           "{\"id\":\"a\nb\"}"s,
                           "abc"s,
                           "{\"x\":tru,\"id\":1}"s})
    CAF_CHECK_EQUAL(find("/id", json), "-");
}

CAF_TEST(deep JSON is refused and no crash) {
  CAF_CHECK_EQUAL(find("/id", R"({"x":)" + repeat("[", 30) + repeat("]", 30) + R"(,"id":1})"), "1");
  CAF_CHECK_EQUAL(find("/id", R"({"x":)" + repeat("[", 40) + repeat("]", 40) + R"(,"id":1})"), "-");
  CAF_CHECK_EQUAL(find("/id", repeat("[", 1000000), 1000000), "-");
  CAF_CHECK_EQUAL(find("/id", repeat("{\"id\":", 100000), 1000000), "-");
  CAF_CHECK_EQUAL(find(repeat("/0", 20), repeat("[", 20) + "5"), "5");
}

CAF_TEST(random changes crash nothing) {
  const auto good = R"({"a":[1,-2.5e3,"\u00e4",{"b":null}],"id":{"x":["y",true]}})"s;
  auto key = json_key("/id/x/0");
  std::minstd_rand random{7};
  std::size_t found = 0;
  for (int i = 0; i < 20000; ++i) {
    auto json = good;
    for (auto changes = random() % 3; changes > 0; --changes)
      json[random() % json.size()] = static_cast<char>(random() % 256);
    json.resize(json.size() - random() % 4);
    auto result = key(text(std::move(json)));
    found += result ? 1 : 0;
  }
  CAF_CHECK_GREATER(found, 1000U);
  CAF_CHECK_LESS(found, 20000U);
}

CAF_TEST(what is no pointer is refused) {
  for (auto pointer : {"id", "/~", "/~2", "/a~", "a/b"}) {
    auto refused = false;
    try {
      static_cast<void>(json_key(pointer));
    } catch (const std::invalid_argument&) {
      refused = true;
    }
    CAF_CHECK(refused);
  }
}
