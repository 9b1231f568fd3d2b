// write_queue.cpp: what happens to requests that a write queue has no room for.

#define CAF_SUITE write_queue

#include "write_queue.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>
#include <vector>

using namespace wsengine;
using io::write_bounds;

using strings = std::vector<std::string>;

namespace {

// Each request is as large as its name is long.
struct fixture {
  bool add(std::string what) {
    auto size = what.size();
    return uut.add(what, size, bound, [this](std::string& x) { dropped.push_back(x); });
  }

  // Begins all that may begin, in order.
  strings take_all() {
    strings result;
    while (uut.ready())
      result.push_back(uut.take());
    return result;
  }

  void left(const strings& all) {
    for (const auto& x : all)
      uut.left(x.size());
  }

  write_bounds bound{10, queue_policy::reject, 2};
  io::write_queue<std::string> uut;
  strings dropped;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(write_queue_tests, fixture)

CAF_TEST(requests come out in order and count until they have left) {
  CAF_CHECK(add("aaaa") && add("bbbb"));
  CAF_CHECK_EQUAL(uut.bytes(), 8U);
  CAF_CHECK_EQUAL(uut.take(), "aaaa");
  CAF_CHECK_EQUAL(uut.bytes(), 8U);
  uut.left(4);
  CAF_CHECK_EQUAL(uut.bytes(), 4U);
  CAF_CHECK_EQUAL(take_all(), strings{"bbbb"});
  CAF_CHECK(uut.empty());
}

CAF_TEST(a full queue rejects and keeps what it has) {
  CAF_CHECK(add("aaaaaaaaaa"));
  CAF_CHECK(!add("b"));
  CAF_CHECK(!add(""));
  CAF_CHECK_EQUAL(take_all(), strings{"aaaaaaaaaa"});
  // What has begun counts.
  CAF_CHECK(!add("b"));
  uut.left(10);
  CAF_CHECK(add("b"));
}

CAF_TEST(one request is always accepted by an empty queue) {
  for (auto policy :
       {queue_policy::reject, queue_policy::drop_oldest, queue_policy::block_sender}) {
    uut = {};
    bound.policy = policy;
    CAF_CHECK(add(std::string(100, 'x')));
    CAF_CHECK(uut.ready());
  }
}

CAF_TEST(the oldest give way and as many as it takes) {
  bound.policy = queue_policy::drop_oldest;
  CAF_CHECK(add("aaa") && add("bbb") && add("ccc"));
  CAF_CHECK(add("ddddd"));
  CAF_CHECK_EQUAL(dropped, (strings{"aaa", "bbb"}));
  CAF_CHECK_EQUAL(take_all(), (strings{"ccc", "ddddd"}));
}

CAF_TEST(what has begun to go out does not give way) {
  bound.policy = queue_policy::drop_oldest;
  CAF_CHECK(add("aaaa") && add("bbb") && add("ccc"));
  CAF_CHECK_EQUAL(uut.take(), "aaaa");
  CAF_CHECK(add("ddd"));
  CAF_CHECK_EQUAL(dropped, strings{"bbb"});
  CAF_CHECK_EQUAL(take_all(), (strings{"ccc", "ddd"}));
}

CAF_TEST(none gives way when that would not make enough room) {
  bound.policy = queue_policy::drop_oldest;
  CAF_CHECK(add("aaaa") && add("bbb"));
  CAF_CHECK_EQUAL(uut.take(), "aaaa");
  CAF_CHECK(!add("1234567"));
  CAF_CHECK(dropped.empty());
  CAF_CHECK_EQUAL(take_all(), strings{"bbb"});
}

CAF_TEST(all give way to one that is larger than the queue) {
  bound.policy = queue_policy::drop_oldest;
  CAF_CHECK(add("a") && add("b"));
  CAF_CHECK(add(std::string(100, 'x')));
  CAF_CHECK_EQUAL(dropped, (strings{"a", "b"}));
  CAF_CHECK_EQUAL(uut.bytes(), 100U);
}

CAF_TEST(the waiting room keeps order and is bounded) {
  bound.policy = queue_policy::block_sender;
  CAF_CHECK(add("aaaaaaaa"));
  CAF_CHECK(add("bbbbb"));
  // It would fit, but may not overtake.
  CAF_CHECK(add("c"));
  CAF_CHECK_EQUAL(uut.waiting(), 2U);
  CAF_CHECK(!add("d"));
  CAF_CHECK(dropped.empty());
  // What waits outside cannot begin, and does not count.
  CAF_CHECK_EQUAL(take_all(), strings{"aaaaaaaa"});
  CAF_CHECK_EQUAL(uut.bytes(), 8U);
  CAF_CHECK(!uut.empty());
  uut.left(8);
  CAF_CHECK_EQUAL(uut.waiting(), 0U);
  CAF_CHECK(add("d"));
  CAF_CHECK_EQUAL(take_all(), (strings{"bbbbb", "c", "d"}));
}

CAF_TEST(a request larger than the queue leaves the waiting room when the queue is empty) {
  bound.policy = queue_policy::block_sender;
  CAF_CHECK(add("aaaaa") && add("bbbbb"));
  CAF_CHECK(add("larger than the queue"));
  left(take_all());
  CAF_CHECK_EQUAL(take_all(), strings{"larger than the queue"});
}

CAF_TEST(clearing gives back what has not begun and keeps the account of the rest) {
  bound.policy = queue_policy::block_sender;
  CAF_CHECK(add("aaaa") && add("bbbb") && add("cccc"));
  CAF_CHECK_EQUAL(uut.take(), "aaaa");
  strings cleared;
  uut.clear([&](std::string& x) { cleared.push_back(x); });
  CAF_CHECK_EQUAL(cleared, (strings{"bbbb", "cccc"}));
  CAF_CHECK(uut.empty() && !uut.ready());
  CAF_CHECK_EQUAL(uut.bytes(), 4U);
  uut.left(4);
  CAF_CHECK_EQUAL(uut.bytes(), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()
