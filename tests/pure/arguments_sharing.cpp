// arguments_sharing.cpp: the options and commands for requests and for what clients share.

#define CAF_SUITE arguments_sharing

#include "commands.hpp"
#include "pure/connect_line.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>
#include <variant>
#include <vector>

using namespace wsengine;
using namespace wsengine::cli;
using namespace std::chrono_literals;

namespace {

/// Whether there is one problem, which begins with that option.
bool refused(const std::string& option, const std::string& value) {
  auto result = parse_connect({option, value});
  const auto* error = std::get_if<usage_error>(&result);
  return error != nullptr && error->problems.size() == 1
         && error->problems.front().starts_with(option);
}

} // namespace

CAF_TEST(by default nothing is shared) {
  auto found = connect({});
  CAF_CHECK(found.engine.budget == reconnect_budget_options{});
  CAF_CHECK(found.engine.circuit == circuit_options{});
  CAF_CHECK(!found.request_key_pointer);
  CAF_CHECK(found.request_timeout == 30s);
}

CAF_TEST(every option has its field) {
  auto found =
    connect({"--request-key-pointer", "/id", "--max-requests", "6", "--request-timeout", "2s",
             "--reconnect-rate", "1.5", "--reconnect-burst", "3", "--reconnect-group", "g",
             "--circuit-threshold", "4", "--circuit-open-time", "5s"});
  CAF_CHECK(found.engine.budget == (reconnect_budget_options{1.5, 3, "g"}));
  CAF_CHECK(found.engine.circuit == (circuit_options{4, 5s}));
  CAF_CHECK_EQUAL(found.request_key_pointer.value(), "/id");
  CAF_CHECK_EQUAL(found.engine.max_requests, 6U);
  CAF_CHECK(found.request_timeout == 2s);
}

CAF_TEST(bad values are named) {
  CAF_CHECK(refused("--request-key-pointer", "id"));
  CAF_CHECK(refused("--max-requests", "0"));
  CAF_CHECK(refused("--request-timeout", "x"));
  CAF_CHECK(refused("--reconnect-rate", "-1"));
  CAF_CHECK(refused("--reconnect-burst", "0"));
  CAF_CHECK(refused("--reconnect-group", ""));
  CAF_CHECK(refused("--circuit-threshold", "-1"));
  CAF_CHECK(refused("--circuit-open-time", "0"));
}

CAF_TEST(a request has a key and a text) {
  auto found = parse_command("/request 7 {\"id\": 7}");
  CAF_CHECK(found.what == command::type::request);
  CAF_CHECK_EQUAL(found.key, "7");
  CAF_CHECK_EQUAL(found.data, "{\"id\": 7}");
  for (const auto* bad : {"/request", "/request 7", "/request 7 ", "/request  x"})
    CAF_CHECK(parse_command(bad).what == command::type::malformed);
}
