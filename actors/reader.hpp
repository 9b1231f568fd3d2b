// reader.hpp: the actor that asks a session's connection for messages and hands them to handlers.

#pragma once

#include "internal_messages.hpp"
#include "request_desk.hpp"
#include "rules/credit.hpp"
#include "rules/dispatch.hpp"

#include "wsengine/connection_actor.hpp"
#include "wsengine/hosted.hpp"
#include "wsengine/observer.hpp"
#include "wsengine/session.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace wsengine::internal {

/// Reads a session: gives the connection credit, as much as keeps what waits here within bounds,
/// and hands what comes to the handlers, save for what answers a request. Is the session's
/// `signals` actor: it ends with the reason of any exit message, which its link carries to the
/// engine.
class reader : public hosted<caf::event_based_actor> {
public:
  /// Hands out at most `batch_size` messages at once. Twice as many may wait here, or one more than
  /// those that have `max_bytes`.
  reader(caf::actor_config& cfg, caf::actor engine, session_id id, connection_actor connection,
         std::uint32_t batch_size, std::uint64_t max_bytes, rules::dispatch queue,
         request_terms requests);

  const char* name() const override { return "wsengine.reader"; }

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  // Something that messages are handed to.
  struct worker {
    caf::actor handler;
    // What it works on, and how much that was; null while it is idle.
    std::shared_ptr<work_list> list;
    rules::load load;
    // Whether it runs on our thread.
    bool lives_here = false;
  };

  [[nodiscard]] bool is_worker(const caf::strong_actor_ptr& who) const noexcept;
  void hand_out();
  void distribute();
  void tell_held();
  void hand_to(std::size_t index);
  bool report();
  void collect_finished();
  void finished(std::size_t index);
  [[nodiscard]] bool must_hear() const noexcept;
  bool ask_to_be_told();
  void worker_done(const work_done& what);
  void grant_credit();
  void take_in(message_batch& batch);
  void reading_failed(caf::error cause);
  void report_read_error();
  void report_end();
  void take_back();
  caf::result<message_batch> hold(const hold_reading& how);
  void release(release_reading& what);
  void end_hold();
  void withdraw();
  void withdrawn();
  void hold_done();
  void use(std::vector<caf::actor> handlers);
  [[nodiscard]] bool all_idle() const noexcept;

  // -- requests (reader_requests.cpp) --
  caf::result<data_message> take_request(make_request& what);
  [[nodiscard]] bool requests_wait() const noexcept { return requests_ && requests_->waits(); }
  void read_for_requests();
  void watch_deadlines();
  void deadline_due(const alarm_due& what);

  caf::actor engine_;
  session_id id_;
  connection_actor connection_;
  std::uint32_t batch_size_;
  rules::credit credit_;
  rules::dispatch queue_;
  std::vector<worker> workers_;
  // Whether the engine knows that they are needed.
  bool wanted_ = false;
  bool held_ = true;
  bool withdrawing_ = false;
  // Whether a read has failed since, so that only a grant that was on its way can stand.
  bool in_doubt_ = false;
  caf::response_promise hold_promise_;
  // Set by an error that did not close the session, until on_read_error is done.
  caf::error read_error_;
  bool reporting_ = false;
  // Set when there is nothing more to read.
  optional<close_details> end_;
  bool end_reported_ = false;

  request_terms request_terms_;
  // Whether the message that was read last is a part, and more of it follows.
  bool in_message_ = false;
  // Null until there is a request.
  std::unique_ptr<request_desk> requests_;
  // Whether credit was granted only for the sake of requests.
  bool reading_for_requests_ = false;

  // What an observer was told of.
  volume told_;
};

} // namespace wsengine::internal
