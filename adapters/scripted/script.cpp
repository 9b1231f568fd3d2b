// script.cpp: see wsengine/testing/script.hpp.

#include "wsengine/testing/script.hpp"

#include <utility>

namespace wsengine::testing {

script& script::add(step what) {
  steps_.push_back(std::move(what));
  return *this;
}

// -- opening --------------------------------------------------------------------------------------

script& script::accept() {
  handshake_response response;
  response.status = 101;
  return accept(std::move(response));
}

script& script::accept(handshake_response response) {
  return add(steps::accept{std::move(response)});
}

script& script::refuse(caf::error cause) {
  return add(steps::refuse{std::move(cause)});
}

script& script::stall() {
  return add(steps::stall{});
}

// -- pace -----------------------------------------------------------------------------------------

script& script::after(timespan delay) {
  return add(steps::after{delay});
}

script& script::await_write(message_matcher matches) {
  return add(steps::await_write{std::move(matches)});
}

script& script::await_write(data_message message) {
  return await_write(
    [expected = std::move(message)](const data_message& x) { return x == expected; });
}

// -- what the peer does ---------------------------------------------------------------------------

script& script::send(data_message message) {
  return add(steps::send{std::move(message)});
}

script& script::send(std::vector<data_message> messages) {
  for (auto& x : messages)
    send(std::move(x));
  return *this;
}

script& script::close(close_details details) {
  return add(steps::close{std::move(details)});
}

script& script::drop() {
  return add(steps::drop{});
}

script& script::fail_read(std::string text) {
  return add(steps::fail_read{std::move(text)});
}

script& script::die(caf::error reason) {
  return add(steps::die{std::move(reason)});
}

// -- how it reacts --------------------------------------------------------------------------------

script& script::answer_close(timespan delay) {
  return add(steps::on_close_frame{steps::on_close_frame::reaction::answer, nothing, delay, {}});
}

script& script::answer_close(close_details details, timespan delay) {
  return add(
    steps::on_close_frame{steps::on_close_frame::reaction::answer, std::move(details), delay, {}});
}

script& script::fail_close(std::string text) {
  return add(steps::on_close_frame{steps::on_close_frame::reaction::fail, nothing, timespan{0},
                                   std::move(text)});
}

script& script::stall_close() {
  return add(
    steps::on_close_frame{steps::on_close_frame::reaction::stall, nothing, timespan{0}, {}});
}

script& script::take_writes() {
  return add(steps::on_write{});
}

script& script::refuse_writes(caf::error cause) {
  return add(steps::on_write{steps::on_write::reaction::refuse, std::move(cause)});
}

script& script::stall_writes() {
  return add(steps::on_write{steps::on_write::reaction::stall, {}});
}

script& script::answer_pings(timespan round_trip) {
  return add(steps::on_ping{round_trip});
}

script& script::refuse_pongs() {
  return add(steps::on_ping{});
}

// -- the steps ------------------------------------------------------------------------------------

script& script::append(const script& more) {
  auto added = more.steps_;
  std::move(added.begin(), added.end(), std::back_inserter(steps_));
  return *this;
}

} // namespace wsengine::testing
