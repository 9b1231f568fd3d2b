// main.cpp: uses something of each component, from outside: a session over real sockets, recorded
// and drawn, a virtual one, a key of JSON, and options of nodes.

#include "wsengine/all.hpp"
#include "wsengine/cluster/transport.hpp"
#include "wsengine/otlp.hpp"
#include "wsengine/recording.hpp"
#include "wsengine/testing/fixture.hpp"
#include "wsengine/testing/socket_world.hpp"
#ifdef HAS_WEBSOCKETPP
#include "wsengine/websocketpp.hpp"
#endif

#include <iostream>
#include <memory>
#include <sstream>

namespace {

using wsengine::text;

/// testing
void play_in_virtual_time() {
  wsengine::testing::fixture test;
  test.open();
  test.server.sends(text("x"));
  test.expect_message("x");
}

/// testing_sockets, beast, asio
void play_over_sockets() {
  wsengine::testing::socket_world test;
  test.open();
  test.server.sends(text("x"));
  test.expect_message("x");
}

/// recording
bool record() {
  wsengine::config cfg;
  caf::actor_system system{cfg};
  std::ostringstream file;
  {
    wsengine::recorder log{system, file};
    log.note("stop");
  }
  return !file.str().empty();
}

/// otlp
bool trace() {
  std::ostringstream file;
  {
    auto sink = std::make_shared<wsengine::otlp_file>(file);
    auto traces = wsengine::make_tracer({}, sink);
    auto work = traces->begin("work");
  }
  return !file.str().empty();
}

/// json, cluster
bool look_at_the_rest() {
  auto key = wsengine::json_key("/id")(text(R"({"id": 7})"));
  wsengine::cluster::transport_options transport;
  transport.plain = true;
  return key && *key == "7" && wsengine::cluster::validate(transport).empty();
}

/// websocketpp
bool make_connectors() {
  wsengine::config cfg;
  caf::actor_system system{cfg};
  wsengine::host io{system};
#ifdef HAS_WEBSOCKETPP
  if (!wsengine::websocketpp_connector(io).spawn)
    return false;
#endif
  return static_cast<bool>(wsengine::beast_connector(io).spawn);
}

} // namespace

int main() {
  try {
    play_in_virtual_time();
    play_over_sockets();
  } catch (const wsengine::testing::failed_expectation& x) {
    std::cerr << x.what() << '\n';
    return 1;
  }
  if (!record() || !trace() || !look_at_the_rest() || !make_connectors())
    return 1;
  std::cout << "all components\n";
  return 0;
}
