// adapter.cpp: see adapter.hpp.

#include "real/adapter.hpp"

#include "wsengine/beast.hpp"
#ifdef WSENGINE_HAS_WEBSOCKETPP
#include "wsengine/websocketpp.hpp"
#endif

#include <cstdlib>
#include <stdexcept>

namespace wsengine::tests {

std::string adapter_name() {
  const auto* name = std::getenv("WSENGINE_TEST_ADAPTER");
  return name && *name ? name : "beast";
}

bool adapter_compresses() {
  return adapter_name() == "beast";
}

connector adapter_connector(host& io) {
  auto name = adapter_name();
  if (name == "beast")
    return beast_connector(io);
#ifdef WSENGINE_HAS_WEBSOCKETPP
  if (name == "websocketpp")
    return websocketpp_connector(io);
#endif
  throw std::invalid_argument("there is no adapter " + name);
}

} // namespace wsengine::tests
