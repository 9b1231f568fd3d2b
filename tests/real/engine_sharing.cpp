// engine_sharing.cpp: requests over a real socket, and a crowd of clients whose server restarts.

#define CAF_SUITE engine_sharing

#include "engine_fixture.hpp"

#include "wsengine/json_key.hpp"

#include <atomic>
#include <chrono>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;

namespace {

using clock_type = std::chrono::steady_clock;

struct fixture : tests::engine_fixture {
  void spawn_with_keys(const std::string& pointer) {
    engine_hooks hooks;
    hooks.request_key = json_key(pointer);
    auto result = spawn_engine(sys, tests::adapter_connector(*io), options, client,
                               placement::io_thread, hooks);
    CAF_REQUIRE(result);
    engine = *result;
    CAF_REQUIRE_EQUAL(start(), caf::none);
  }

  caf::expected<data_message> query(const std::string& json, const std::string& key,
                                    timespan timeout = 20s) {
    return ask<data_message>(request_msg{text(json), key, timeout, {}});
  }
};

/// Counts what becomes of the attempts of many engines.
class crowd_client : public callbacks {
public:
  caf::result<void> on_open(session_context&, const handshake_response&, bool) override {
    ++opened;
    return caf::unit;
  }

  void on_message(session_context&, message_kind, const payload&) override {}

  void on_restart_error(session_context&, const caf::error&, std::uint32_t,
                        optional<timespan>) override {
    ++failed;
  }

  std::atomic<std::uint64_t> opened = 0;
  std::atomic<std::uint64_t> failed = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_sharing_tests, fixture)

CAF_TEST(requests are answered over a real socket) {
  spawn_with_keys("/id");
  // The server echoes: the question is its own answer.
  for (int i = 0; i < 20; ++i) {
    auto json = R"({"id":)" + std::to_string(i) + "}";
    auto answer = query(json, std::to_string(i));
    CAF_REQUIRE(answer);
    CAF_CHECK_EQUAL(*answer, text(json));
  }
  // Its echo has another key.
  auto late = query(R"({"id":"other"})", "mine", 50ms);
  CAF_REQUIRE(!late);
  CAF_CHECK(is(late.error(), request_errc::timeout));
  CAF_CHECK(client->wait_for(R"(message {"id":"other"})"));
  CAF_CHECK_EQUAL(client->count("message"), 1U);
  CAF_CHECK_EQUAL(stop(), caf::none);
}

CAF_TEST(requests fail when the server goes) {
  spawn_with_keys("/id");
  caf::scoped_actor self{sys};
  auto waiting = self->request(engine, caf::infinite,
                               request_msg{text(R"({"id":1})"), "never", timespan::max(), {}});
  CAF_REQUIRE(client->wait_for("message"));
  auto id = client->current().id;
  server.drop_all();
  waiting.receive([](const data_message&) { CAF_FAIL("there is no answer"); },
                  [&](const caf::error& x) { CAF_CHECK_EQUAL(lost_session_of(x), id); });
  CAF_CHECK_EQUAL(stop(), caf::none);
}

CAF_TEST(a crowd comes back within its budget when the server restarts) {
  constexpr std::uint64_t many = 300;
  io = std::make_unique<host>(sys, host_options{4, 10s});
  options.budget = {400, 50, ""};
  options.circuit = {20, 300ms};
  options.backoff.cap = 100ms;
  options.backoff.retry_first_connect = true;
  auto crowd = std::make_shared<crowd_client>();
  std::vector<engine_actor> engines;
  auto began = clock_type::now();
  for (std::uint64_t i = 0; i < many; ++i) {
    auto result =
      spawn_engine(sys, tests::adapter_connector(*io), options, crowd, placement::io_thread);
    CAF_REQUIRE(result);
    caf::anon_send(*result, start_msg{});
    engines.push_back(std::move(*result));
  }
  auto all_open = [](const auto& x) { return x.open == many; };
  CAF_REQUIRE(server.wait_until(all_open, 30s));
  server.stop();
  // Until the circuit has opened, which all engines know of.
  engine = engines.back();
  while (ask<engine_status>(status_msg{})->circuit.state == circuit_state::closed)
    std::this_thread::yield();
  server.start();
  CAF_CHECK(server.wait_until(all_open, 30s));
  auto attempts = crowd->opened + crowd->failed;
  // Taken last: each of these attempts was let through before.
  std::chrono::duration<double> took = clock_type::now() - began;
  CAF_CHECK_GREATER_OR_EQUAL(crowd->opened, many);
  CAF_CHECK_LESS_OR_EQUAL(double(attempts), 50 + 400 * took.count());
}

CAF_TEST_FIXTURE_SCOPE_END()
