// connection.cpp: see connection.hpp.

#include "connection.hpp"

#include <caf/actor_cast.hpp>

#include <boost/asio/post.hpp>

#include <utility>

namespace wsengine::io {

connection::connection(caf::actor_config& cfg, asio_unit& unit, const protocol_library& library,
                       const observation& view)
  : told_before_end(cfg),
    thread_(unit),
    library_(library),
    session_(std::make_shared<session>(unit, library, view)) {}

connection::behavior_type connection::make_behavior() {
  // A sender that does not expect our answers makes CAF send errors back; they do not concern us.
  set_error_handler([](const caf::error&) {});
  set_down_handler([this](const caf::down_msg& what) {
    if (what.source == watched_)
      watched_ = nullptr;
    session_->writer_lost(what.source);
  });
  // The session holds the promises; what the handlers return only says that an answer follows. CAF
  // looks through them in order.
  return {
    [this](write_msg& what) -> caf::result<void> {
      // A promise takes the sender away.
      auto who = writer(what.last);
      session_->write({what.kind, std::move(what.data), what.last}, who, promise<void>());
      return caf::delegated<void>{};
    },
    [this](const demand_msg& what) -> caf::result<message_batch> {
      session_->demand(what.max_messages, promise<message_batch>());
      return caf::delegated<message_batch>{};
    },
    [this](const credit_msg& what) -> caf::result<void> {
      if (auto problem = session_->grant(what, {thread_, ctrl(), current_sender()}))
        return problem;
      return caf::unit;
    },
    [this](const read_msg&) -> caf::result<data_message> {
      session_->read(promise<data_message>());
      return caf::delegated<data_message>{};
    },
    [this](write_batch_msg& what) -> caf::result<void> {
      const auto& all = what.batch.messages;
      auto who = writer(all.empty() || all.back().last);
      session_->write(std::move(what.batch), who, promise<void>());
      return caf::delegated<void>{};
    },
    [this](dial_msg& what) -> caf::result<handshake_response> {
      session_->dial(std::move(what.request), std::move(what.options),
                     promise<handshake_response>());
      return caf::delegated<handshake_response>{};
    },
    [this](const ping_msg& what) -> caf::result<timespan> {
      session_->ping(what.data, promise<timespan>());
      return caf::delegated<timespan>{};
    },
    [this](close_msg& what) -> caf::result<void> {
      session_->close(std::move(what.details), promise<void>());
      return caf::delegated<void>{};
    },
    [this](const wait_closed_msg&) -> caf::result<close_details> {
      session_->wait_closed(promise<close_details>());
      return caf::delegated<close_details>{};
    },
  };
}

caf::actor_addr connection::writer(bool whole) {
  // Nearly always; and a name for it costs each message something.
  if (whole && !session_->in_message())
    return {};
  auto result = caf::actor_cast<caf::actor_addr>(current_sender());
  if (whole || !result || result == watched_)
    return result;
  // Only a message that it leaves without an end makes its death matter.
  if (watched_)
    demonitor(watched_);
  watched_ = result;
  monitor(result);
  return result;
}

void connection::ending(const caf::error&) {
  if (auto ended = std::exchange(session_, nullptr)) {
    // The last handle may be dropped on any thread, or by an answer that the session is giving.
    if (thread_.owned_by_caller() && !ended->busy())
      ended->abandon();
    else
      asio::post(thread_.context(), [ended] { ended->abandon(); });
  }
}

} // namespace wsengine::io
