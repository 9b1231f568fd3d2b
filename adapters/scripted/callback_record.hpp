// callback_record.hpp: the callbacks that a world has seen, without handles, and the objects that
// note theirs.

#pragma once

#include "wsengine/callbacks.hpp"
#include "wsengine/testing/client_mock.hpp"

#include <caf/actor_addr.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace wsengine::testing {

/// Guards everything with one mutex: callbacks may run on many threads.
class callback_record {
public:
  /// Notes a callback. Handles of the session are held weakly, else they would keep it alive.
  void note(timespan at, callback_args args);

  [[nodiscard]] std::vector<recorded_call> calls() const;

  /// The actor that takes the signals of the session that opened last; null when it is gone.
  [[nodiscard]] caf::actor signals() const;

  /// The connection of that session; null when it is gone.
  [[nodiscard]] connection_actor connection() const;

private:
  mutable std::mutex mutex_;
  std::vector<recorded_call> calls_;
  caf::actor_addr signals_;
  caf::actor_addr connection_;
};

/// Notes its callbacks, then calls another object.
class watched_callbacks : public callbacks {
public:
  /// `only_of_handlers`: only those that handlers call, for which there is no message to the
  /// client.
  watched_callbacks(std::shared_ptr<callback_record> record, std::shared_ptr<callbacks> own,
                    bool only_of_handlers);

  caf::result<void> on_open(session_context& context, const handshake_response& response,
                            bool restarting) override;

  void on_message(session_context& context, message_kind kind, const payload& data) override;

  void on_read_error(session_context& context, const caf::error& cause) override;

  close_details on_close(session_context& context, const optional<close_details>& peer) override;

  void on_close_error(session_context& context, const caf::error& cause) override;

  void on_restart_error(session_context& context, const caf::error& cause, std::uint32_t retry,
                        optional<timespan> next_delay) override;

private:
  void note(session_context& context, callback_args args);
  void note_message(session_context& context, callback_args args);

  std::shared_ptr<callback_record> record_;
  std::shared_ptr<callbacks> own_;
  bool only_of_handlers_;
};

} // namespace wsengine::testing
