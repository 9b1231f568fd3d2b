// request.cpp: see wsengine/request.hpp.

#include "wsengine/request.hpp"

namespace wsengine {

caf::error make_lost_error(session_id id, const std::string& cause) {
  auto text = "session " + to_string(id) + " has ended: " + cause;
  return caf::make_error(request_errc::session_lost, std::move(text), id);
}

optional<session_id> lost_session_of(const caf::error& what) {
  const auto& context = what.context();
  if (!is(what, request_errc::session_lost) || context.size() < 2
      || !context.match_element<session_id>(1))
    return caf::none;
  return context.get_as<session_id>(1);
}

} // namespace wsengine
