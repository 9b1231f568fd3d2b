// restore_list.cpp: the rules of what every session begins with.

#define CAF_SUITE restore_list

#include "rules/restore_list.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>
#include <vector>

using namespace wsengine;

using strings = std::vector<std::string>;

namespace {

struct fixture {
  fixture() { uut.session_opened(); }

  void put(const std::string& name, const std::string& content) { uut.put({name, text(content)}); }

  // Writes one message; returns its content.
  std::string write() {
    auto what = uut.next();
    if (!what)
      return "";
    uut.written(what->id);
    return std::string{what->message.data.text()};
  }

  strings write_all() {
    strings result;
    for (auto content = write(); !content.empty(); content = write())
      result.push_back(content);
    return result;
  }

  rules::restore_list uut{{{"login", text("login")}, {"a", text("sub a")}}};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(restore_list_tests, fixture)

CAF_TEST(every session begins with all of them in order) {
  for (int i = 0; i < 2; ++i) {
    CAF_CHECK(!uut.done());
    CAF_CHECK_EQUAL(write_all(), (strings{"login", "sub a"}));
    CAF_CHECK(uut.done());
    uut.session_opened();
  }
}

CAF_TEST(one is on its way at a time) {
  auto what = uut.next();
  CAF_REQUIRE(what);
  CAF_CHECK_EQUAL(what->name, "login");
  CAF_CHECK(!uut.next());
  uut.not_now(what->id);
  CAF_CHECK_EQUAL(write_all(), (strings{"login", "sub a"}));
}

CAF_TEST(what is added is sent at once and from then on) {
  write_all();
  put("b", "sub b");
  CAF_CHECK_EQUAL(write_all(), strings{"sub b"});
  uut.session_opened();
  CAF_CHECK_EQUAL(write_all(), (strings{"login", "sub a", "sub b"}));
}

CAF_TEST(nothing is sent without a session) {
  uut.session_ended();
  put("b", "sub b");
  CAF_CHECK(!uut.next());
  CAF_CHECK(uut.done());
  CAF_CHECK(uut.remove("a", text("unsub a")));
  CAF_CHECK(!uut.next());
  uut.session_opened();
  CAF_CHECK_EQUAL(write_all(), (strings{"login", "sub b"}));
}

CAF_TEST(a duplicate is replaced in its place and sent) {
  put("b", "sub b");
  // Neither has been sent: it keeps its turn.
  put("a", "other a");
  CAF_CHECK_EQUAL(write_all(), (strings{"login", "other a", "sub b"}));
  put("login", "new login");
  CAF_CHECK_EQUAL(write_all(), strings{"new login"});
  uut.session_opened();
  CAF_CHECK_EQUAL(write_all(), (strings{"new login", "other a", "sub b"}));
}

CAF_TEST(what is replaced on its way is sent again) {
  auto what = uut.next();
  put("login", "new login");
  uut.written(what->id);
  CAF_CHECK_EQUAL(write_all(), (strings{"sub a", "new login"}));
  CAF_CHECK(uut.done());
}

CAF_TEST(what is removed is followed by its farewell where it was sent) {
  CAF_CHECK_EQUAL(write(), "login");
  CAF_CHECK(uut.remove("login", text("logout")));
  // Not sent yet: nothing to say farewell to.
  CAF_CHECK(uut.remove("a", text("unsub a")));
  CAF_CHECK_EQUAL(write_all(), strings{"logout"});
  CAF_CHECK(!uut.remove("a", text("unsub a")));
  CAF_CHECK(uut.all().empty());
  uut.session_opened();
  CAF_CHECK(uut.done());
}

CAF_TEST(what is removed on its way is followed by its farewell) {
  auto what = uut.next();
  CAF_CHECK(uut.remove("login", text("logout")));
  uut.written(what->id);
  CAF_CHECK_EQUAL(write_all(), (strings{"sub a", "logout"}));
}

CAF_TEST(what is removed and added again is sent behind its farewell) {
  write_all();
  CAF_CHECK(uut.remove("a", text("unsub a")));
  put("a", "sub a again");
  CAF_CHECK_EQUAL(write_all(), (strings{"unsub a", "sub a again"}));
  CAF_CHECK(uut.remove("a", {}));
  CAF_CHECK(uut.done());
}

CAF_TEST(answers of an earlier session mean nothing) {
  auto what = uut.next();
  uut.session_opened();
  uut.written(what->id);
  CAF_CHECK_EQUAL(write_all(), (strings{"login", "sub a"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
