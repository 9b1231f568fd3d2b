// config.cpp: the options of engines in CAF's configuration.

#define CAF_SUITE config

#include "wsengine/config.hpp"

#include "system_fixture.hpp"

#include "wsengine/error.hpp"
#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <sstream>
#include <string>
#include <vector>

using namespace std::literals;
using namespace wsengine;

namespace {

using arguments = std::vector<std::string>;

struct open_config : config {
  /// The names of all options for engines.
  arguments names() const {
    arguments result;
    for (const auto& option : custom_options_) {
      std::string category{option.category().begin(), option.category().end()};
      if (category.rfind("wsengine", 0) == 0)
        result.push_back(category + "."
                         + std::string{option.long_name().begin(), option.long_name().end()});
    }
    return result;
  }

  /// Parses a command line. Returns what is wrong with it.
  caf::error read(const arguments& words, const std::string& file = {}) {
    std::istringstream input{file};
    return parse(words, input);
  }
};

// Each option with a value that is not the default, and the change that it stands for.
struct known_option {
  std::string name;
  std::string value;
  void (*change)(engine_options&);
};

const std::vector<known_option> known{
  {"more-urls", "[\"ws://b/\",\"ws://c/\"]",
   [](auto& x) {
     x.more_urls = {"ws://b/", "ws://c/"};
   }},
  {"order", "rotating", [](auto& x) { x.order = url_order::rotating; }},
  {"max-redirects", "3", [](auto& x) { x.max_redirects = 3; }},
  {"keep-cookies", "true", [](auto& x) { x.keep_cookies = true; }},
  {"handlers", "4", [](auto& x) { x.handlers = 4; }},
  {"read-batch", "5", [](auto& x) { x.read_batch = 5; }},
  {"max-requests", "6", [](auto& x) { x.max_requests = 6; }},
  {"on-handler-crash", "keep", [](auto& x) { x.on_handler_crash = handler_crash_policy::keep; }},
  {"on-client-down", "keep", [](auto& x) { x.on_client_down = client_down_policy::keep; }},
  {"url", "wss://example.org/feed?x=1",
   [](auto& x) { x.request.url = "wss://example.org/feed?x=1"; }},
  {"subprotocols", "[\"a\"]", [](auto& x) { x.request.subprotocols = {"a"}; }},
  {"timeouts-open", "7s", [](auto& x) { x.timeouts.open = 7s; }},
  {"timeouts-stop", "8ms", [](auto& x) { x.timeouts.stop = 8ms; }},
  {"outbox-enabled", "true", [](auto& x) { x.outbox.enabled = true; }},
  {"outbox-max-messages", "9", [](auto& x) { x.outbox.max_messages = 9; }},
  {"outbox-max-bytes", "10", [](auto& x) { x.outbox.max_bytes = 10; }},
  {"max-header-size", "1000", [](auto& x) { x.connection.max_header_size = 1000; }},
  {"max-message-size", "8589934592", [](auto& x) { x.connection.max_message_size = 8589934592; }},
  {"max-frames-per-message", "12", [](auto& x) { x.connection.max_frames_per_message = 12; }},
  {"max-part-size", "13", [](auto& x) { x.connection.max_part_size = 13; }},
  {"write-queue-bytes", "14", [](auto& x) { x.connection.write_queue_bytes = 14; }},
  {"when-queue-full", "drop_oldest",
   [](auto& x) { x.connection.when_queue_full = queue_policy::drop_oldest; }},
  {"waiting-room", "15", [](auto& x) { x.connection.waiting_room = 15; }},
  {"read-ahead-bytes", "16", [](auto& x) { x.connection.read_ahead_bytes = 16; }},
  {"deflate-enabled", "true", [](auto& x) { x.connection.deflate.enabled = true; }},
  {"deflate-client-max-window-bits", "9",
   [](auto& x) { x.connection.deflate.client_max_window_bits = 9; }},
  {"deflate-server-max-window-bits", "10",
   [](auto& x) { x.connection.deflate.server_max_window_bits = 10; }},
  {"deflate-client-no-context-takeover", "true",
   [](auto& x) { x.connection.deflate.client_no_context_takeover = true; }},
  {"deflate-server-no-context-takeover", "true",
   [](auto& x) { x.connection.deflate.server_no_context_takeover = true; }},
  {"deflate-level", "1", [](auto& x) { x.connection.deflate.level = 1; }},
  {"deflate-memory-level", "2", [](auto& x) { x.connection.deflate.memory_level = 2; }},
  {"deflate-threshold", "17", [](auto& x) { x.connection.deflate.threshold = 17; }},
  {"unix-socket", "/run/x", [](auto& x) { x.connection.unix_socket = "/run/x"; }},
  {"resolution-delay", "18ms", [](auto& x) { x.connection.resolution_delay = 18ms; }},
  {"connect-stagger", "19ms", [](auto& x) { x.connection.connect_stagger = 19ms; }},
  {"tcp-user-timeout", "20s", [](auto& x) { x.connection.tcp_user_timeout = 20s; }},
  {"timeouts-resolve", "1s", [](auto& x) { x.connection.timeouts.resolve = 1s; }},
  {"timeouts-connect", "2s", [](auto& x) { x.connection.timeouts.connect = 2s; }},
  {"timeouts-proxy", "3s", [](auto& x) { x.connection.timeouts.proxy = 3s; }},
  {"timeouts-tls", "4s", [](auto& x) { x.connection.timeouts.tls = 4s; }},
  {"timeouts-upgrade", "5s", [](auto& x) { x.connection.timeouts.upgrade = 5s; }},
  {"timeouts-close", "6s", [](auto& x) { x.connection.timeouts.close = 6s; }},
  {"tls-verify", "false", [](auto& x) { x.connection.tls.verify = false; }},
  {"tls-ca-file", "a", [](auto& x) { x.connection.tls.ca_file = "a"; }},
  {"tls-ca-directory", "b", [](auto& x) { x.connection.tls.ca_directory = "b"; }},
  {"tls-server-name", "c", [](auto& x) { x.connection.tls.server_name = "c"; }},
  {"tls-certificate-file", "d", [](auto& x) { x.connection.tls.certificate_file = "d"; }},
  {"tls-key-file", "e", [](auto& x) { x.connection.tls.key_file = "e"; }},
  {"tls-min-version", "tls_1_3",
   [](auto& x) { x.connection.tls.min_version = tls_version::tls_1_3; }},
  {"tls-alpn", "[\"http/1.1\"]", [](auto& x) { x.connection.tls.alpn = {"http/1.1"}; }},
  {"tls-pinned-keys", "[\"k\"]", [](auto& x) { x.connection.tls.pinned_keys = {"k"}; }},
  {"tls-resume", "false", [](auto& x) { x.connection.tls.resume = false; }},
  {"proxy-url", "http://proxy:8080", [](auto& x) { x.connection.proxy.url = "http://proxy:8080"; }},
  {"proxy-user", "u", [](auto& x) { x.connection.proxy.user = "u"; }},
  {"proxy-no-proxy", "[\"localhost\"]",
   [](auto& x) { x.connection.proxy.no_proxy = {"localhost"}; }},
  {"ping-interval", "21s", [](auto& x) { x.connection.ping_interval = 21s; }},
  {"pong-timeout", "22s", [](auto& x) { x.connection.pong_timeout = 22s; }},
  {"idle-timeout", "23s", [](auto& x) { x.connection.idle_timeout = 23s; }},
  {"write-timeout", "24s", [](auto& x) { x.connection.write_timeout = 24s; }},
  {"tcp-keepalive-enabled", "true", [](auto& x) { x.connection.tcp_keepalive.enabled = true; }},
  {"tcp-keepalive-idle", "25s", [](auto& x) { x.connection.tcp_keepalive.idle = 25s; }},
  {"tcp-keepalive-interval", "26s", [](auto& x) { x.connection.tcp_keepalive.interval = 26s; }},
  {"tcp-keepalive-count", "27", [](auto& x) { x.connection.tcp_keepalive.count = 27; }},
  {"backoff-base", "1ms", [](auto& x) { x.backoff.base = 1ms; }},
  {"backoff-factor", "1.5", [](auto& x) { x.backoff.factor = 1.5; }},
  {"backoff-cap", "2min", [](auto& x) { x.backoff.cap = 2min; }},
  {"backoff-jitter", "0.5", [](auto& x) { x.backoff.jitter = 0.5; }},
  {"backoff-stable-after", "3s", [](auto& x) { x.backoff.stable_after = 3s; }},
  {"backoff-max-attempts", "4", [](auto& x) { x.backoff.max_attempts = 4; }},
  {"backoff-retry-first-connect", "true", [](auto& x) { x.backoff.retry_first_connect = true; }},
  {"backoff-retry-after-cap", "5s", [](auto& x) { x.backoff.retry_after_cap = 5s; }},
  {"budget-rate", "0.5", [](auto& x) { x.budget.rate = 0.5; }},
  {"budget-burst", "28", [](auto& x) { x.budget.burst = 28; }},
  {"budget-group", "g", [](auto& x) { x.budget.group = "g"; }},
  {"circuit-threshold", "29", [](auto& x) { x.circuit.threshold = 29; }},
  {"circuit-open-time", "6s", [](auto& x) { x.circuit.open_time = 6s; }},
};

// The same as a file.
std::string file_of(const known_option& what) {
  auto is_bare = std::isdigit(static_cast<unsigned char>(what.value.front())) != 0
                 || what.value == "true" || what.value == "false" || what.value.front() == '[';
  auto value = is_bare ? what.value : "\"" + what.value + "\"";
  return tests::section("wsengine", what.name + " = " + value + "\n");
}

} // namespace

CAF_TEST(who says nothing gets the defaults) {
  open_config cfg;
  CAF_REQUIRE_EQUAL(cfg.read({}), caf::none);
  auto options = cfg.engines.options();
  CAF_REQUIRE(options);
  CAF_CHECK(*options == engine_options{});
}

CAF_TEST(every option has its field on the command line) {
  for (const auto& option : known) {
    engine_options expected;
    option.change(expected);
    CAF_REQUIRE(expected != engine_options{});
    open_config cfg;
    // On a command line, CAF knows flags only: they turn something on.
    if (option.value == "false")
      continue;
    auto word = "--wsengine." + option.name;
    if (option.value != "true")
      word += "=" + option.value;
    if (auto refused = cfg.read({word}))
      CAF_ERROR(option.name << ": " << caf::to_string(refused));
    auto options = cfg.engines.options();
    if (!options || *options != expected)
      CAF_ERROR("--wsengine." << option.name);
  }
}

CAF_TEST(every option has its field in the file) {
  for (const auto& option : known) {
    engine_options expected;
    option.change(expected);
    open_config cfg;
    if (auto refused = cfg.read({}, file_of(option)))
      CAF_ERROR(option.name << ": " << caf::to_string(refused));
    auto options = cfg.engines.options();
    if (!options || *options != expected)
      CAF_ERROR(file_of(option));
  }
}

CAF_TEST(all options are known to this suite) {
  arguments expected;
  for (const auto& option : known)
    expected.push_back("wsengine." + option.name);
  auto names = open_config{}.names();
  std::sort(expected.begin(), expected.end());
  std::sort(names.begin(), names.end());
  CAF_CHECK(names == expected);
}

CAF_TEST(bad words are all named) {
  open_config cfg;
  CAF_REQUIRE_EQUAL(cfg.read({"--wsengine.order=random", "--wsengine.on-client-down=cry"}),
                    caf::none);
  auto options = cfg.engines.options();
  CAF_REQUIRE(!options);
  CAF_CHECK(is(options.error(), engine_errc::invalid_options));
  auto text = describe(options.error());
  for (const auto* part :
       {"wsengine.order", "\"random\"", "fixed, rotating", "wsengine.on-client-down", "\"cry\""})
    CAF_CHECK(text.find(part) != std::string::npos);
}

CAF_TEST(values of the wrong type are refused by CAF) {
  CAF_CHECK(open_config{}.read({"--wsengine.handlers=many"}));
  CAF_CHECK(open_config{}.read({"--wsengine.ping-interval=often"}));
  CAF_CHECK(open_config{}.read({"--wsengine.deflate-level=300"}));
}

CAF_TEST(defaults of a program are kept) {
  engine_options defaults;
  defaults.request.url = "ws://localhost/";
  defaults.order = url_order::rotating;
  engine_config part{defaults};
  auto options = part.options();
  CAF_REQUIRE(options);
  CAF_CHECK(*options == defaults);
}
