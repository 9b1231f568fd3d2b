// metrics_endpoint.cpp: metrics over sockets, read as Prometheus reads them.

#define CAF_SUITE metrics_endpoint

#include "real/engine_fixture.hpp"

#include "wsengine/prometheus.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <cstdint>
#include <cstdlib>
#include <prometheus/exposer.h>
#include <sstream>
#include <string>

using namespace wsengine;
using namespace std::chrono_literals;

namespace {

/// What a server on this machine answers to a request for that path.
std::string get(std::uint16_t port, const std::string& path) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket{io};
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  boost::asio::write(socket, boost::asio::buffer("GET " + path
                                                 + " HTTP/1.1\r\nHost: localhost\r\n"
                                                   "Connection: close\r\n\r\n"));
  std::string result;
  boost::system::error_code ec;
  boost::asio::read(socket, boost::asio::dynamic_buffer(result), ec);
  return result;
}

struct fixture : tests::engine_fixture {
  fixture() {
    exposer.RegisterCollectable(numbers.collectable());
    hooks.watcher = numbers.watch();
  }

  void spawn_watched() {
    auto result = spawn_engine(sys, tests::adapter_connector(*io), options, client,
                               placement::io_thread, hooks);
    if (!result)
      CAF_FAIL(describe(result.error()));
    engine = *result;
  }

  double value(const std::string& series) {
    auto port = static_cast<std::uint16_t>(exposer.GetListeningPorts().front());
    std::istringstream lines{get(port, "/metrics")};
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(series + " "))
        return std::strtod(line.c_str() + series.size(), nullptr);
    return -1;
  }

  metrics numbers;
  prometheus::Exposer exposer{"127.0.0.1:0", 1};
  engine_hooks hooks;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(metrics_endpoint_tests, fixture)

CAF_TEST(what was said over a socket is read by http) {
  spawn_watched();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  CAF_CHECK(value("wsengine_engines{state=\"running\"}") == 1);
  for (const auto* x : {"one", "two", "three"})
    CAF_CHECK_EQUAL(write(x), caf::none);
  CAF_REQUIRE(client->wait_for("message three"));
  auto pong = tests::ask_and_wait<timespan>(sys, client->current().connection, ping_msg{});
  CAF_CHECK(pong);
  // With its session, everything about it has been told.
  CAF_REQUIRE_EQUAL(stop(), caf::none);
  CAF_CHECK(value("wsengine_received_messages_total") == 3);
  CAF_CHECK(value("wsengine_received_bytes_total") == 11);
  CAF_CHECK(value("wsengine_sent_messages_total") == 3);
  CAF_CHECK(value("wsengine_sent_bytes_total") == 11);
  CAF_CHECK(value("wsengine_write_queue_messages") == 0);
  CAF_CHECK(value("wsengine_write_queue_bytes") == 0);
  CAF_CHECK(value("wsengine_ping_round_trip_seconds_count") == 1);
  CAF_CHECK(value("wsengine_callback_duration_seconds_count{callback=\"on_message\"}") == 3);
  CAF_CHECK(value("wsengine_engines{state=\"stopped\"}") == 1);
  CAF_CHECK(value("wsengine_sessions_closed_total{by=\"us\"}") == 1);
}

CAF_TEST(what a connection does not write is counted once) {
  options.request.url = server.url("/silent");
  options.connection.write_queue_bytes = 1000;
  options.backoff.base = options.backoff.cap = 60s;
  spawn_watched();
  CAF_REQUIRE_EQUAL(start(), caf::none);
  auto connection = client->current().connection;
  // Never fits.
  auto refused = tests::ask_void_and_wait(
    sys, connection, write_msg{message_kind::text, std::string(17U << 20U, 'x')});
  CAF_CHECK(is(refused, connection_errc::message_too_big));
  CAF_CHECK(value("wsengine_unsent_messages_total{fate=\"refused\"}") == 1);
  compat::send_exit(caf::actor_cast<caf::actor>(connection), caf::exit_reason::user_shutdown);
  CAF_CHECK(client->wait_for("close"));
  // With the engine, everything about its session has been told.
  CAF_CHECK_EQUAL(stop(), caf::none);
  CAF_CHECK(value("wsengine_write_queue_messages") == 0);
  CAF_CHECK(value("wsengine_sessions_closed_total{by=\"loss\"}") == 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
