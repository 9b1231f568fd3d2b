// observer.cpp: see wsengine/observer.hpp; `observation_of` is in engine_watch.cpp.

#include "wsengine/observer.hpp"

#include <utility>

namespace wsengine {

// -- names ----------------------------------------------------------------------------------------

std::string to_string(callback_kind which) {
  switch (which) {
    case callback_kind::on_open: return "on_open";
    case callback_kind::on_message: return "on_message";
    case callback_kind::on_read_error: return "on_read_error";
    case callback_kind::on_close: return "on_close";
    case callback_kind::on_close_error: return "on_close_error";
    case callback_kind::on_restart_error: return "on_restart_error";
  }
  return "callback_kind(" + std::to_string(static_cast<unsigned>(which)) + ")";
}

std::string to_string(retry_cause why) {
  switch (why) {
    case retry_cause::peer_closed: return "peer_closed";
    case retry_cause::connection_lost: return "connection_lost";
    case retry_cause::restart_asked: return "restart_asked";
    case retry_cause::handler_crashed: return "handler_crashed";
    case retry_cause::attempt_failed: return "attempt_failed";
  }
  return "retry_cause(" + std::to_string(static_cast<unsigned>(why)) + ")";
}

// -- an observer that looks away ------------------------------------------------------------------

observer::~observer() = default;

void observer::engine_spawned(const subject&, const caf::actor_addr&, const handshake_request&) {}

void observer::state_changed(const subject&, engine_state, engine_state, const caf::error&) {}

void observer::engine_ended(const subject&, engine_state) {}

void observer::dial_began(const subject&, const handshake_request&) {}

void observer::dial_ended(const subject&, const caf::error&, timespan) {}

void observer::retry_scheduled(const subject&, retry_cause, const caf::error&, timespan) {}

void observer::session_opened(const subject&, const handshake_response&) {}

void observer::session_closed(const subject&, const session_end&) {}

void observer::callbacks_ended(const subject&, callback_kind, std::span<const timespan>) {}

void observer::callback_failed(const subject&, callback_kind, timespan, const caf::error&) {}

void observer::received(const subject&, const volume&) {}

void observer::write_began(const subject&, const volume&) {}

void observer::write_ended(const subject&, const volume&, const caf::error&) {}

void observer::pong_came(const subject&, timespan) {}

void observer::inbox_changed(const subject&, const volume&, const volume&) {}

void observer::send_accepted(const subject&) {}

void observer::send_settled(const subject&, optional<send_errc>) {}

// -- several observers ----------------------------------------------------------------------------

namespace {

class observer_list final : public observer {
public:
  explicit observer_list(std::vector<std::shared_ptr<observer>> all) : all_(std::move(all)) {}

  void engine_spawned(const subject& who, const caf::actor_addr& engine,
                      const handshake_request& request) override {
    tell(&observer::engine_spawned, who, engine, request);
  }

  void state_changed(const subject& who, engine_state before, engine_state now,
                     const caf::error& last_error) override {
    tell(&observer::state_changed, who, before, now, last_error);
  }

  void engine_ended(const subject& who, engine_state last) override {
    tell(&observer::engine_ended, who, last);
  }

  void dial_began(const subject& who, const handshake_request& request) override {
    tell(&observer::dial_began, who, request);
  }

  void dial_ended(const subject& who, const caf::error& failure, timespan took) override {
    tell(&observer::dial_ended, who, failure, took);
  }

  void retry_scheduled(const subject& who, retry_cause why, const caf::error& last_error,
                       timespan delay) override {
    tell(&observer::retry_scheduled, who, why, last_error, delay);
  }

  void session_opened(const subject& who, const handshake_response& response) override {
    tell(&observer::session_opened, who, response);
  }

  void session_closed(const subject& who, const session_end& how) override {
    tell(&observer::session_closed, who, how);
  }

  void callbacks_ended(const subject& who, callback_kind which,
                       std::span<const timespan> took) override {
    tell(&observer::callbacks_ended, who, which, took);
  }

  void callback_failed(const subject& who, callback_kind which, timespan took,
                       const caf::error& failure) override {
    tell(&observer::callback_failed, who, which, took, failure);
  }

  void received(const subject& who, const volume& what) override {
    tell(&observer::received, who, what);
  }

  void write_began(const subject& who, const volume& what) override {
    tell(&observer::write_began, who, what);
  }

  void write_ended(const subject& who, const volume& what, const caf::error& failure) override {
    tell(&observer::write_ended, who, what, failure);
  }

  void pong_came(const subject& who, timespan round_trip) override {
    tell(&observer::pong_came, who, round_trip);
  }

  void inbox_changed(const subject& who, const volume& before, const volume& now) override {
    tell(&observer::inbox_changed, who, before, now);
  }

  void send_accepted(const subject& who) override { tell(&observer::send_accepted, who); }

  void send_settled(const subject& who, optional<send_errc> failure) override {
    tell(&observer::send_settled, who, failure);
  }

private:
  template <class Function, class... Ts>
  void tell(Function what, const Ts&... xs) {
    for (const auto& x : all_)
      ((*x).*what)(xs...);
  }

  std::vector<std::shared_ptr<observer>> all_;
};

} // namespace

std::shared_ptr<observer> make_observer_list(std::vector<std::shared_ptr<observer>> all) {
  return std::make_shared<observer_list>(std::move(all));
}

} // namespace wsengine
