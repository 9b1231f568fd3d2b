// recording_connection.hpp: a connection that hands everything on to another one and records it.

#pragma once

#include "recording_writer.hpp"

#include "wsengine/connection_actor.hpp"
#include "wsengine/hosted.hpp"

#include <caf/response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace wsengine {

/// The interface of a connection, and the batches that the other one sends unasked.
using recording_actor = connection_actor::extend<answers<message_batch, void>>;

/// Stands between a session's users and its connection. It is linked to the connection: they end
/// together.
class recording_connection : public recording_actor::base {
public:
  recording_connection(caf::actor_config& cfg, std::shared_ptr<recording_writer> to,
                       connection_actor inner);

  const char* name() const override { return "wsengine.recording_connection"; }

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  caf::result<handshake_response> dial(dial_msg& what);
  caf::result<message_batch> demand(const demand_msg& what);
  caf::result<data_message> read();
  caf::result<void> grant(const credit_msg& what);
  caf::result<void> write(write_msg& what);
  caf::result<void> write(write_batch_msg& what);
  caf::result<timespan> ping(ping_msg& what);
  caf::result<void> close(close_msg& what);
  caf::result<close_details> wait_closed();

  /// Sends a request to the other one and answers with its answer; `came` sees that first, `failed`
  /// an error.
  template <class Out, class Message>
  caf::result<Out> hand_on(Message what, std::function<void(const Out&)> came,
                           std::function<void(const caf::error&)> failed);

  template <class T>
  void feed(T what);

  void reading_failed(const caf::error& cause);
  void came(const message_batch& batch, const std::string& by);
  void over(const close_details& how);
  [[nodiscard]] recorded_event make(const char* what) const;
  void log(const char* what, const caf::error& cause);
  [[nodiscard]] std::string asking() const;

  std::shared_ptr<recording_writer> to_;
  std::size_t number_;
  connection_actor inner_;
  // Who gets messages without asking for each batch, and who that is.
  caf::strong_actor_ptr fed_;
  std::string fed_name_;
  // Whether a read has failed since the last grant: others may read then.
  bool feed_failed_ = false;
  // How many grants there were.
  std::uint64_t grants_ = 0;
  bool is_over_ = false;
};

} // namespace wsengine
