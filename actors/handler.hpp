// handler.hpp: the actors that run on_message, one callback in flight each.

#pragma once

#include "direct_line.hpp"
#include "internal_messages.hpp"

#include "wsengine/callbacks.hpp"
#include "wsengine/client_actor.hpp"
#include "wsengine/hosted.hpp"
#include "wsengine/observer.hpp"
#include "wsengine/tracing.hpp"

#include <caf/actor_clock.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace wsengine::internal {

/// When a callback began that is answered later.
struct running_callback {
  callback_kind which;
  caf::actor_clock::time_point began;
  // Null when it is not recorded.
  std::shared_ptr<active_span> span;
};

/// How a client actor gets messages: each by itself.
struct single_delivery {
  using client = client_actor;
  using request = on_message;

  /// Takes the next callback from the list; nothing when that has none left.
  static std::optional<on_message> next(session_id id, work_list& list);

  /// Begins its span; nothing when it is not recorded.
  static active_span trace(const observation& view, const on_message& what);
};

/// How a client actor gets messages: all that a list has at once.
struct batch_delivery {
  using client = batch_client_actor;
  using request = on_messages;

  /// Takes the next callback from the list; nothing when that has none left.
  static std::optional<on_messages> next(session_id id, work_list& list);

  /// Begins its span; nothing when it is not recorded.
  static active_span trace(const observation& view, const on_messages& what);
};

/// Delivers to a client actor: sends a request per callback and awaits its answer. An error as the
/// answer ends this actor with that error.
template <class Delivery>
class forwarding_handler : public hosted<caf::event_based_actor> {
public:
  using client = typename Delivery::client;

  forwarding_handler(caf::actor_config& cfg, session_id id, client to, observation view);

  const char* name() const override { return "wsengine.handler"; }

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  void deliver_next();
  void message_done(const caf::error& failure);
  void work_ended(bool interrupted);
  void callback_failed(const caf::error& cause);
  caf::result<void> report(const caf::error& cause);
  void end_report();
  void settled();

  session_id id_;
  client client_;
  direct_line<typename Delivery::request> line_;
  observation view_;
  // What is under way; its list is null for nothing.
  work work_;
  running_callback running_{callback_kind::on_message, {}, nullptr};
  // How answers to `on_message` are taken: one behavior for all of them.
  caf::behavior answered_;
  // Who gave it.
  caf::strong_actor_ptr reader_;
  std::vector<caf::response_promise> settle_promises_;
  // Who waits for on_read_error.
  caf::response_promise report_;
};

extern template class forwarding_handler<single_delivery>;
extern template class forwarding_handler<batch_delivery>;

/// Delivers to an object with callbacks by calling it. An exception ends this actor.
class callback_handler : public hosted<caf::event_based_actor> {
public:
  callback_handler(caf::actor_config& cfg, session which, std::shared_ptr<callbacks> client,
                   observation view);

  const char* name() const override { return "wsengine.handler"; }

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  void deliver(work& what);
  template <class Call>
  bool call_for_each(work_list& list, Call call);
  bool call_all(work_list& list);
  bool call_watched(work_list& list);

  session which_;
  std::shared_ptr<callbacks> client_;
  observation view_;
};

/// Turns an exception into the error of the actor that threw it, with the exception's text.
caf::error describe_exception(std::exception_ptr& what);

/// Whether a request failed because its receiver is gone.
bool receiver_is_gone(const caf::error& cause);

} // namespace wsengine::internal
