// sending.hpp: what an engine remembers of what it was asked to send.

#pragma once

#include "rules/outbox.hpp"
#include "rules/restore_list.hpp"

#include "wsengine/options.hpp"

#include <caf/response_promise.hpp>

#include <cstdint>
#include <map>

namespace wsengine::internal {

/// The state of engine_sending.cpp.
struct sending {
  explicit sending(const engine_options& options)
    : outbox(options.outbox),
      restore(options.setup) {}

  rules::outbox outbox;
  rules::restore_list restore;
  /// Who waits for the fate of each message of the outbox.
  std::map<std::uint64_t, caf::response_promise> promises;
  std::uint64_t last_id = 0;
  /// The alarms that are set; zero when not.
  std::uint64_t expiry_alarm = 0;
  rules::outbox::time_point expiry{};
  std::uint64_t retry_alarm = 0;
};

} // namespace wsengine::internal
