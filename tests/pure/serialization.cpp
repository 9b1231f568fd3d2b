// serialization.cpp: every message type survives the way to another node and prints readably.

#define CAF_SUITE serialization

#include "roundtrip_fixture.hpp"
#include "stand_in.hpp"

#include "wsengine/client_actor.hpp"
#include "wsengine/config.hpp"
#include "wsengine/connection_actor.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/error.hpp"
#include "wsengine/options.hpp"
#include "wsengine/provider.hpp"
#include "wsengine/session.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <caf/deep_to_string.hpp>

#include <string>
#include <utility>

using namespace wsengine;
using namespace std::chrono_literals;
using namespace std::literals;

namespace {

struct fixture : tests::roundtrip_fixture<config> {
  fixture() {
    peer = sys.spawn<stand_in>();
    id = session_id{0x0123456789ABCDEF};
    open = {id, caf::actor_cast<connection_actor>(peer), peer, peer};
    request = {"ws://example.org/", {{"X", "1"}, {"X", "2"}}, {"chat"}};
    response = {101, "chat", "permessage-deflate", {{"Server", "s"}}, "body", tls};
    cause = make_closed_error("gone", {close_code::normal, "bye"});
    batch = {{text("a\"b"), binary("\x00\xff"s)}};
  }

  ~fixture() override {
    caf::anon_send_exit(peer, caf::exit_reason::kill);
    peer = nullptr;
    open = {};
  }

  /// Sends a value of each registered type through `check_one`.
  void check_values();
  void check_options();
  void check_connection_messages();
  void check_client_messages();
  void check_engine_messages();
  void check_sending();

  caf::actor peer;
  session_id id;
  session open;
  handshake_request request;
  tls_summary tls{"TLSv1.3", "http/1.1", true};
  handshake_response response;
  caf::error cause;
  message_batch batch;
  trace_parent trace{trace_context{{1, 2}, {3}, 1, "vendor=x"}};
};

void fixture::check_values() {
  check_one(close_details{close_code{4999}, "bye"});
  check_one(request);
  check_one(response);
  check_one(tls);
  check_one(secret{"x"});
  check_one(payload{"some\0bytes"s});
  check_one(binary("x"));
  check_one(batch);
  check_one(id);
  check_one(open);
}

void fixture::check_options() {
  engine_options options;
  options.request = request;
  options.more_urls = {"ws://other/"};
  options.order = url_order::rotating;
  options.max_redirects = 1;
  options.keep_cookies = true;
  options.connection.timeouts = {1s, 2s, 3s, 4s, 5s, 6s};
  options.connection.tls = {false, "a",   "b",  "c", "d", "e", "f", "g", "h", tls_version::tls_1_3,
                            {"i"}, {"j"}, false};
  options.connection.proxy = {"http://proxy", "user", "password", {"localhost"}};
  options.connection.unix_socket = "path";
  options.connection.resolution_delay = 1s;
  options.connection.connect_stagger = 2s;
  options.connection.deflate = {true, 9, 10, true, true, 1, 2, 3};
  options.connection.ping_interval = 1ms;
  options.connection.pong_timeout = 3ms;
  options.connection.idle_timeout = 2ms;
  options.connection.write_timeout = 4ms;
  options.connection.tcp_keepalive = {true, 1s, 2s, 3};
  options.connection.tcp_user_timeout = 5ms;
  options.connection.max_header_size = 6;
  options.connection.max_message_size = 1;
  options.connection.max_frames_per_message = 4;
  options.connection.max_part_size = 5;
  options.connection.write_queue_bytes = 2;
  options.connection.when_queue_full = queue_policy::block_sender;
  options.connection.waiting_room = 5;
  options.connection.read_ahead_bytes = 3;
  options.backoff = {1s, 1.5, 2s, 0.5, 3s, 4, true, 5s};
  options.budget = {1.5, 2, "group"};
  options.circuit = {3, 4s};
  options.timeouts = {6s, 7s};
  options.outbox = {true, 1, 2};
  options.setup = {{"login", binary("x")}};
  options.handlers = 8;
  options.read_batch = 9;
  options.max_requests = 10;
  options.on_handler_crash = handler_crash_policy::keep;
  options.on_client_down = client_down_policy::keep;
  check_one(options.connection.timeouts);
  check_one(options.connection.tls);
  check_one(options.connection.proxy);
  check_one(options.connection.deflate);
  check_one(options.connection.tcp_keepalive);
  check_one(options.connection);
  check_one(options.backoff);
  check_one(options.budget);
  check_one(options.circuit);
  check_one(options.timeouts);
  check_one(options.outbox);
  check_one(options.setup.front());
  check_one(options);
  CAF_CHECK(roundtrip(options) == options);
  check_one(option_problem{"field", "problem"});
  check_one(phase_name{"tls"});
}

void fixture::check_connection_messages() {
  dial_msg dial{request, {}};
  dial.options.ping_interval = 7s;
  check_one(dial);
  check_one(demand_msg{512});
  check_one(credit_msg{512, 1 << 20});
  check_one(read_msg{});
  check_one(write_msg{message_kind::binary, "x", false});
  check_one(write_batch_msg{batch});
  check_one(ping_msg{"x"});
  check_one(close_msg{{close_code::normal, "bye"}});
  check_one(wait_closed_msg{});
  check_one(open.connection);
}

void fixture::check_client_messages() {
  check_one(on_open{open, response, true, trace});
  check_one(on_message{id, message_kind::binary, "x", false, trace});
  check_one(on_messages{id, batch, trace});
  check_one(on_read_error{id, cause, trace});
  check_one(on_close{id, close_details{close_code::normal, "bye"}});
  check_one(on_close{id, nothing, trace});
  check_one(on_close_error{id, cause, trace});
  check_one(on_restart_error{cause, 3, timespan{4s}, peer, trace});
  check_one(on_restart_error{cause, 3, nothing, peer});
  check_one(caf::actor_cast<client_actor>(peer));
  check_one(caf::actor_cast<batch_client_actor>(peer));
}

void fixture::check_engine_messages() {
  circuit_status circuit{circuit_state::open, 7, timestamp{8s}, timespan{9s}};
  check_one(circuit);
  check_one(
    engine_status{engine_state::backoff, id, 2, cause, timestamp{5s}, timespan{6s}, true, circuit});
  check_one(start_msg{trace});
  check_one(stop_msg{});
  check_one(status_msg{});
  check_one(pause_msg{});
  check_one(lease{7, open, batch});
  check_one(resume_msg{7, batch});
  check_one(set_client_msg{caf::actor_cast<client_actor>(peer)});
  check_one(set_batch_client_msg{caf::actor_cast<batch_client_actor>(peer)});
  check_one(request_msg{binary("x"), "key", timespan{2s}, id, trace});
  check_one(request_msg{binary("x"), "key", timespan{2s}, nothing});
  check_one(wait_stopped_msg{});
  check_one(stop_report{cause});
  check_one(provide_msg{request, 1, true, cause});
  check_one(caf::actor_cast<provider_actor>(peer));
  check_one(caf::actor_cast<engine_actor>(peer));
}

void fixture::check_sending() {
  check_one(send_msg{message_kind::binary, "x", send_policy::expire, 1s, true, trace});
  check_one(send_receipt{id});
  check_one(subscribe_msg{{"trades", text("x")}});
  check_one(unsubscribe_msg{"trades", text("x")});
  check_one(unsubscribe_msg{"trades", nothing});
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(serialization_tests, fixture)

CAF_TEST(every type survives a round trip) {
  check_values();
  check_options();
  check_connection_messages();
  check_client_messages();
  check_engine_messages();
  check_sending();
  // Whoever registers a type adds it above.
  check_complete("wsengine::");
}

CAF_TEST(actor handles refer to the same actor after a round trip) {
  auto copy = roundtrip(open);
  CAF_CHECK(copy == open);
  CAF_CHECK(roundtrip(session{}) == session{});
}

CAF_TEST(payloads survive with any bytes) {
  std::string all;
  for (int i = 0; i < 256; ++i)
    all += static_cast<char>(i);
  CAF_CHECK(roundtrip(payload{all}) == payload{all});
  CAF_CHECK(roundtrip(payload{}).empty());
}

CAF_TEST(truncated bytes are an error and no crash) {
  auto bytes = serialize(on_open{open, response, true, trace});
  while (!bytes.empty()) {
    bytes.pop_back();
    on_open result;
    CAF_CHECK(!tests::read(sys, bytes, result));
  }
}

CAF_TEST(secrets do not print) {
  engine_options options;
  options.request.url = "ws://example.org/";
  options.request.headers = {
    basic_auth("me", "hunter2"), {"cookie", "hunter2"}, {"X-Shown", "shown"}};
  options.connection.proxy.password = "hunter2";
  options.connection.tls.key_pem = "hunter2";
  for (const auto& text :
       {caf::deep_to_string(options),
        to_string(caf::make_message(dial_msg{options.request, options.connection})),
        caf::deep_to_string(provide_msg{options.request, 0, false, {}})}) {
    CAF_CHECK(text.find("hunter2") == std::string::npos);
    CAF_CHECK(text.find(basic_auth("me", "hunter2").second) == std::string::npos);
    CAF_CHECK(text.find("\"shown\"") != std::string::npos);
  }
  CAF_CHECK_EQUAL(caf::deep_to_string(secret{}), "");
  CAF_CHECK(roundtrip(options) == options);
}

CAF_TEST(values print readably) {
  CAF_CHECK_EQUAL(caf::deep_to_string(on_message{id, message_kind::text, "hi"}),
                  "on_message(0123456789abcdef, text, \"hi\", true)");
  auto bytes = payload{std::string{"a\"b\\\r\n\t\x00\x7f\xff", 10}};
  CAF_CHECK_EQUAL(to_string(bytes), R"("a\"b\\\r\n\t\x00\x7f\xff")");
  CAF_CHECK_EQUAL(caf::deep_to_string(data_message{message_kind::binary, std::string(65, 'x')}),
                  "data_message(binary, \"" + std::string(64, 'x') + "\"... (65 bytes), true)");
  CAF_CHECK_EQUAL(to_string(payload{std::string(64, 'x')}), '"' + std::string(64, 'x') + '"');
  CAF_CHECK_EQUAL(caf::deep_to_string(close_msg{{close_code::normal, "bye"}}),
                  "close_msg(close_details(1000 (normal), \"bye\"))");
  CAF_CHECK_EQUAL(caf::deep_to_string(demand_msg{3}), "demand_msg(3)");
  CAF_CHECK_EQUAL(caf::deep_to_string(read_msg{}), "read_msg()");
  CAF_CHECK_EQUAL(caf::deep_to_string(engine_state::backoff), "backoff");
  CAF_CHECK_EQUAL(
    caf::deep_to_string(batch),
    "message_batch([data_message(text, \"a\\\"b\", true), data_message(binary, \"\\x00\\xff\", true)])"s);
  CAF_CHECK_EQUAL(caf::deep_to_string(start_msg{}), "start_msg()");
  CAF_CHECK_EQUAL(caf::deep_to_string(start_msg{trace}),
                  "start_msg(00-00000000000000010000000000000002-0000000000000003-01 vendor=x)");
}

CAF_TEST_FIXTURE_SCOPE_END()
