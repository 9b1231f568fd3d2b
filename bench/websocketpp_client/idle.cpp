// idle.cpp: many sessions that do nothing but answer pings: how fast they open, what they weigh.

#include "common/idle.hpp"

#include "common/scenarios.hpp"
#include "websocketpp_client/endpoint.hpp"

#include <algorithm>
#include <cstdint>

namespace wsengine::bench {

void run_idle(const arguments& args) {
  endpoint<plain_config> client{args};
  idle_report report;
  result line{"websocketpp", args};
  std::uint64_t dialed = std::min<std::uint64_t>(args.n, dials_at_once);
  std::uint64_t open = 0;
  client.set_open_handler([&](wspp::connection_hdl) {
    if (++open == args.n) {
      report.finish(line, args);
      client.stop();
    } else if (dialed < args.n) {
      ++dialed;
      client.dial();
    }
  });
  for (auto i = dialed; i > 0; --i)
    client.dial();
  client.run();
  line.print(report.span());
}

} // namespace wsengine::bench
