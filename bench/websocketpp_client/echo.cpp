// echo.cpp: one message at a time goes there and back: `rtt`, `tls_rtt`, `large`.

#include "common/meter.hpp"
#include "common/result.hpp"
#include "common/scenarios.hpp"
#include "websocketpp_client/endpoint.hpp"

namespace wsengine::bench {

namespace {

struct outcome {
  meter span;
  samples latencies;
};

template <class Config>
outcome play(const arguments& args) {
  outcome result;
  result.latencies.reserve(args.n);
  std::string message(args.size, 'x');
  clock::time_point sent_at;
  endpoint<Config> client{args};
  auto send = [&](wspp::connection_hdl to) {
    client.send(to, message, wspp::frame::opcode::binary);
  };
  client.set_open_handler([&](wspp::connection_hdl who) {
    result.span.start();
    sent_at = clock::now();
    send(who);
  });
  client.set_message_handler([&](wspp::connection_hdl who, auto&&) {
    auto now = clock::now();
    result.latencies.add(now - sent_at);
    sent_at = now;
    if (result.latencies.size() < args.n)
      return send(who);
    result.span.stop();
    client.stop();
  });
  client.dial();
  client.run();
  return result;
}

} // namespace

void run_rtt(const arguments& args) {
  auto outcome = args.tls() ? play<tls_config>(args) : play<plain_config>(args);
  result line{"websocketpp", args};
  line.set_percentiles(outcome.latencies);
  line.set_rate(static_cast<double>(args.n), outcome.span);
  line.print(outcome.span);
}

void run_large(const arguments& args) {
  auto outcome = play<plain_config>(args);
  result line{"websocketpp", args};
  line.set_volume(args, outcome.span);
  line.print(outcome.span);
}

} // namespace wsengine::bench
