// connector.cpp: makes the connections of an engine.

#include "asio_unit.hpp"
#include "connection.hpp"

#include "wsengine/beast.hpp"

#include <functional>

namespace wsengine {

connector beast_connector(host& io) {
  // A host has no units of another class.
  auto& unit = static_cast<io::asio_unit&>(io.next_unit());
  auto spawn = [&unit](caf::local_actor& engine) {
    return spawn_hosted<io::connection>(engine.system(), &unit, std::ref(unit));
  };
  return {&unit, spawn};
}

} // namespace wsengine
