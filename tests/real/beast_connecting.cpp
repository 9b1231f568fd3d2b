// beast_connecting.cpp: the race between the addresses of a host, with sockets: whoever is dead
// does not keep the others waiting.

#define CAF_SUITE beast_connecting

#include "connecting.hpp"
#include "real/connection_fixture.hpp"
#include "real/full_listener.hpp"

#include <boost/asio/post.hpp>

#include <future>
#include <memory>

using namespace std::chrono_literals;
using namespace wsengine;
using io::connecting;
using io::tcp;

namespace {

tcp::endpoint at(std::uint16_t port) {
  return {boost::asio::ip::address_v4::loopback(), port};
}

// What became of a race: the port of the winner, or why there is none.
struct outcome {
  std::uint16_t port = 0;
  dial_errc code{};
  std::string text;
};

struct racer : io::connecting_user, std::enable_shared_from_this<racer> {
  void on_connecting() override { ++attempts; }

  void on_connected(io::tcp_socket socket) override {
    result.set_value({socket.remote_endpoint().port(), {}, {}});
  }

  void on_not_connected(dial_errc code, std::string text) override {
    result.set_value({0, code, std::move(text)});
  }

  std::shared_ptr<void> hold_user() override { return shared_from_this(); }

  int attempts = 0;
  std::promise<outcome> result;
};

struct fixture {
  fixture() {
    server.start();
    second_server.start();
    boost::asio::io_context context;
    tcp::acceptor acceptor{context, at(0)};
    closed = at(acceptor.local_endpoint().port());
  }

  ~fixture() { unit.finish(); }

  // Runs a race on the I/O thread and waits for its end.
  template <class... Ts>
  outcome race(Ts... where) {
    auto user = std::make_shared<racer>();
    auto result = user->result.get_future();
    boost::asio::post(unit.context(), [&, this] {
      std::make_shared<connecting>(unit, *user, options)->start(std::move(where)...);
    });
    if (result.wait_for(tests::patience) != std::future_status::ready)
      CAF_FAIL("the race does not end");
    CAF_CHECK_LESS_OR_EQUAL(user->attempts, 1);
    return result.get();
  }

  tests::quiet_config cfg;
  caf::actor_system sys{cfg};
  io::census actors;
  io::asio_unit unit{sys, actors};
  examples::echo_server server;
  examples::echo_server second_server;
  tests::full_listener dead;
  tcp::endpoint closed;
  connection_options options;
};

using some = connecting::endpoints;

} // namespace

CAF_TEST_FIXTURE_SCOPE(beast_connecting_tests, fixture)

CAF_TEST(a dead address loses to a live one of the other family) {
  options.connect_stagger = 10ms;
  auto found = race(some{dead.endpoint()}, some{at(server.port())});
  CAF_CHECK_EQUAL(found.port, server.port());
}

CAF_TEST(a dead address loses to a later one of its own family) {
  options.connect_stagger = 10ms;
  auto found = race(some{dead.endpoint(), dead.endpoint(), at(server.port())}, some{});
  CAF_CHECK_EQUAL(found.port, server.port());
}

CAF_TEST(the first family wins when it answers) {
  // Nobody but the first is asked before a day has passed.
  options.connect_stagger = 24h;
  auto found = race(some{at(server.port())}, some{at(second_server.port())});
  CAF_CHECK_EQUAL(found.port, server.port());
  CAF_CHECK(server.wait_until([](const auto& x) { return x.accepted == 1; }));
  CAF_CHECK_EQUAL(second_server.counters().accepted, 0U);
}

CAF_TEST(an address that refuses makes room at once) {
  options.connect_stagger = 24h;
  auto found = race(some{closed, closed}, some{closed, at(server.port())});
  CAF_CHECK_EQUAL(found.port, server.port());
}

CAF_TEST(addresses that all refuse) {
  auto found = race(some{closed}, some{closed});
  CAF_CHECK_EQUAL(found.code, dial_errc::connect_failed);
  CAF_CHECK_EQUAL(found.text, "Connection refused");
}

CAF_TEST(a name with one family) {
  options.resolution_delay = 24h;
  // The server listens on IPv4 only, and IPv6 is refused or does not exist.
  auto found = race(std::string{"localhost"}, server.port());
  CAF_CHECK_EQUAL(found.port, server.port());
}

CAF_TEST(a name that does not exist) {
  auto found = race(std::string{"nosuchhost.invalid"}, server.port());
  CAF_CHECK_EQUAL(found.code, dial_errc::resolve_failed);
  CAF_CHECK(!found.text.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
