// human_reporter.cpp: short lines for a person, in colours on a terminal.

#include "duration.hpp"
#include "reporter.hpp"

#include <cstdlib>
#include <string>
#include <string_view>

namespace wsengine::cli {

namespace {

/// What an event is about, and its colour on a terminal.
enum class tone : std::uint8_t { good = 32, bad = 31, quiet = 90, plain = 0 };

bool wants_colours(const output& out) {
  const auto* terminal = std::getenv("TERM");
  return out.is_terminal() && std::getenv("NO_COLOR") == nullptr && terminal != nullptr
         && std::string_view{terminal} != "dumb";
}

/// Makes control characters visible: what a server sends must not steer the terminal.
std::string printable(std::string_view text) {
  constexpr auto digits = "0123456789abcdef";
  std::string result;
  for (auto c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F)
      result += c;
    else if (c == '\n')
      result += "\\n";
    else
      result += std::string{"\\x"} + digits[byte / 16] + digits[byte % 16];
  }
  return result;
}

std::string with_reason(const close_details& details) {
  auto result = to_string(details.code);
  if (!details.reason.empty())
    result += ": " + printable(details.reason);
  return result;
}

class human_reporter final : public reporter {
public:
  explicit human_reporter(output& out) : out_(out), colours_(wants_colours(out)) {}

  void opened(session_id id, const handshake_response& response, bool restarting) override {
    auto text = std::string{restarting ? "open again" : "open"} + ", session " + to_string(id);
    if (!response.subprotocol.empty())
      text += ", subprotocol " + printable(response.subprotocol);
    say(tone::good, "open", text);
  }

  void message(session_id, const data_message& what) override {
    say(tone::plain, to_string(what.kind), content(what) + (what.last ? "" : " (more follows)"));
  }

  void read_error(session_id, const caf::error& cause) override {
    say(tone::bad, "read error", printable(describe(cause)));
  }

  void closed(session_id, const optional<close_details>& peer) override {
    say(tone::quiet, "close", peer ? with_reason(*peer) : "by us");
  }

  void close_error(session_id, const caf::error& cause) override {
    say(tone::bad, "close error", printable(describe(cause)));
  }

  void restart_error(const caf::error& cause, std::uint32_t retry,
                     optional<timespan> next_delay) override {
    auto then = next_delay ? "next attempt in " + format_duration(*next_delay) : "no more attempts";
    say(tone::bad, "retry",
        "attempt " + std::to_string(retry) + " failed: " + printable(describe(cause)) + "; "
          + then);
  }

  void pong(timespan round_trip) override {
    say(tone::quiet, "pong", "after " + format_duration(round_trip));
  }

  void answered(const std::string& key, const data_message& answer) override {
    say(tone::plain, "answer", printable(key) + ": " + content(answer));
  }

  void request_failed(const std::string& key, const caf::error& cause) override {
    say(tone::bad, "no answer", printable(key) + ": " + printable(describe(cause)));
  }

  void status(const engine_status& what) override {
    auto text = to_string(what.state);
    if (what.id)
      text += ", session " + to_string(*what.id);
    if (what.attempts > 0)
      text += ", " + std::to_string(what.attempts) + " failed attempts";
    if (what.next_retry_in)
      text += ", next attempt in " + format_duration(*what.next_retry_in);
    if (what.waits_for_turn)
      text += ", waits for its turn";
    if (what.circuit.state != circuit_state::closed)
      text += ", circuit " + to_string(what.circuit.state);
    if (what.last_error)
      text += ", last error: " + printable(describe(what.last_error));
    say(tone::quiet, "status", text);
  }

  void start_error(const caf::error& cause, const std::string& advice) override {
    say(tone::bad, "failed",
        "could not start (" + std::string{phase_of(cause)} + "): " + printable(describe(cause)));
    if (!advice.empty())
      say(tone::quiet, "advice", advice);
  }

  void stopped(const std::string& reason) override {
    out_.write_last_line(line(tone::quiet, "stopped", printable(reason)));
  }

  void status_page(std::uint16_t, const std::string& url, const std::string&) override {
    say(tone::good, "status at", url);
  }

  void listening(std::uint16_t, const std::string& url) override {
    say(tone::good, "listening", url);
  }

  void server_opened(std::uint64_t connection, const std::string& target) override {
    say(tone::good, "open", "connection " + std::to_string(connection) + " " + printable(target));
  }

  void server_closed(std::uint64_t connection, const close_details& details) override {
    say(tone::quiet, "close",
        "connection " + std::to_string(connection) + ", " + with_reason(details));
  }

private:
  static std::string content(const data_message& what) {
    return what.kind == message_kind::text ? printable(what.data.text())
                                           : std::to_string(what.data.size()) + " bytes";
  }

  void say(tone how, std::string_view what, const std::string& text) {
    out_.write_line(line(how, what, text));
  }

  [[nodiscard]] std::string line(tone how, std::string_view what, const std::string& text) const {
    std::string label{what};
    label.resize(std::max<std::size_t>(label.size(), 9), ' ');
    if (colours_ && how != tone::plain)
      label = "\x1b[" + std::to_string(static_cast<int>(how)) + "m" + label + "\x1b[0m";
    return label + " " + text;
  }

  output& out_;
  const bool colours_;
};

} // namespace

std::unique_ptr<reporter> make_human_reporter(output& out) {
  return std::make_unique<human_reporter>(out);
}

} // namespace wsengine::cli
