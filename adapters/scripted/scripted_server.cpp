// scripted_server.cpp: see wsengine/testing/scripted_server.hpp.

#include "wsengine/testing/scripted_server.hpp"

#include "wsengine/error.hpp"

#include <utility>

namespace wsengine::testing {

scripted_server::scripted_server(std::shared_ptr<stage> where, std::function<void()> settle)
  : where_(std::move(where)),
    settle_(std::move(settle)) {}

void scripted_server::settle() const {
  if (settle_)
    settle_();
}

// -- any script -----------------------------------------------------------------------------------

scripted_server& scripted_server::plans(script what) {
  where_->add(std::move(what));
  return *this;
}

scripted_server& scripted_server::does(const script& what) {
  settle();
  // Without anybody to do it for, it is for the next one to come.
  if (!where_->extend(what) && !where_->play(what))
    where_->add(script{}.accept().append(what));
  settle();
  return *this;
}

scripted_server& scripted_server::answers(script what) {
  settle();
  if (!where_->is_asked() || !where_->play(what))
    where_->add(std::move(what));
  settle();
  return *this;
}

// -- the answer to an upgrade request -------------------------------------------------------------

scripted_server& scripted_server::accepts() {
  return answers(script{}.accept());
}

scripted_server& scripted_server::accepts(handshake_response response) {
  return answers(script{}.accept(std::move(response)));
}

scripted_server& scripted_server::refuses(std::uint16_t status, header_fields headers,
                                          std::string body) {
  handshake_response response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  return answers(script{}.refuse(make_refused_error(std::move(response))));
}

scripted_server& scripted_server::refuses(caf::error cause) {
  return answers(script{}.refuse(std::move(cause)));
}

scripted_server& scripted_server::redirects(const std::string& location, std::uint16_t status) {
  return refuses(status, {{"Location", location}});
}

scripted_server& scripted_server::stalls() {
  return answers(script{}.stall());
}

// -- without a plan -------------------------------------------------------------------------------

scripted_server& scripted_server::accepts_by_default() {
  return plays_by_default(script{}.accept());
}

scripted_server& scripted_server::refuses_by_default(std::uint16_t status) {
  handshake_response response;
  response.status = status;
  return plays_by_default(script{}.refuse(make_refused_error(std::move(response))));
}

scripted_server& scripted_server::plays_by_default(script what) {
  where_->fallback(std::move(what));
  return *this;
}

// -- pace -----------------------------------------------------------------------------------------

scripted_server& scripted_server::waits(timespan delay) {
  return does(script{}.after(delay));
}

scripted_server& scripted_server::awaits_message() {
  return does(script{}.await_write());
}

scripted_server& scripted_server::awaits(data_message message) {
  return does(script{}.await_write(std::move(message)));
}

// -- what it does ---------------------------------------------------------------------------------

scripted_server& scripted_server::sends(data_message message) {
  return does(script{}.send(std::move(message)));
}

scripted_server& scripted_server::sends(std::vector<data_message> messages) {
  return does(script{}.send(std::move(messages)));
}

scripted_server& scripted_server::closes(close_code code, std::string reason) {
  return does(script{}.close({code, std::move(reason)}));
}

scripted_server& scripted_server::closes(std::uint16_t code, std::string reason) {
  return closes(static_cast<close_code>(code), std::move(reason));
}

scripted_server& scripted_server::drops() {
  return does(script{}.drop());
}

scripted_server& scripted_server::fails_a_read(std::string text) {
  return does(script{}.fail_read(std::move(text)));
}

// -- how it reacts --------------------------------------------------------------------------------

scripted_server& scripted_server::answers_close(timespan delay) {
  return does(script{}.answer_close(delay));
}

scripted_server& scripted_server::answers_close_with(close_details details) {
  return does(script{}.answer_close(std::move(details)));
}

scripted_server& scripted_server::ignores_close() {
  return does(script{}.stall_close());
}

scripted_server& scripted_server::breaks_close() {
  return does(script{}.fail_close());
}

scripted_server& scripted_server::stops_reading() {
  return does(script{}.stall_writes());
}

scripted_server& scripted_server::reads() {
  return does(script{}.take_writes());
}

scripted_server& scripted_server::answers_pings(timespan round_trip) {
  return does(script{}.answer_pings(round_trip));
}

scripted_server& scripted_server::ignores_pings() {
  return does(script{}.refuse_pongs());
}

// -- what came ------------------------------------------------------------------------------------

std::size_t scripted_server::connections() const {
  settle();
  return where_->connections();
}

std::vector<data_message> scripted_server::received() const {
  settle();
  return where_->received();
}

optional<close_details> scripted_server::close_frame() const {
  settle();
  return where_->close_frame();
}

} // namespace wsengine::testing
