// error_session.hpp: the session that an error is about, behind its text.

#pragma once

#include "wsengine/session.hpp"

#include <caf/error.hpp>

namespace wsengine {

/// The session id in the context of an error; nothing when it has none.
inline optional<session_id> session_in_context(const caf::error& what) {
  const auto& context = what.context();
  if (context.size() < 2 || !context.match_element<session_id>(1))
    return nothing;
  return context.get_as<session_id>(1);
}

} // namespace wsengine
