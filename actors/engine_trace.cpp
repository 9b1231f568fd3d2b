// engine_trace.cpp: see engine_trace.hpp.

#include "engine_trace.hpp"

#include "rules/shown_url.hpp"
#include "span_facts.hpp"

#include "wsengine/url.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace wsengine::internal {

namespace {

double seconds(timespan what) {
  return std::chrono::duration<double>{what}.count();
}

// Where a dial leads.
void add_target(active_span& to, const std::string& address) {
  to.set("url.full", rules::shown_url(address));
  if (auto parts = parse_url(address)) {
    to.set("server.address", parts->host);
    to.set("server.port", std::int64_t{parts->port});
  }
}

void add_response(active_span& to, const handshake_response& from) {
  to.set("http.response.status_code", std::int64_t{from.status});
  if (!from.subprotocol.empty())
    to.set("wsengine.subprotocol", from.subprotocol);
}

} // namespace

void engine_trace::describe(active_span& what, session_id id) const {
  add_subject(what, {engine_, id});
}

// -- opening --------------------------------------------------------------------------------------

void engine_trace::started(const trace_parent& by) {
  opening_ = with_->begin("start", span_kind::internal, by);
  describe(opening_, {});
}

void engine_trace::restarts(retry_cause why, timespan delay) {
  opening_ = with_->begin("restart");
  opening_.link(dialed_);
  describe(opening_, {});
  opening_.set("wsengine.restart.cause", to_string(why));
  opening_.set("wsengine.restart.delay", seconds(delay));
}

void engine_trace::retries(const caf::error& cause, timespan delay) {
  if (opening_)
    opening_.event("retry", {{"error.type", name_of(cause)}, {"wsengine.delay", seconds(delay)}});
}

void engine_trace::dial_began(session_id id) {
  dial_ = with_->begin("dial", span_kind::client, opening_.context());
  dialed_ = dial_.context();
  describe(dial_, id);
  dial_.set("network.protocol.name", std::string{"websocket"});
}

void engine_trace::redirected(const handshake_response& by) {
  if (dial_)
    dial_.event("redirect", {{"http.response.status_code", std::int64_t{by.status}}});
}

void engine_trace::dial_ended(const handshake_request& request, const handshake_response* response,
                              const caf::error& failure) {
  if (dial_) {
    add_target(dial_, request.url);
    if (response != nullptr)
      add_response(dial_, *response);
    if (failure)
      dial_.fail(failure);
  }
  dial_.end();
}

void engine_trace::opened() {
  opening_.end();
  opening_ = {};
}

void engine_trace::gave_up(const caf::error& why) {
  opening_.fail(why);
  opened();
}

void engine_trace::add_to(header_fields& fields) const {
  if (!with_->options().propagate || find_header(fields, "traceparent") != nullptr)
    return;
  fields.emplace_back("traceparent", to_traceparent(*dialed_));
  if (!dialed_->state.empty() && find_header(fields, "tracestate") == nullptr)
    fields.emplace_back("tracestate", dialed_->state);
}

// -- callbacks ------------------------------------------------------------------------------------

std::shared_ptr<active_span> engine_trace::callback(callback_kind which, session_id id) const {
  auto is_last = which == callback_kind::on_close || which == callback_kind::on_close_error;
  const auto& parent = is_last ? close_.context() : opening_.context();
  auto result =
    std::make_shared<active_span>(with_->begin(to_string(which), span_kind::internal, parent));
  if (!parent)
    result->link(dialed_);
  describe(*result, id);
  return result;
}

// -- closing --------------------------------------------------------------------------------------

void engine_trace::closing(session_id id) {
  // One that the client refuses is closed as a part of what opens it.
  close_ = with_->begin("close", span_kind::internal, opening_.context());
  if (!opening_.context())
    close_.link(dialed_);
  describe(close_, id);
}

void engine_trace::close_failed(const caf::error& cause) {
  close_.fail(cause);
}

void engine_trace::closed(const session_end* how) {
  if (close_ && how != nullptr) {
    const auto& said = how->peer ? *how->peer : how->ours;
    auto lost = how->peer && how->peer->code == close_code::abnormal;
    close_.set("wsengine.close.by", std::string{lost ? "loss" : how->peer ? "peer" : "us"});
    close_.set("wsengine.close.code", static_cast<std::int64_t>(said.code));
    if (!said.reason.empty())
      close_.set("wsengine.close.reason", said.reason);
    close_.set("wsengine.session.duration", seconds(how->lasted));
    if (lost)
      close_.fail("connection_lost", said.reason);
  }
  close_.end();
  close_ = {};
}

// -- sending --------------------------------------------------------------------------------------

void engine_trace::send_began(std::uint64_t id, const send_msg& what) {
  auto began =
    with_->begin_sampled("send", span_kind::producer, what.trace, with_->options().ratio);
  if (!began)
    return;
  describe(began, {});
  add_message_facts(began, "send", what.kind, what.data.size());
  sends_.emplace(id, std::move(began));
}

void engine_trace::send_ended(std::uint64_t id, session_id session, const caf::error& failure) {
  auto found = sends_.find(id);
  if (found == sends_.end())
    return;
  auto& what = found->second;
  describe(what, session);
  if (session != session_id{})
    what.link(dialed_);
  if (failure)
    what.fail(failure);
  sends_.erase(found);
}

std::shared_ptr<active_span> engine_trace::request(const request_msg& what, session_id id) const {
  auto began =
    with_->begin_sampled("request", span_kind::client, what.trace, with_->options().ratio);
  if (!began)
    return nullptr;
  began.link(dialed_);
  describe(began, id);
  add_message_facts(began, "send", what.message.kind, what.message.data.size());
  return std::make_shared<active_span>(std::move(began));
}

} // namespace wsengine::internal
