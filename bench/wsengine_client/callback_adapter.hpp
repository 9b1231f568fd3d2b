// callback_adapter.hpp: a scenario as a class with callbacks.

#pragma once

#include "wsengine_client/environment.hpp"
#include "wsengine_client/link.hpp"

#include "wsengine/callbacks.hpp"

namespace wsengine::bench {

/// A `Scenario` has `opened(link)`, `received(link, payload)` and `closed(link)`.
template <class Scenario>
class callback_adapter : public callbacks {
public:
  explicit callback_adapter(Scenario& scenario) : scenario_(scenario) {}

  caf::result<void> on_open(session_context& context, const handshake_response&, bool) override {
    scenario_.opened(link_of(context));
    return caf::unit;
  }

  void on_message(session_context& context, message_kind, const payload& data) override {
    scenario_.received(link_of(context), data);
  }

  close_details on_close(session_context& context, const optional<close_details>&) override {
    scenario_.closed(link_of(context));
    return {};
  }

  void on_restart_error(session_context&, const caf::error& cause, std::uint32_t,
                        optional<timespan>) override {
    fail(cause);
  }

private:
  static auto link_of(const session_context& context) {
    return link<caf::event_based_actor>{context.self(), context.which()};
  }

  Scenario& scenario_;
};

} // namespace wsengine::bench
