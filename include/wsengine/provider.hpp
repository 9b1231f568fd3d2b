// provider.hpp: who is asked before every attempt where to connect and with what credentials.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/handshake.hpp"

#include <caf/expected.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <functional>

namespace wsengine {

/// Asks for the request of the next attempt. An engine with several URLs asks for each.
struct provide_msg {
  /// What the engine would ask for; the answer may be a changed copy.
  handshake_request request;
  /// How many attempts have failed since a session was last open.
  std::uint32_t failures = 0;
  /// Whether the engine had a session before.
  bool restarting = false;
  /// Why the last attempt failed or the last session ended; no error at the first attempt. The
  /// status in `response_of` says whether the server took offence at the credentials.
  caf::error last_error;
};

WSENGINE_INSPECT(provide_msg, request, failures, restarting, last_error)

/// A provider as an actor, for credentials that take time to get. `engine_timeouts::open` bounds
/// its time, too. An error as the answer fails the attempt with `engine_errc::provider_failed`.
using provider_actor = caf::typed_actor<answers<provide_msg, handshake_request>>;

/// A provider as a function. It runs on the engine's thread and must not block. An error or an
/// exception fails the attempt with `engine_errc::provider_failed`.
using provider_function = std::function<caf::expected<handshake_request>(const provide_msg&)>;

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(67, wsengine::provide_msg)
WSENGINE_MESSAGE_TYPE(68, wsengine::provider_actor)
