// sending_fixture.hpp: an engine that is asked to send, and what its peers got.

#pragma once

#include "deterministic/supervised_fixture.hpp"

#include "wsengine/sending.hpp"

#include <memory>
#include <string>

struct sending_fixture : supervised_fixture {
  using sent = std::shared_ptr<asked<send_receipt>>;

  sent send(const std::string& content, send_policy policy = send_policy::keep,
            timespan expire_after = timespan{0}, bool resend_unknown = false) {
    return ask<send_receipt>(
      engine, send_msg{message_kind::text, content, policy, expire_after, resend_unknown});
  }

  auto subscribe(const std::string& name, const std::string& content) {
    return ask<caf::unit_t>(engine, subscribe_msg{{name, text(content)}});
  }

  auto unsubscribe(const std::string& name, optional<data_message> farewell = {}) {
    return ask<caf::unit_t>(engine, unsubscribe_msg{name, std::move(farewell)});
  }

  /// What the peer of a connection got.
  strings got(std::size_t index) {
    strings result;
    for (const auto& x : network.record(index).written)
      result.emplace_back(x.data.text());
    return result;
  }

  /// Loses the session and opens the next one.
  void reconnect() {
    peer(script{}.drop());
    CAF_REQUIRE_EQUAL(state(), engine_state::backoff);
    pass(1s);
    CAF_REQUIRE_EQUAL(state(), engine_state::running);
  }
};
