// part_queue.cpp: messages that are written in parts, and what waits for their end.

#define CAF_SUITE part_queue

#include "part_queue.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace wsengine;

using strings = std::vector<std::string>;

namespace {

// A request as a test sees it: what became of it is noted under its first payload.
struct request {
  std::vector<data_message> messages;
  std::uint64_t size = 0;
  strings* failures = nullptr;

  void fail(const caf::error& why) const { failures->push_back(name() + ": " + text_of(why)); }

  template <class F>
  caf::error each(F f) const {
    for (const auto& x : messages)
      if (auto fault = f(x))
        return fault;
    return caf::none;
  }

  [[nodiscard]] std::string name() const {
    std::string result;
    for (const auto& x : messages)
      result += std::string{x.data.text()} + (x.last ? "" : "+");
    return result;
  }
};

data_message part(std::string what) {
  return {message_kind::text, std::move(what), false};
}

struct fixture {
  void add(const caf::actor_addr& who, std::vector<data_message> messages) {
    request what{std::move(messages), 0, &failures};
    for (const auto& x : what.messages)
      what.size += x.data.size();
    uut.add(std::move(what), who, bound);
  }

  void add(const caf::actor_addr& who, data_message message) {
    add(who, std::vector<data_message>{std::move(message)});
  }

  // Takes all that may be sent, in order.
  strings sent() {
    strings result;
    while (uut.admitted().ready()) {
      auto next = uut.admitted().take();
      uut.admitted().left(next.size);
      result.push_back(next.name());
    }
    return result;
  }

  caf::actor_system_config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor first{sys};
  caf::scoped_actor second{sys};
  caf::scoped_actor third{sys};
  caf::actor_addr a = first.address();
  caf::actor_addr b = second.address();
  caf::actor_addr c = third.address();
  io::write_limits bound{10, {20, queue_policy::reject, 2}};
  io::part_queue<request> uut;
  strings failures;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(part_queue_tests, fixture)

CAF_TEST(nothing of others comes between the parts of a message) {
  add(a, part("a1"));
  add(b, text("b"));
  add(a, part("a2"));
  add({}, text("nobody"));
  CAF_CHECK_EQUAL(sent(), (strings{"a1+", "a2+"}));
  CAF_CHECK(uut.needs(a));
  CAF_CHECK(!uut.needs(b));
  add(a, text("a3"));
  CAF_CHECK(!uut.needs(a));
  CAF_CHECK_EQUAL(sent(), (strings{"a3", "b", "nobody"}));
  CAF_CHECK(failures.empty());
}

CAF_TEST(the parts of one who had to wait do not wait for each other) {
  add(a, part("a1"));
  add(b, part("b1"));
  add(c, text("c"));
  add(b, text("b2"));
  add(a, text("a2"));
  CAF_CHECK_EQUAL(sent(), (strings{"a1+", "a2", "b1+", "b2", "c"}));
}

CAF_TEST(parts may come in one request with what is around them) {
  add(a, {text("x"), part("a1")});
  add(b, text("b"));
  add(a, {part("a2"), text("a3"), text("y")});
  CAF_CHECK_EQUAL(sent(), (strings{"xa1+", "a2+a3y", "b"}));
}

CAF_TEST(the limit of a message holds for all of its parts) {
  add(a, part("123456"));
  add(a, text("78901"));
  CAF_CHECK_EQUAL(failures, (strings{"78901: 11 bytes, the limit is 10"}));
  // That was not accepted, so the message still wants an end.
  CAF_CHECK(uut.needs(a));
  add(a, text("7890"));
  CAF_CHECK_EQUAL(sent(), (strings{"123456+", "7890"}));
}

CAF_TEST(all parts are of one kind) {
  add(a, part("x"));
  add(a, binary("y"));
  CAF_CHECK_EQUAL(failures, (strings{"y: the part is binary, its message began as text"}));
}

CAF_TEST(text may be cut within a character and must be UTF - 8 as a whole) {
  const std::string euro = "\xE2\x82\xAC";
  add(a, part("x" + euro.substr(0, 1)));
  add(a, part(euro.substr(1, 1)));
  add(a, text(euro.substr(2)));
  CAF_CHECK(failures.empty());
  add(a, part("\xC3"));
  add(a, text("x"));
  add(a, text(""));
  add(a, text("\xA9"));
  CAF_CHECK_EQUAL(failures.size(), 2U);
  add(a, part("\xFF"));
  CAF_CHECK_EQUAL(failures.size(), 3U);
  CAF_CHECK(!uut.needs(a));
}

CAF_TEST(whatever waits outside is bounded like the queue) {
  add(a, part("1234567890"));
  add(b, text("1234567890"));
  add(b, text("x"));
  CAF_CHECK_EQUAL(failures, (strings{"x: 20 bytes wait to be written, the limit is 20"}));
  add(a, text(""));
  CAF_CHECK_EQUAL(sent(), (strings{"1234567890+", "", "1234567890"}));
}

CAF_TEST(where the oldest may give way there are no parts) {
  bound.queue.policy = queue_policy::drop_oldest;
  add(a, part("x"));
  CAF_CHECK_EQUAL(failures.size(), 1U);
  CAF_CHECK(!uut.needs(a));
}

CAF_TEST(all that has not begun fails at the end) {
  add(a, part("a1"));
  add(b, text("b"));
  uut.fail_all(make_error(connection_errc::write_failed, "over"));
  CAF_CHECK_EQUAL(failures, (strings{"a1+: over", "b: over"}));
  CAF_CHECK(!uut.needs(a));
}

CAF_TEST_FIXTURE_SCOPE_END()
