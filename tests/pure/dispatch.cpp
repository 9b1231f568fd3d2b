// dispatch.cpp: which message goes to which handler: order, keys, and giving back.

#define CAF_SUITE dispatch

#include "rules/dispatch.hpp"

#include "wsengine/testing/unit_test.hpp"

using namespace wsengine;

namespace {

std::vector<data_message> messages(std::initializer_list<const char*> texts) {
  std::vector<data_message> result;
  for (auto x : texts)
    result.push_back(text(x));
  return result;
}

std::string joined(const std::vector<data_message>& xs) {
  std::string result;
  for (auto& x : xs)
    result += std::string{x.data.text()} + ' ';
  return result;
}

// The first character is the key; a dot stands for none.
std::string first_character(const data_message& x) {
  auto key = x.data.text().substr(0, 1);
  return key == "." ? std::string{} : std::string{key};
}

} // namespace

CAF_TEST(one handler gets everything in order) {
  rules::dispatch uut{1, first_character};
  uut.push_back(messages({"a1", "a2"}));
  uut.push_back(messages({"b1"}));
  CAF_CHECK_EQUAL(uut.size(), 3U);
  CAF_CHECK_EQUAL(joined(uut.next(0, 100)), "a1 a2 b1 ");
  CAF_CHECK(uut.empty());
  CAF_CHECK(uut.next(0, 100).empty());
}

CAF_TEST(a handler gets no more than it can take) {
  rules::dispatch uut{1, nullptr};
  uut.push_back(messages({"1", "2", "33"}));
  CAF_CHECK(uut.held() == (rules::load{3, 4}));
  CAF_CHECK_EQUAL(joined(uut.next(0, 2)), "1 2 ");
  CAF_CHECK(uut.held() == (rules::load{1, 2}));
  uut.push_front(messages({"2"}));
  CAF_CHECK(uut.held() == (rules::load{2, 3}));
  CAF_CHECK_EQUAL(joined(uut.next(0, 2)), "2 33 ");
  CAF_CHECK(uut.held() == rules::load{});
}

CAF_TEST(what is held is counted with many handlers as well) {
  rules::dispatch uut{2, first_character};
  uut.push_back(messages({"a1", "a22", "b"}));
  CAF_CHECK(uut.held() == (rules::load{3, 6}));
  CAF_CHECK_EQUAL(joined(uut.next(0, 2)), "a1 ");
  CAF_CHECK(uut.held() == (rules::load{2, 4}));
  CAF_CHECK_EQUAL(joined(uut.take_all()), "a22 b ");
  CAF_CHECK(uut.held() == rules::load{});
}

CAF_TEST(what is given back comes first again) {
  rules::dispatch uut{1, nullptr};
  uut.push_back(messages({"3", "4"}));
  uut.push_front(messages({"1", "2"}));
  CAF_CHECK_EQUAL(joined(uut.take_all()), "1 2 3 4 ");
  CAF_CHECK(uut.empty());
}

CAF_TEST(several handlers get one message each) {
  rules::dispatch uut{2, nullptr};
  uut.push_back(messages({"1", "2", "3"}));
  CAF_CHECK_EQUAL(joined(uut.next(0, 100)), "1 ");
  CAF_CHECK_EQUAL(joined(uut.next(1, 100)), "2 ");
  uut.done(1);
  CAF_CHECK_EQUAL(joined(uut.next(1, 100)), "3 ");
}

CAF_TEST(messages of equal key never run side by side and keep their order) {
  rules::dispatch uut{3, first_character};
  uut.push_back(messages({"a1", "a2", "b1", "a3", ".x", ".y"}));
  CAF_CHECK_EQUAL(joined(uut.next(0, 100)), "a1 ");
  CAF_CHECK_EQUAL(joined(uut.next(1, 100)), "b1 ");
  CAF_CHECK_EQUAL(joined(uut.next(2, 100)), ".x ");
  uut.done(2);
  CAF_CHECK_EQUAL(joined(uut.next(2, 100)), ".y ");
  uut.done(2);
  CAF_CHECK(uut.next(2, 100).empty());
  uut.done(0);
  CAF_CHECK_EQUAL(joined(uut.next(2, 100)), "a2 ");
  CAF_CHECK(uut.next(0, 100).empty());
  uut.done(2);
  CAF_CHECK_EQUAL(joined(uut.next(0, 100)), "a3 ");
  CAF_CHECK(uut.empty());
}

CAF_TEST(messages without a key run side by side) {
  rules::dispatch uut{2, first_character};
  uut.push_back(messages({".1", ".2"}));
  CAF_CHECK_EQUAL(joined(uut.next(0, 100)), ".1 ");
  CAF_CHECK_EQUAL(joined(uut.next(1, 100)), ".2 ");
}
