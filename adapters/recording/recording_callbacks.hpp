// recording_callbacks.hpp: a client that calls another one and records its callbacks.

#pragma once

#include "recording_writer.hpp"

#include "wsengine/callbacks.hpp"

#include <memory>
#include <string>

namespace wsengine {

/// Records each callback when it begins and when it ends, with what the client threw.
class recording_callbacks : public callbacks {
public:
  recording_callbacks(std::shared_ptr<recording_writer> to, std::shared_ptr<callbacks> client);

  caf::result<void> on_open(session_context& context, const handshake_response& response,
                            bool restarting) override;

  void on_message(session_context& context, message_kind kind, const payload& data) override;

  void on_read_error(session_context& context, const caf::error& cause) override;

  close_details on_close(session_context& context, const optional<close_details>& peer) override;

  void on_close_error(session_context& context, const caf::error& cause) override;

  void on_restart_error(session_context& context, const caf::error& cause, std::uint32_t retry,
                        optional<timespan> next_delay) override;

private:
  /// Calls the client, with an event before and one behind.
  template <class F>
  auto call(session_context& context, const char* name, std::string info, F what);

  std::shared_ptr<recording_writer> to_;
  std::shared_ptr<callbacks> client_;
};

} // namespace wsengine
