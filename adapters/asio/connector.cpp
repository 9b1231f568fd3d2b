// connector.cpp: makes the connections of an engine.

#include "asio_unit.hpp"
#include "connection.hpp"
#include "protocol_library.hpp"

#include <functional>

namespace wsengine::io {

connector make_connector(host& io, const protocol_library& library) {
  // A host has no units of another class.
  auto& unit = static_cast<asio_unit&>(io.next_unit());
  auto spawn = [&unit, &library](caf::local_actor& engine) {
    return spawn_hosted<connection>(engine.system(), &unit, std::ref(unit), std::cref(library),
                                    observation_of(engine));
  };
  return {&unit, spawn};
}

} // namespace wsengine::io
