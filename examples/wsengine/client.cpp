// client.cpp: see client.hpp.

#include "client.hpp"

#include <string>
#include <utility>

namespace wsengine::cli {

client::client(conversation& talk, reporter& report, std::optional<std::uint64_t> count,
               bool reconnect)
  : talk_(talk),
    report_(report),
    count_(count),
    reconnect_(reconnect) {}

caf::result<void> client::on_open(session_context& context, const handshake_response& response,
                                  bool restarting) {
  report_.opened(context.which().id, response, restarting);
  had_session_ = true;
  // Answered before it is announced: what the input asks from now on finds the engine running.
  auto answer = context.self()->make_response_promise();
  answer.deliver(caf::unit);
  talk_.opened(context.which());
  return answer;
}

void client::on_message(session_context& context, message_kind kind, const payload& data) {
  auto last = context.is_last_part();
  auto index = last ? ++received_ : received_ + 1;
  // With several handlers, others may be at work when the last message comes.
  if (count_ && index > *count_)
    return;
  report_.message(context.which().id, {kind, data, last});
  if (last && count_ && index == *count_
      && talk_.wish({std::to_string(index) + " messages have come"}))
    context.exit();
}

void client::on_read_error(session_context& context, const caf::error& cause) {
  report_.read_error(context.which().id, cause);
}

close_details client::on_close(session_context& context, const optional<close_details>& peer) {
  talk_.closed();
  report_.closed(context.which().id, peer);
  if (peer && !reconnect_) {
    auto broken = peer->code == close_code::abnormal;
    talk_.wish({"the session ended with " + to_string(peer->code), broken ? 1 : 0});
    context.exit();
  }
  auto wished = talk_.wished();
  return wished ? wished->details : close_details{close_code::normal, ""};
}

void client::on_close_error(session_context& context, const caf::error& cause) {
  report_.close_error(context.which().id, cause);
}

void client::on_restart_error(session_context& context, const caf::error& cause,
                              std::uint32_t retry, optional<timespan> next_delay) {
  report_.restart_error(cause, retry, next_delay);
  talk_.attempt_failed();
  // Only a restart that the user asked for comes here without leave to reconnect.
  if (!reconnect_ && had_session_) {
    talk_.wish({describe(cause), 1});
    context.exit();
  }
}

} // namespace wsengine::cli
