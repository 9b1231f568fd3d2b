// recording_callbacks.cpp: see recording_callbacks.hpp.

#include "recording_callbacks.hpp"

#include "callback_info.hpp"

#include "wsengine/error.hpp"

#include <exception>
#include <type_traits>
#include <utility>

namespace wsengine {

recording_callbacks::recording_callbacks(std::shared_ptr<recording_writer> to,
                                         std::shared_ptr<callbacks> client)
  : to_(std::move(to)),
    client_(std::move(client)) {}

template <class F>
auto recording_callbacks::call(session_context& context, const char* name, std::string info,
                               F what) {
  to_->put("callback", name, std::move(info));
  auto ended = [&] {
    to_->put("answer", name, context.interrupted() ? "asks for restart, exit or pause" : "");
  };
  try {
    if constexpr (std::is_void_v<decltype(what())>) {
      what();
      ended();
    } else {
      auto result = what();
      ended();
      return result;
    }
  } catch (const std::exception& x) {
    to_->put("crash", name, x.what());
    throw;
  } catch (...) {
    to_->put("crash", name, "an exception of unknown type");
    throw;
  }
}

caf::result<void> recording_callbacks::on_open(session_context& context,
                                               const handshake_response& response,
                                               bool restarting) {
  return call(context, "on_open", info_of_open(restarting),
              [&] { return client_->on_open(context, response, restarting); });
}

void recording_callbacks::on_message(session_context& context, message_kind kind,
                                     const payload& data) {
  call(context, "on_message", info_of_message(kind, data),
       [&] { client_->on_message(context, kind, data); });
}

void recording_callbacks::on_read_error(session_context& context, const caf::error& cause) {
  call(context, "on_read_error", describe(cause), [&] { client_->on_read_error(context, cause); });
}

close_details recording_callbacks::on_close(session_context& context,
                                            const optional<close_details>& peer) {
  return call(context, "on_close", info_of_close(peer),
              [&] { return client_->on_close(context, peer); });
}

void recording_callbacks::on_close_error(session_context& context, const caf::error& cause) {
  call(context, "on_close_error", describe(cause),
       [&] { client_->on_close_error(context, cause); });
}

void recording_callbacks::on_restart_error(session_context& context, const caf::error& cause,
                                           std::uint32_t retry, optional<timespan> next_delay) {
  call(context, "on_restart_error", describe(cause),
       [&] { client_->on_restart_error(context, cause, retry, next_delay); });
}

} // namespace wsengine
