// request.cpp: see wsengine/request.hpp.

#include "wsengine/request.hpp"

#include "error_session.hpp"

namespace wsengine {

caf::error make_lost_error(session_id id, const std::string& cause) {
  auto text = "session " + to_string(id) + " has ended: " + cause;
  return caf::make_error(request_errc::session_lost, std::move(text), id);
}

optional<session_id> lost_session_of(const caf::error& what) {
  if (!is(what, request_errc::session_lost))
    return nothing;
  return session_in_context(what);
}

} // namespace wsengine
