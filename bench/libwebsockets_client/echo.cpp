// echo.cpp: one message at a time goes there and back: `rtt`, `tls_rtt`, `large`.

#include "common/meter.hpp"
#include "common/result.hpp"
#include "common/scenarios.hpp"
#include "libwebsockets_client/client.hpp"

#include <stdexcept>

namespace wsengine::bench {

namespace {

class ping_pong : public lws_client {
public:
  explicit ping_pong(const arguments& args) : lws_client(args), message_(args.size) {
    latencies_.reserve(args.n);
  }

  void play() {
    dial();
    run();
    if (latencies_.size() < args().n)
      throw std::runtime_error("the session ended too early");
  }

  const meter& span() const { return span_; }
  samples& latencies() { return latencies_; }

private:
  void opened(lws* who) override {
    span_.start();
    sent_at_ = clock::now();
    lws_callback_on_writable(who);
  }

  void received(lws* who) override {
    auto now = clock::now();
    latencies_.add(now - sent_at_);
    sent_at_ = now;
    if (latencies_.size() < args().n) {
      lws_callback_on_writable(who);
      return;
    }
    span_.stop();
    stop();
  }

  void writable(lws* who) override {
    if (!message_.write(who))
      stop();
  }

  lws_message message_;
  meter span_;
  samples latencies_;
  clock::time_point sent_at_;
};

} // namespace

void run_rtt(const arguments& args) {
  ping_pong game{args};
  game.play();
  result line{"libwebsockets", args};
  line.set_percentiles(game.latencies());
  line.set_rate(static_cast<double>(args.n), game.span());
  line.print(game.span());
}

void run_large(const arguments& args) {
  ping_pong game{args};
  game.play();
  result line{"libwebsockets", args};
  line.set_volume(args, game.span());
  line.print(game.span());
}

} // namespace wsengine::bench
