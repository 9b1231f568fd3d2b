// json_reporter.cpp: one JSON object for each event, each with its name and the milliseconds since
// the start.

#include "reporter.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace wsengine::cli {

reporter::~reporter() = default;

namespace {

namespace json = boost::json;

// -- values ---------------------------------------------------------------------------------------

/// Repeated fields become one, as RFC 9110, section 5.3, allows.
json::object to_object(const header_fields& fields) {
  json::object result;
  for (const auto& [name, value] : fields) {
    auto [field, is_new] = result.emplace(to_utf8(name), to_utf8(value));
    if (!is_new) {
      auto& text = field->value().as_string();
      text += ", ";
      text += to_utf8(value);
    }
  }
  return result;
}

json::value milliseconds(const optional<timespan>& value) {
  if (!value)
    return nullptr;
  return std::chrono::ceil<std::chrono::milliseconds>(*value).count();
}

json::value error_or_null(const caf::error& what) {
  if (!what)
    return nullptr;
  return json::value(to_utf8(describe(what)));
}

// -- reporter -------------------------------------------------------------------------------------

class json_reporter final : public reporter {
public:
  json_reporter(output& out, std::function<timespan()> now) : out_(out), now_(std::move(now)) {
    if (!now_)
      now_ = [began = std::chrono::steady_clock::now()]() -> timespan {
        return std::chrono::steady_clock::now() - began;
      };
  }

  void opened(session_id id, const handshake_response& response, bool restarting) override {
    auto event = make("on_open", id);
    event["restarting"] = restarting;
    event["status"] = response.status;
    if (response.subprotocol.empty())
      event["subprotocol"] = nullptr;
    else
      event["subprotocol"] = to_utf8(response.subprotocol);
    event["headers"] = to_object(response.headers);
    write(std::move(event));
  }

  void message(session_id id, const data_message& what) override {
    auto event = with_content(make("on_message", id), what);
    event["last"] = what.last;
    write(std::move(event));
  }

  void read_error(session_id id, const caf::error& cause) override {
    with_error(make("on_read_error", id), cause);
  }

  void closed(session_id id, const optional<close_details>& peer) override {
    auto event = make("on_close", id);
    event["code"] = nullptr;
    if (peer)
      event["code"] = static_cast<std::uint16_t>(peer->code);
    event["reason"] = peer ? to_utf8(peer->reason) : "";
    write(std::move(event));
  }

  void close_error(session_id id, const caf::error& cause) override {
    with_error(make("on_close_error", id), cause);
  }

  void restart_error(const caf::error& cause, std::uint32_t retry,
                     optional<timespan> next_delay) override {
    auto event = make("on_restart_error");
    event["error"] = error_or_null(cause);
    event["retry"] = retry;
    event["next_delay_ms"] = milliseconds(next_delay);
    write(std::move(event));
  }

  void pong(timespan round_trip) override {
    auto event = make("pong");
    event["rtt_us"] = std::chrono::duration_cast<std::chrono::microseconds>(round_trip).count();
    write(std::move(event));
  }

  void answered(const std::string& key, const data_message& answer) override {
    auto event = make("answer");
    event["key"] = to_utf8(key);
    write(with_content(std::move(event), answer));
  }

  void request_failed(const std::string& key, const caf::error& cause) override {
    auto event = make("request_error");
    event["key"] = to_utf8(key);
    with_error(std::move(event), cause);
  }

  void status(const engine_status& what) override {
    auto event = make("status");
    event["state"] = to_string(what.state);
    event["session"] = nullptr;
    if (what.id)
      event["session"] = to_string(*what.id);
    event["attempts"] = what.attempts;
    event["last_error"] = error_or_null(what.last_error);
    event["next_retry_in_ms"] = milliseconds(what.next_retry_in);
    event["waits_for_turn"] = what.waits_for_turn;
    event["circuit"] = to_string(what.circuit.state);
    event["next_trial_in_ms"] = milliseconds(what.circuit.next_trial_in);
    write(std::move(event));
  }

  void start_error(const caf::error& cause, const std::string& advice) override {
    auto event = make("start_error");
    event["phase"] = phase_of(cause);
    event["error"] = error_or_null(cause);
    event["status"] = nullptr;
    if (auto response = response_of(cause))
      event["status"] = response->status;
    event["advice"] = nullptr;
    if (!advice.empty())
      event["advice"] = to_utf8(advice);
    write(std::move(event));
  }

  void stopped(const std::string& reason) override {
    auto event = make("stopped");
    event["reason"] = to_utf8(reason);
    std::lock_guard guard{ordering_};
    out_.write_last_line(finish(std::move(event)));
  }

  void status_page(std::uint16_t port, const std::string& url, const std::string& token) override {
    auto event = make("status_page");
    event["port"] = port;
    event["url"] = url;
    event["token"] = token;
    write(std::move(event));
  }

  void listening(std::uint16_t port, const std::string& url) override {
    auto event = make("listening");
    event["port"] = port;
    event["url"] = url;
    write(std::move(event));
  }

  void server_opened(std::uint64_t connection, const std::string& target) override {
    auto event = make("opened");
    event["connection"] = connection;
    event["target"] = to_utf8(target);
    write(std::move(event));
  }

  void server_closed(std::uint64_t connection, const close_details& details) override {
    auto event = make("closed");
    event["connection"] = connection;
    event["code"] = static_cast<std::uint16_t>(details.code);
    event["reason"] = to_utf8(details.reason);
    write(std::move(event));
  }

private:
  static json::object make(const char* name) { return {{"event", name}}; }

  static json::object make(const char* name, session_id id) {
    return {{"event", name}, {"session", to_string(id)}};
  }

  static json::object with_content(json::object event, const data_message& what) {
    event["kind"] = to_string(what.kind);
    // A part may end within a character.
    if (what.kind == message_kind::text && is_utf8(what.data.text()))
      event["data"] = what.data.text();
    else
      event["data_base64"] = to_base64(what.data.text());
    event["size"] = what.data.size();
    return event;
  }

  void with_error(json::object event, const caf::error& cause) {
    event["error"] = error_or_null(cause);
    write(std::move(event));
  }

  void write(json::object event) {
    std::lock_guard guard{ordering_};
    out_.write_line(finish(std::move(event)));
  }

  [[nodiscard]] std::string finish(json::object event) const {
    event["t_ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(now_()).count();
    return json::serialize(event);
  }

  output& out_;
  /// Events come from several threads; their times must not go back from line to line.
  std::mutex ordering_;
  std::function<timespan()> now_;
};

} // namespace

std::unique_ptr<reporter> make_json_reporter(output& out, std::function<timespan()> now) {
  return std::make_unique<json_reporter>(out, std::move(now));
}

} // namespace wsengine::cli
