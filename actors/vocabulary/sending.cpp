// sending.cpp: see sending.hpp.

#include "wsengine/sending.hpp"

#include "error_session.hpp"

#include <utility>

namespace wsengine {

std::string to_string(send_policy policy) {
  switch (policy) {
    case send_policy::session: return "session";
    case send_policy::keep: return "keep";
    case send_policy::expire: return "expire";
  }
  return "send_policy(" + std::to_string(static_cast<unsigned>(policy)) + ")";
}

caf::error make_send_error(send_errc code, std::string text, session_id which) {
  if (which == session_id{})
    return make_error(code, std::move(text));
  return caf::make_error(code, std::move(text), which);
}

optional<session_id> session_of(const caf::error& what) {
  if (!what || !compat::belongs_to<send_errc>(what))
    return nothing;
  return session_in_context(what);
}

} // namespace wsengine
