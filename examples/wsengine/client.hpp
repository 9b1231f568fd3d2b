// client.hpp: the engine's client: reports each callback and decides when enough has come.

#pragma once

#include "conversation.hpp"
#include "reporter.hpp"

#include "wsengine/callbacks.hpp"

#include <atomic>
#include <cstdint>
#include <optional>

namespace wsengine::cli {

/// Its callbacks wait while nobody reads standard output; that is what stops the engine from
/// reading.
class client final : public callbacks {
public:
  /// `talk` and `report` must outlive the object. Stops after `count` messages, and, unless
  /// `reconnect` is set, when the server ends a session.
  client(conversation& talk, reporter& report, std::optional<std::uint64_t> count, bool reconnect);

  caf::result<void> on_open(session_context& context, const handshake_response& response,
                            bool restarting) override;

  void on_message(session_context& context, message_kind kind, const payload& data) override;

  void on_read_error(session_context& context, const caf::error& cause) override;

  close_details on_close(session_context& context, const optional<close_details>& peer) override;

  void on_close_error(session_context& context, const caf::error& cause) override;

  void on_restart_error(session_context& context, const caf::error& cause, std::uint32_t retry,
                        optional<timespan> next_delay) override;

private:
  conversation& talk_;
  reporter& report_;
  const std::optional<std::uint64_t> count_;
  const bool reconnect_;
  std::atomic<std::uint64_t> received_ = 0;
  bool had_session_ = false;
};

} // namespace wsengine::cli
