// options.cpp: see options.hpp.

#include "wsengine/options.hpp"

#include "ascii.hpp"
#include "durations.hpp"

#include "wsengine/close.hpp"
#include "wsengine/encoding.hpp"
#include "wsengine/error.hpp"
#include "wsengine/url.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace wsengine {

// -- names ----------------------------------------------------------------------------------------

std::string to_string(handler_crash_policy policy) {
  switch (policy) {
    case handler_crash_policy::keep: return "keep";
    case handler_crash_policy::restart: return "restart";
    case handler_crash_policy::stop: return "stop";
  }
  return "handler_crash_policy(" + std::to_string(static_cast<unsigned>(policy)) + ")";
}

std::string to_string(client_down_policy policy) {
  switch (policy) {
    case client_down_policy::stop: return "stop";
    case client_down_policy::keep: return "keep";
  }
  return "client_down_policy(" + std::to_string(static_cast<unsigned>(policy)) + ")";
}

std::string to_string(tls_version version) {
  switch (version) {
    case tls_version::tls_1_2: return "tls_1_2";
    case tls_version::tls_1_3: return "tls_1_3";
  }
  return "tls_version(" + std::to_string(static_cast<unsigned>(version)) + ")";
}

std::string to_string(url_order order) {
  switch (order) {
    case url_order::fixed: return "fixed";
    case url_order::rotating: return "rotating";
  }
  return "url_order(" + std::to_string(static_cast<unsigned>(order)) + ")";
}

std::string to_string(queue_policy policy) {
  switch (policy) {
    case queue_policy::reject: return "reject";
    case queue_policy::drop_oldest: return "drop_oldest";
    case queue_policy::block_sender: return "block_sender";
  }
  return "queue_policy(" + std::to_string(static_cast<unsigned>(policy)) + ")";
}

// -- checks ---------------------------------------------------------------------------------------

namespace {

/// More handlers than this are a mistake: each is an actor, and each may hold a message.
constexpr std::uint32_t max_handlers = 1024;

/// RFC 8305, section 5: anything shorter floods the network.
constexpr timespan min_stagger = std::chrono::milliseconds(10);

/// The size of `sockaddr_un::sun_path` without its NUL.
constexpr std::size_t max_socket_path = 107;

/// What the system takes for TCP_KEEPIDLE and TCP_KEEPINTVL.
constexpr timespan max_keepalive = std::chrono::seconds(32767);

/// What the system takes for TCP_USER_TIMEOUT, an `int` of milliseconds, is a little longer.
constexpr timespan max_user_timeout = std::chrono::hours(24 * 24);

/// Collects the problems of one struct of options. Options are checked for each engine and each
/// connection, and are good as a rule: nothing is put together before something is wrong.
class checker {
public:
  explicit checker(std::vector<option_problem>& problems) : problems_(problems) {}

  /// Notes the problem unless the condition holds.
  void require(bool condition, std::string_view field, std::string_view problem) {
    if (!condition)
      problems_.push_back({std::string{field}, std::string{problem}});
  }

  void not_negative(timespan value, std::string_view field) {
    require(value >= timespan::zero(), field, "must not be negative");
    require(value <= longest_duration, field, "must be at most 100 years");
  }

  void positive(timespan value, std::string_view field) {
    require(value > timespan::zero(), field, "must be longer than zero");
    require(value <= longest_duration, field, "must be at most 100 years");
  }

  void keepalive(timespan value, std::string_view field) {
    require(value >= std::chrono::seconds(1) && value <= max_keepalive, field,
            "must be from 1 s to 32767 s");
  }

  void positive(std::uint64_t value, std::string_view field) {
    require(value > 0, field, "must be at least 1");
  }

  void between(std::uint32_t value, std::uint32_t least, std::uint32_t most,
               std::string_view field) {
    if (value < least || value > most)
      require(false, field,
              "must be from " + std::to_string(least) + " to " + std::to_string(most));
  }

  /// C interfaces would cut the text off at the NUL.
  void no_nul(std::string_view value, std::string_view field) {
    require(value.find('\0') == std::string_view::npos, field, "must not contain NUL");
  }

private:
  std::vector<option_problem>& problems_;
};

std::string indexed(std::string_view name, std::size_t index) {
  return std::string{name} + '[' + std::to_string(index) + ']';
}

/// Whether the opening handshake itself sets the field (RFC 6455, section 4.1).
bool is_reserved(std::string_view name) {
  return ascii::equal_ignoring_case(name, "Connection")
         || ascii::equal_ignoring_case(name, "Upgrade")
         || ascii::starts_with_ignoring_case(name, "Sec-WebSocket-");
}

void check_headers(checker& check, const header_fields& headers, const std::string& prefix) {
  using namespace std::literals;
  bool has_host = false;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto& [name, value] = headers[i];
    auto field = prefix + indexed("headers", i);
    check.require(ascii::is_token(name), field, "the name is not a token (RFC 9110)");
    if (is_reserved(name))
      check.require(false, field, "\"" + name + "\" is set by the handshake itself");
    check.require(value.find_first_of("\r\n\0"sv) == std::string::npos, field,
                  "the value must not contain CR, LF or NUL");
    if (ascii::equal_ignoring_case(name, "Host"))
      check.require(!std::exchange(has_host, true), field, "Host may be given only once");
  }
}

void check_subprotocols(checker& check, const std::vector<std::string>& names,
                        const std::string& prefix) {
  for (auto i = names.begin(); i != names.end(); ++i) {
    auto field = prefix + indexed("subprotocols", static_cast<std::size_t>(i - names.begin()));
    check.require(ascii::is_token(*i), field, "is not a token (RFC 9110)");
    check.require(std::find(names.begin(), i, *i) == i, field, "was listed before");
  }
}

void check_request(checker& check, const handshake_request& request, const std::string& prefix) {
  std::string problem;
  auto parsed = parse_url(request.url, &problem);
  check.require(parsed.has_value(), prefix + "url", problem);
  check_headers(check, request.headers, prefix);
  check_subprotocols(check, request.subprotocols, prefix);
}

void check_certificate(checker& check, const tls_options& options) {
  check.no_nul(options.certificate_file, "connection.tls.certificate_file");
  check.no_nul(options.key_file, "connection.tls.key_file");
  check.require(options.certificate_file.empty() || options.certificate_pem.empty(),
                "connection.tls.certificate_pem", "is given as a file already");
  check.require(options.key_file.empty() || options.key_pem.empty(), "connection.tls.key_pem",
                "is given as a file already");
  auto has_certificate = !options.certificate_file.empty() || !options.certificate_pem.empty();
  auto has_key = !options.key_file.empty() || !options.key_pem.empty();
  check.require(has_key || !has_certificate, "connection.tls.key_file",
                "is missing: a certificate needs its key");
  check.require(has_certificate || !has_key, "connection.tls.certificate_file",
                "is missing: a key needs its certificate");
}

void check_tls(checker& check, const tls_options& options) {
  check.no_nul(options.ca_file, "connection.tls.ca_file");
  check.no_nul(options.ca_directory, "connection.tls.ca_directory");
  check.no_nul(options.server_name, "connection.tls.server_name");
  check_certificate(check, options);
  check.require(options.min_version <= tls_version::tls_1_3, "connection.tls.min_version",
                "is not a version");
  for (std::size_t i = 0; i < options.alpn.size(); ++i)
    check.require(!options.alpn[i].empty() && options.alpn[i].size() <= 255,
                  "connection.tls." + indexed("alpn", i), "must have 1 to 255 bytes");
  check.require(options.alpn.size() <= 255, "connection.tls.alpn", "has more than 255 entries");
  for (std::size_t i = 0; i < options.pinned_keys.size(); ++i)
    check.require(from_base64(options.pinned_keys[i]).value_or("").size() == 32U,
                  "connection.tls." + indexed("pinned_keys", i),
                  "is not the SHA-256 of a key in base64");
}

/// What HTTP's Basic scheme cannot express (RFC 7617), or RFC 1929 for SOCKS5.
std::string why_no_login(const proxy_options& options, proxy_address::protocol speaks) {
  if (speaks == proxy_address::protocol::socks5)
    return options.user.size() > 255 || options.password.text().size() > 255
             ? "and password may have at most 255 bytes"
             : "";
  try {
    static_cast<void>(basic_auth(options.user, options.password.text()));
    return {};
  } catch (const std::invalid_argument& x) {
    return std::string{"cannot be sent: "} + x.what();
  }
}

void check_proxy(checker& check, const proxy_options& options) {
  for (std::size_t i = 0; i < options.no_proxy.size(); ++i) {
    auto problem = why_no_entry(options.no_proxy[i]);
    check.require(problem.empty(), "connection.proxy." + indexed("no_proxy", i), problem);
  }
  check.require(!options.user.empty() || options.password.empty(), "connection.proxy.user",
                "is missing: there is a password");
  if (options.url.empty())
    return check.require(options.user.empty(), "connection.proxy.url",
                         "is missing: there is a user");
  std::string problem;
  auto parsed = parse_proxy_address(options.url, &problem);
  check.require(parsed.has_value(), "connection.proxy.url", problem);
  if (!parsed)
    return;
  problem = why_no_login(options, parsed->speaks);
  check.require(problem.empty(), "connection.proxy.user", problem);
}

void check_deflate(checker& check, const deflate_options& options) {
  check.between(options.client_max_window_bits, 9, 15, "connection.deflate.client_max_window_bits");
  check.between(options.server_max_window_bits, 9, 15, "connection.deflate.server_max_window_bits");
  check.between(options.level, 1, 9, "connection.deflate.level");
  check.between(options.memory_level, 1, 9, "connection.deflate.memory_level");
  check.between(options.threshold, 0, 65536, "connection.deflate.threshold");
}

void check_life(checker& check, const connection_options& options) {
  check.not_negative(options.ping_interval, "connection.ping_interval");
  check.not_negative(options.pong_timeout, "connection.pong_timeout");
  check.not_negative(options.idle_timeout, "connection.idle_timeout");
  check.not_negative(options.write_timeout, "connection.write_timeout");
  const auto& keepalive = options.tcp_keepalive;
  check.keepalive(keepalive.idle, "connection.tcp_keepalive.idle");
  check.keepalive(keepalive.interval, "connection.tcp_keepalive.interval");
  check.between(keepalive.count, 1, 127, "connection.tcp_keepalive.count");
  auto user = options.tcp_user_timeout;
  check.require(user == timespan::zero()
                  || (user >= std::chrono::milliseconds(1) && user <= max_user_timeout),
                "connection.tcp_user_timeout", "must be zero or from 1 ms to 24 days");
}

void check_connection(checker& check, const connection_options& options) {
  const auto& timeouts = options.timeouts;
  check.positive(timeouts.resolve, "connection.timeouts.resolve");
  check.positive(timeouts.connect, "connection.timeouts.connect");
  check.positive(timeouts.proxy, "connection.timeouts.proxy");
  check.positive(timeouts.tls, "connection.timeouts.tls");
  check.positive(timeouts.upgrade, "connection.timeouts.upgrade");
  check.positive(timeouts.close, "connection.timeouts.close");
  check_tls(check, options.tls);
  check_proxy(check, options.proxy);
  check.no_nul(options.unix_socket, "connection.unix_socket");
  if (options.unix_socket.size() > max_socket_path)
    check.require(false, "connection.unix_socket",
                  "is longer than " + std::to_string(max_socket_path) + " bytes");
  check.require(options.unix_socket.empty() || options.proxy.url.empty(), "connection.unix_socket",
                "is not reached through a proxy");
  check.not_negative(options.resolution_delay, "connection.resolution_delay");
  check.require(options.connect_stagger >= min_stagger
                  && options.connect_stagger <= longest_duration,
                "connection.connect_stagger", "must be from 10 ms to 100 years");
  check_deflate(check, options.deflate);
  check_life(check, options);
  check.between(options.max_header_size, 1, 8192, "connection.max_header_size");
  check.positive(options.max_message_size, "connection.max_message_size");
  check.positive(options.max_frames_per_message, "connection.max_frames_per_message");
  check.positive(options.write_queue_bytes, "connection.write_queue_bytes");
  check.require(options.when_queue_full <= queue_policy::block_sender, "connection.when_queue_full",
                "is not a policy");
  check.positive(std::uint64_t{options.waiting_room}, "connection.waiting_room");
  check.positive(options.read_ahead_bytes, "connection.read_ahead_bytes");
}

void check_setup(checker& check, const engine_options& options) {
  const auto& all = options.setup;
  for (auto i = all.begin(); i != all.end(); ++i) {
    auto field = indexed("setup", static_cast<std::size_t>(i - all.begin()));
    check.require(!i->name.empty(), field, "has no name");
    check.require(std::none_of(all.begin(), i, [&](const auto& x) { return x.name == i->name; }),
                  field, "has a name that was used before");
    auto problem = why_not_sendable(i->message, options.connection);
    check.require(problem.empty(), field, problem);
  }
}

void check_backoff(checker& check, const backoff_options& options) {
  check.positive(options.base, "backoff.base");
  check.require(std::isfinite(options.factor) && options.factor >= 1.0, "backoff.factor",
                "must be a finite number of at least 1");
  check.require(options.cap >= options.base, "backoff.cap", "must be at least backoff.base");
  check.require(options.cap <= longest_duration, "backoff.cap", "must be at most 100 years");
  // Written so that it refuses NaN, too.
  check.require(options.jitter >= 0.0 && options.jitter <= 1.0, "backoff.jitter",
                "must be from 0 to 1");
  check.not_negative(options.stable_after, "backoff.stable_after");
  check.not_negative(options.retry_after_cap, "backoff.retry_after_cap");
}

void check_budget(checker& check, const engine_options& options) {
  auto rate = options.budget.rate;
  // Written so that it refuses NaN, too.
  check.require(rate == 0.0 || (rate >= 0.001 && rate <= 1e6), "budget.rate",
                "must be 0 or from 0.001 to 1000000");
  check.between(options.budget.burst, 1, 1'000'000, "budget.burst");
  check.positive(options.circuit.open_time, "circuit.open_time");
}

} // namespace

// -- validation -----------------------------------------------------------------------------------

std::vector<option_problem> validate(const engine_options& options) {
  std::vector<option_problem> problems;
  checker check{problems};
  check_request(check, options.request, "request.");
  for (std::size_t i = 0; i < options.more_urls.size(); ++i) {
    std::string problem;
    auto parsed = parse_url(options.more_urls[i], &problem);
    check.require(parsed.has_value(), indexed("more_urls", i), problem);
  }
  check.require(options.order <= url_order::rotating, "order", "is not an order");
  check_connection(check, options.connection);
  check_backoff(check, options.backoff);
  check_budget(check, options);
  check.positive(options.timeouts.open, "timeouts.open");
  check.positive(options.timeouts.stop, "timeouts.stop");
  check.positive(std::uint64_t{options.outbox.max_messages}, "outbox.max_messages");
  check.positive(options.outbox.max_bytes, "outbox.max_bytes");
  check_setup(check, options);
  check.between(options.handlers, 1, max_handlers, "handlers");
  check.require(options.connection.max_part_size == 0 || options.handlers == 1,
                "connection.max_part_size",
                "needs one handler: parts of a message keep their order");
  check.positive(std::uint64_t{options.read_batch}, "read_batch");
  check.positive(std::uint64_t{options.max_requests}, "max_requests");
  check.require(options.on_handler_crash <= handler_crash_policy::stop, "on_handler_crash",
                "is not a policy");
  check.require(options.on_client_down <= client_down_policy::keep, "on_client_down",
                "is not a policy");
  return problems;
}

std::vector<option_problem> validate(const handshake_request& request) {
  std::vector<option_problem> problems;
  checker check{problems};
  check_request(check, request, "");
  return problems;
}

std::string why_not_sendable(const data_message& message, const connection_options& options) {
  if (message.data.size() > options.max_message_size)
    return std::to_string(message.data.size()) + " bytes, the limit is "
           + std::to_string(options.max_message_size);
  if (message.kind == message_kind::text && !is_utf8(message.data.text()))
    return "the text is not UTF-8";
  return {};
}

caf::error to_error(const std::vector<option_problem>& problems) {
  if (problems.empty())
    return caf::none;
  std::string text;
  for (const auto& [field, problem] : problems) {
    if (!text.empty())
      text += "; ";
    text += field + ": " + problem;
  }
  return make_error(engine_errc::invalid_options, std::move(text));
}

} // namespace wsengine
