// link.hpp: what a scenario may do with its session, whatever kind of client carries it.

#pragma once

#include "wsengine/session.hpp"

#include <utility>

namespace wsengine::bench {

/// Valid during a callback. `Self` is the actor that runs it.
template <class Self>
struct link {
  Self* self;
  const session& which;

  void post(data_message what) const { wsengine::post(which, std::move(what)); }

  void exit() const { wsengine::exit(which); }
};

} // namespace wsengine::bench
