// options.cpp: the defaults are good, and every bad field is named.

#define CAF_SUITE options

#include "wsengine/options.hpp"

#include "wsengine/error.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace wsengine;
using namespace std::chrono_literals;
using namespace std::literals;

namespace {

engine_options good() {
  engine_options result;
  result.request.url = "wss://example.org/feed";
  result.request.headers = {{"Authorization", "Bearer x"}, {"Host", "other.example"}};
  result.request.subprotocols = {"v2.chat", "v1.chat"};
  return result;
}

/// The SHA-256 of nothing.
const std::string good_pin = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

proxy_options login(std::string url, std::string user, std::string password) {
  return {std::move(url), std::move(user), std::move(password), {}};
}

using change = std::function<void(engine_options&)>;

struct bad_field {
  std::string field;
  change spoil;
};

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
constexpr auto infinity = std::numeric_limits<double>::infinity();

const std::vector<bad_field> bad_fields{
  {"request.url", [](auto& x) { x.request.url = ""; }},
  {"request.url", [](auto& x) { x.request.url = "http://example.org"; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].first = ""; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].first = "two words"; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].first = "colon:"; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].first = "\xc3\xbc"; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].second = "a\r\nX: y"; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].second = "a\n"; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].second = "a\0b"s; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].first = "connection"; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].first = "UPGRADE"; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].first = "Sec-WebSocket-Key"; }},
  {"request.headers[0]", [](auto& x) { x.request.headers[0].first = "sec-websocket-x"; }},
  {"request.headers[1]", [](auto& x) { x.request.headers[0].first = "host"; }},
  {"request.subprotocols[0]", [](auto& x) { x.request.subprotocols[0] = ""; }},
  {"request.subprotocols[1]", [](auto& x) { x.request.subprotocols[1] = "v2.chat"; }},
  {"request.subprotocols[1]", [](auto& x) { x.request.subprotocols[1] = "a,b"; }},
  {"connection.timeouts.resolve", [](auto& x) { x.connection.timeouts.resolve = 0s; }},
  {"connection.timeouts.connect", [](auto& x) { x.connection.timeouts.connect = -1s; }},
  {"connection.timeouts.proxy", [](auto& x) { x.connection.timeouts.proxy = 0s; }},
  {"connection.timeouts.tls", [](auto& x) { x.connection.timeouts.tls = 0s; }},
  {"connection.timeouts.upgrade", [](auto& x) { x.connection.timeouts.upgrade = 0s; }},
  {"connection.timeouts.close", [](auto& x) { x.connection.timeouts.close = 0s; }},
  {"connection.timeouts.close", [](auto& x) { x.connection.timeouts.close = (timespan::max)(); }},
  {"connection.tls.ca_file", [](auto& x) { x.connection.tls.ca_file = "a\0b"s; }},
  {"connection.tls.ca_directory", [](auto& x) { x.connection.tls.ca_directory = "\0"s; }},
  {"connection.tls.server_name", [](auto& x) { x.connection.tls.server_name = "\0"s; }},
  {"connection.tls.certificate_file", [](auto& x) { x.connection.tls.key_file = "key"; }},
  {"connection.tls.certificate_file", [](auto& x) { x.connection.tls.key_pem = "key"; }},
  {"connection.tls.certificate_pem",
   [](auto& x) {
     x.connection.tls.certificate_file = x.connection.tls.certificate_pem = "both";
     x.connection.tls.key_file = "key";
   }},
  {"connection.tls.key_file", [](auto& x) { x.connection.tls.certificate_pem = "pem"; }},
  {"connection.tls.key_pem",
   [](auto& x) {
     x.connection.tls.certificate_file = x.connection.tls.key_file = "file";
     x.connection.tls.key_pem = "pem";
   }},
  {"connection.tls.key_file",
   [](auto& x) {
     x.connection.tls.certificate_file = "file";
     x.connection.tls.key_file = "\0"s;
   }},
  {"connection.tls.certificate_file",
   [](auto& x) {
     x.connection.tls.certificate_file = "\0"s;
     x.connection.tls.key_pem = "pem";
   }},
  {"connection.tls.min_version", [](auto& x) { x.connection.tls.min_version = tls_version{2}; }},
  {"connection.tls.alpn[1]",
   [](auto& x) {
     x.connection.tls.alpn = {"http/1.1", ""};
   }},
  {"connection.tls.alpn[0]",
   [](auto& x) {
     auto& alpn = x.connection.tls.alpn;
     alpn.resize(std::max<std::size_t>(alpn.size(), 1));
     alpn[0] = std::string(256, 'x');
   }},
  {"connection.tls.alpn", [](auto& x) { x.connection.tls.alpn.resize(256, "x"); }},
  {"connection.tls.pinned_keys[1]",
   [](auto& x) {
     x.connection.tls.pinned_keys = {good_pin, good_pin.substr(0, 43) + "-"};
   }},
  {"connection.tls.pinned_keys[0]",
   [](auto& x) {
     auto& pins = x.connection.tls.pinned_keys;
     pins.resize(std::max<std::size_t>(pins.size(), 1));
     pins[0] = "AAAA";
   }},
  {"connection.proxy.user", [](auto& x) { x.connection.proxy = login("http://proxy", "a:b", ""); }},
  {"connection.proxy.user",
   [](auto& x) { x.connection.proxy = login("http://proxy", "a", "\r\nX: y"); }},
  {"connection.proxy.user",
   [](auto& x) { x.connection.proxy = login("socks5://proxy", std::string(256, 'x'), ""); }},
  {"connection.proxy.user",
   [](auto& x) { x.connection.proxy = login("socks5://proxy", "a", std::string(256, 'x')); }},
  {"connection.proxy.url", [](auto& x) { x.connection.proxy = login("", "me", "x"); }},
  {"connection.proxy.user", [](auto& x) { x.connection.proxy = login("http://proxy", "", "x"); }},
  {"connection.proxy.no_proxy[1]",
   [](auto& x) {
     x.connection.proxy.no_proxy = {"a", "a/8"};
   }},
  {"connection.unix_socket", [](auto& x) { x.connection.unix_socket = "\0x"s; }},
  {"connection.unix_socket",
   [](auto& x) {
     x.connection.unix_socket = "path";
     x.connection.proxy.url = "http://proxy";
   }},
  {"connection.unix_socket", [](auto& x) { x.connection.unix_socket = std::string(108, 'x'); }},
  {"connection.proxy.url", [](auto& x) { x.connection.proxy.url = "https://proxy"; }},
  {"connection.resolution_delay", [](auto& x) { x.connection.resolution_delay = -1ns; }},
  {"connection.connect_stagger", [](auto& x) { x.connection.connect_stagger = 9ms; }},
  {"connection.ping_interval", [](auto& x) { x.connection.ping_interval = -1ns; }},
  {"connection.pong_timeout", [](auto& x) { x.connection.pong_timeout = -1ns; }},
  {"connection.idle_timeout", [](auto& x) { x.connection.idle_timeout = -1ns; }},
  {"connection.write_timeout", [](auto& x) { x.connection.write_timeout = -1ns; }},
  {"connection.tcp_keepalive.idle", [](auto& x) { x.connection.tcp_keepalive.idle = 999ms; }},
  {"connection.tcp_keepalive.idle", [](auto& x) { x.connection.tcp_keepalive.idle = 32768s; }},
  {"connection.tcp_keepalive.interval", [](auto& x) { x.connection.tcp_keepalive.interval = 0s; }},
  {"connection.tcp_keepalive.count", [](auto& x) { x.connection.tcp_keepalive.count = 0; }},
  {"connection.tcp_keepalive.count", [](auto& x) { x.connection.tcp_keepalive.count = 128; }},
  {"connection.tcp_user_timeout", [](auto& x) { x.connection.tcp_user_timeout = -1ms; }},
  {"connection.tcp_user_timeout", [](auto& x) { x.connection.tcp_user_timeout = 999us; }},
  {"connection.tcp_user_timeout", [](auto& x) { x.connection.tcp_user_timeout = 577h; }},
  {"connection.max_header_size", [](auto& x) { x.connection.max_header_size = 0; }},
  {"connection.max_header_size", [](auto& x) { x.connection.max_header_size = 8193; }},
  {"connection.max_message_size", [](auto& x) { x.connection.max_message_size = 0; }},
  {"connection.max_frames_per_message", [](auto& x) { x.connection.max_frames_per_message = 0; }},
  {"connection.max_part_size",
   [](auto& x) {
     x.connection.max_part_size = 1;
     x.handlers = 2;
   }},
  {"connection.deflate.client_max_window_bits",
   [](auto& x) { x.connection.deflate.client_max_window_bits = 8; }},
  {"connection.deflate.client_max_window_bits",
   [](auto& x) { x.connection.deflate.client_max_window_bits = 16; }},
  {"connection.deflate.server_max_window_bits",
   [](auto& x) { x.connection.deflate.server_max_window_bits = 8; }},
  {"connection.deflate.server_max_window_bits",
   [](auto& x) { x.connection.deflate.server_max_window_bits = 16; }},
  {"connection.deflate.level", [](auto& x) { x.connection.deflate.level = 0; }},
  {"connection.deflate.level", [](auto& x) { x.connection.deflate.level = 10; }},
  {"connection.deflate.memory_level", [](auto& x) { x.connection.deflate.memory_level = 0; }},
  {"connection.deflate.memory_level", [](auto& x) { x.connection.deflate.memory_level = 10; }},
  {"connection.deflate.threshold", [](auto& x) { x.connection.deflate.threshold = 65537; }},
  {"connection.write_queue_bytes", [](auto& x) { x.connection.write_queue_bytes = 0; }},
  {"connection.when_queue_full",
   [](auto& x) { x.connection.when_queue_full = static_cast<queue_policy>(3); }},
  {"connection.waiting_room", [](auto& x) { x.connection.waiting_room = 0; }},
  {"outbox.max_messages", [](auto& x) { x.outbox.max_messages = 0; }},
  {"outbox.max_bytes", [](auto& x) { x.outbox.max_bytes = 0; }},
  {"setup[1]",
   [](auto& x) {
     x.setup = {{"a", text("a")}, {"a", text("b")}};
   }},
  {"setup[1]",
   [](auto& x) {
     x.setup = {{"a", text("a")}, {"b", text(std::string((16U << 20U) + 1, 'b'))}};
   }},
  {"setup[0]",
   [](auto& x) {
     x.setup.resize(std::max<std::size_t>(x.setup.size(), 1));
     x.setup[0] = {"", text("a")};
   }},
  {"setup[0]",
   [](auto& x) {
     x.setup.resize(std::max<std::size_t>(x.setup.size(), 1));
     x.setup[0] = {"a", text("\xff")};
   }},
  {"connection.read_ahead_bytes", [](auto& x) { x.connection.read_ahead_bytes = 0; }},
  {"backoff.base", [](auto& x) { x.backoff.base = 0s; }},
  {"backoff.base", [](auto& x) { x.backoff.base = -1s; }},
  {"backoff.factor", [](auto& x) { x.backoff.factor = 0.99; }},
  {"backoff.factor", [](auto& x) { x.backoff.factor = nan; }},
  {"backoff.factor", [](auto& x) { x.backoff.factor = infinity; }},
  {"backoff.cap", [](auto& x) { x.backoff.cap = x.backoff.base - 1ns; }},
  {"backoff.cap", [](auto& x) { x.backoff.cap = (timespan::max)(); }},
  {"backoff.jitter", [](auto& x) { x.backoff.jitter = -0.01; }},
  {"backoff.jitter", [](auto& x) { x.backoff.jitter = 1.01; }},
  {"backoff.jitter", [](auto& x) { x.backoff.jitter = nan; }},
  {"backoff.stable_after", [](auto& x) { x.backoff.stable_after = -1ns; }},
  {"backoff.retry_after_cap", [](auto& x) { x.backoff.retry_after_cap = -1ns; }},
  {"more_urls[1]",
   [](auto& x) {
     x.more_urls = {"ws://good/", "http://bad/"};
   }},
  {"order", [](auto& x) { x.order = url_order{2}; }},
  {"timeouts.open", [](auto& x) { x.timeouts.open = 0s; }},
  {"timeouts.stop", [](auto& x) { x.timeouts.stop = 0s; }},
  {"budget.rate", [](auto& x) { x.budget.rate = -1; }},
  {"budget.rate", [](auto& x) { x.budget.rate = 0.0001; }},
  {"budget.rate", [](auto& x) { x.budget.rate = 1e7; }},
  {"budget.rate", [](auto& x) { x.budget.rate = nan; }},
  {"budget.burst", [](auto& x) { x.budget.burst = 0; }},
  {"budget.burst", [](auto& x) { x.budget.burst = 1'000'001; }},
  {"circuit.open_time", [](auto& x) { x.circuit.open_time = 0s; }},
  {"handlers", [](auto& x) { x.handlers = 0; }},
  {"handlers", [](auto& x) { x.handlers = 1025; }},
  {"read_batch", [](auto& x) { x.read_batch = 0; }},
  {"max_requests", [](auto& x) { x.max_requests = 0; }},
  {"on_handler_crash", [](auto& x) { x.on_handler_crash = handler_crash_policy{3}; }},
  {"on_client_down", [](auto& x) { x.on_client_down = client_down_policy{2}; }},
};

const std::vector<change> edge_cases{
  [](auto& x) { x.connection.ping_interval = 0s; },
  [](auto& x) { x.connection.idle_timeout = 0s; },
  [](auto& x) { x.connection.pong_timeout = 0s; },
  [](auto& x) { x.connection.write_timeout = 0s; },
  [](auto& x) {
    x.connection.tcp_keepalive = {true, 1s, 32767s, 127};
  },
  [](auto& x) { x.connection.tcp_user_timeout = 1ms; },
  [](auto& x) { x.connection.tcp_user_timeout = 576h; },
  // The peer may well talk more often than we ping.
  [](auto& x) { x.connection.idle_timeout = 1s; },
  [](auto& x) { x.connection.timeouts.close = 1ns; },
  [](auto& x) { x.connection.max_header_size = 1; },
  [](auto& x) { x.connection.max_message_size = std::numeric_limits<std::uint64_t>::max(); },
  [](auto& x) { x.connection.read_ahead_bytes = 1; },
  [](auto& x) { x.connection.max_frames_per_message = 1; },
  [](auto& x) { x.connection.max_part_size = 1; },
  [](auto& x) { x.connection.deflate = {true, 9, 15, false, true, 1, 9, 0}; },
  [](auto& x) { x.connection.deflate = {true, 15, 9, true, false, 9, 1, 65536}; },
  [](auto& x) { x.connection.tls.ca_file = "no such file"; },
  [](auto& x) {
    x.connection.tls.certificate_file = "file";
    x.connection.tls.key_pem = "pem";
    x.connection.tls.alpn = {"http/1.1"};
    x.connection.tls.pinned_keys = {good_pin};
  },
  [](auto& x) {
    x.connection.proxy = {"socks5://[::1]:1", "a:b", "\n", {"*"}};
  },
  [](auto& x) { x.connection.unix_socket = std::string(107, 'x'); },
  [](auto& x) { x.connection.resolution_delay = 0s; },
  [](auto& x) { x.connection.connect_stagger = 10ms; },
  [](auto& x) { x.more_urls = {"ws://example.org/"}; },
  [](auto& x) { x.backoff.retry_after_cap = 0s; },
  [](auto& x) {
    x.budget = {0.001, 1'000'000, "any name"};
  },
  [](auto& x) { x.circuit.threshold = 1; },
  [](auto& x) { x.backoff.cap = x.backoff.base; },
  [](auto& x) { x.backoff.factor = 1.0; },
  [](auto& x) { x.backoff.jitter = 0.0; },
  [](auto& x) { x.backoff.jitter = 1.0; },
  [](auto& x) { x.backoff.stable_after = 0s; },
  [](auto& x) { x.handlers = 1024; },
  [](auto& x) { x.read_batch = 1; },
  [](auto& x) {
    x.request.headers = {{"!#$%&'*+-.^_`|~aZ09", "\t \xc3\xbc"}};
  },
  [](auto& x) {
    x.request.headers = {{"X", ""}, {"X", "again"}};
  },
  [](auto& x) {
    x.request.headers = {{"Sec-WebSocket", "not reserved"}};
  },
  [](auto& x) {
    x.request.subprotocols = {"chat", "Chat"};
  },
};

} // namespace

// -- single fields --------------------------------------------------------------------------------

CAF_TEST(the defaults need nothing but a URL) {
  engine_options defaults;
  auto problems = validate(defaults);
  CAF_REQUIRE_EQUAL(problems.size(), 1u);
  CAF_CHECK_EQUAL(problems[0].field, "request.url");
  defaults.request.url = "ws://localhost";
  CAF_CHECK(validate(defaults).empty());
  CAF_CHECK(!to_error(validate(defaults)));
}

CAF_TEST(each bad field is named) {
  for (const auto& [field, spoil] : bad_fields) {
    auto options = good();
    spoil(options);
    auto problems = validate(options);
    CAF_REQUIRE_EQUAL(problems.size(), 1u);
    CAF_CHECK_EQUAL(problems[0].field, field);
    CAF_CHECK(!problems[0].problem.empty());
  }
}

CAF_TEST(values at the edge are good) {
  for (const auto& set : edge_cases) {
    auto options = good();
    set(options);
    for (const auto& x : validate(options))
      CAF_FAIL(x.field << ": " << x.problem);
  }
}

// -- many fields ----------------------------------------------------------------------------------

CAF_TEST(all bad fields are named at once) {
  auto options = good();
  std::vector<std::string> expected;
  for (const auto& [field, spoil] : bad_fields) {
    spoil(options);
    if (std::find(expected.begin(), expected.end(), field) == expected.end())
      expected.push_back(field);
  }
  std::vector<std::string> named;
  auto problems = validate(options);
  for (const auto& x : problems)
    if (std::find(named.begin(), named.end(), x.field) == named.end())
      named.push_back(x.field);
  std::sort(expected.begin(), expected.end());
  std::sort(named.begin(), named.end());
  CAF_CHECK_EQUAL(named, expected);
}

CAF_TEST(the problems become one error) {
  auto options = good();
  options.handlers = 0;
  options.backoff.factor = 0.5;
  auto error = to_error(validate(options));
  CAF_CHECK(is(error, engine_errc::invalid_options));
  CAF_CHECK_EQUAL(text_of(error), "backoff.factor: must be a finite number of at least 1; "
                                  "handlers: must be from 1 to 1024");
}

CAF_TEST(a request is validated by itself) {
  handshake_request request;
  request.url = "ws://example.org:0";
  request.headers = {{"Ok", ""}, {"Upgrade", "x"}};
  auto problems = validate(request);
  CAF_REQUIRE_EQUAL(problems.size(), 2u);
  CAF_CHECK_EQUAL(problems[0].field, "url");
  CAF_CHECK_EQUAL(problems[1].field, "headers[1]");
}

// -- names ----------------------------------------------------------------------------------------

CAF_TEST(versions and orders have names) {
  CAF_CHECK_EQUAL(to_string(tls_version::tls_1_2), "tls_1_2");
  CAF_CHECK_EQUAL(to_string(tls_version::tls_1_3), "tls_1_3");
  CAF_CHECK_EQUAL(to_string(tls_version{9}), "tls_version(9)");
  CAF_CHECK_EQUAL(to_string(url_order::fixed), "fixed");
  CAF_CHECK_EQUAL(to_string(url_order::rotating), "rotating");
  CAF_CHECK_EQUAL(to_string(url_order{9}), "url_order(9)");
}

CAF_TEST(policies have names) {
  CAF_CHECK_EQUAL(to_string(handler_crash_policy::keep), "keep");
  CAF_CHECK_EQUAL(to_string(handler_crash_policy::restart), "restart");
  CAF_CHECK_EQUAL(to_string(handler_crash_policy::stop), "stop");
  CAF_CHECK_EQUAL(to_string(handler_crash_policy{7}), "handler_crash_policy(7)");
  CAF_CHECK_EQUAL(to_string(client_down_policy::stop), "stop");
  CAF_CHECK_EQUAL(to_string(client_down_policy::keep), "keep");
  CAF_CHECK_EQUAL(to_string(client_down_policy{7}), "client_down_policy(7)");
}
