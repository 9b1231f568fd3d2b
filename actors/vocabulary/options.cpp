// options.cpp: see options.hpp.

#include "wsengine/options.hpp"

#include "ascii.hpp"

#include "wsengine/error.hpp"
#include "wsengine/url.hpp"

#include <algorithm>
#include <cmath>
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

// -- checks ---------------------------------------------------------------------------------------

namespace {

/// More handlers than this are a mistake: each is an actor, and each may hold a message.
constexpr std::uint32_t max_handlers = 1024;

/// Longer durations could overflow when they are added to a point in time.
constexpr timespan max_duration = std::chrono::hours(24 * 365 * 100);

/// Collects the problems of one struct of options.
class checker {
public:
  explicit checker(std::vector<option_problem>& problems) : problems_(problems) {}

  /// Notes the problem unless the condition holds.
  void require(bool condition, std::string field, std::string problem) {
    if (!condition)
      problems_.push_back({std::move(field), std::move(problem)});
  }

  void not_negative(timespan value, std::string field) {
    require(value >= timespan::zero(), field, "must not be negative");
    require(value <= max_duration, std::move(field), "must be at most 100 years");
  }

  void positive(timespan value, std::string field) {
    require(value > timespan::zero(), field, "must be longer than zero");
    require(value <= max_duration, std::move(field), "must be at most 100 years");
  }

  void positive(std::uint64_t value, std::string field) {
    require(value > 0, std::move(field), "must be at least 1");
  }

  void between(std::uint32_t value, std::uint32_t least, std::uint32_t most, std::string field) {
    require(value >= least && value <= most, std::move(field),
            "must be from " + std::to_string(least) + " to " + std::to_string(most));
  }

  /// C interfaces would cut the text off at the NUL.
  void no_nul(std::string_view value, std::string field) {
    require(value.find('\0') == std::string_view::npos, std::move(field), "must not contain NUL");
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
    check.require(!is_reserved(name), field, "\"" + name + "\" is set by the handshake itself");
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

void check_deflate(checker& check, const deflate_options& options) {
  check.between(options.client_max_window_bits, 9, 15, "connection.deflate.client_max_window_bits");
  check.between(options.server_max_window_bits, 9, 15, "connection.deflate.server_max_window_bits");
  check.between(options.level, 1, 9, "connection.deflate.level");
  check.between(options.memory_level, 1, 9, "connection.deflate.memory_level");
  check.between(options.threshold, 0, 65536, "connection.deflate.threshold");
}

void check_connection(checker& check, const connection_options& options) {
  const auto& timeouts = options.timeouts;
  check.positive(timeouts.resolve, "connection.timeouts.resolve");
  check.positive(timeouts.connect, "connection.timeouts.connect");
  check.positive(timeouts.tls, "connection.timeouts.tls");
  check.positive(timeouts.upgrade, "connection.timeouts.upgrade");
  check.positive(timeouts.close, "connection.timeouts.close");
  check.no_nul(options.tls.ca_file, "connection.tls.ca_file");
  check.no_nul(options.tls.ca_directory, "connection.tls.ca_directory");
  check.no_nul(options.tls.server_name, "connection.tls.server_name");
  check_deflate(check, options.deflate);
  check.not_negative(options.ping_interval, "connection.ping_interval");
  check.not_negative(options.idle_timeout, "connection.idle_timeout");
  check.positive(options.max_message_size, "connection.max_message_size");
  check.positive(options.max_frames_per_message, "connection.max_frames_per_message");
  check.positive(options.write_queue_bytes, "connection.write_queue_bytes");
  check.positive(options.read_ahead_bytes, "connection.read_ahead_bytes");
}

void check_backoff(checker& check, const backoff_options& options) {
  check.positive(options.base, "backoff.base");
  check.require(std::isfinite(options.factor) && options.factor >= 1.0, "backoff.factor",
                "must be a finite number of at least 1");
  check.require(options.cap >= options.base, "backoff.cap", "must be at least backoff.base");
  check.require(options.cap <= max_duration, "backoff.cap", "must be at most 100 years");
  // Written so that it refuses NaN, too.
  check.require(options.jitter >= 0.0 && options.jitter <= 1.0, "backoff.jitter",
                "must be from 0 to 1");
  check.not_negative(options.stable_after, "backoff.stable_after");
}

} // namespace

// -- validation -----------------------------------------------------------------------------------

std::vector<option_problem> validate(const engine_options& options) {
  std::vector<option_problem> problems;
  checker check{problems};
  check_request(check, options.request, "request.");
  check_connection(check, options.connection);
  check_backoff(check, options.backoff);
  check.positive(options.timeouts.open, "timeouts.open");
  check.positive(options.timeouts.stop, "timeouts.stop");
  check.between(options.handlers, 1, max_handlers, "handlers");
  check.positive(std::uint64_t{options.read_batch}, "read_batch");
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
