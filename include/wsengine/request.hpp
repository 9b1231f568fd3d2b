// request.hpp: requests to the server: send a message and get the one that answers it.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/error.hpp"
#include "wsengine/message.hpp"
#include "wsengine/session.hpp"

#include <caf/error.hpp>

#include <functional>
#include <string>
#include <utility>

namespace wsengine {

// -- keys -----------------------------------------------------------------------------------------

/// Finds the key of an incoming message: of the request that it answers, or nothing when it answers
/// none. Called on the engine's thread; must not block. An exception counts as no key.
using key_function = std::function<optional<std::string>(const data_message&)>;

// -- requests -------------------------------------------------------------------------------------

/// Sends a message to the server of an engine's session, whichever is open, and returns what CAF's
/// `request` returns: add `.then` with a function for the `data_message` that answers it, and one
/// for the error. `self` may be any actor on any node; `timeout` counts where the engine is.
template <class Self>
auto request(Self* self, const engine_actor& engine, data_message message, std::string key,
             timespan timeout) {
  return self->request(engine, caf::infinite,
                       request_msg{std::move(message), std::move(key), timeout, nothing});
}

/// The same in that session only; when it is over, the error is `request_errc::session_lost`.
template <class Self>
auto request(Self* self, const session& which, data_message message, std::string key,
             timespan timeout) {
  return self->request(engine_of(which), caf::infinite,
                       request_msg{std::move(message), std::move(key), timeout, which.id});
}

// -- errors ---------------------------------------------------------------------------------------

/// Makes the error of a request whose session has ended. The text names the session and the cause.
[[nodiscard]] caf::error make_lost_error(session_id id, const std::string& cause);

/// The session that has ended, for `request_errc::session_lost`.
[[nodiscard]] optional<session_id> lost_session_of(const caf::error& what);

} // namespace wsengine
