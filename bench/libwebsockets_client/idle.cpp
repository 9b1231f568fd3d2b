// idle.cpp: many sessions that do nothing but answer pings: how fast they open, what they weigh.

#include "common/idle.hpp"

#include "common/scenarios.hpp"
#include "libwebsockets_client/client.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace wsengine::bench {

namespace {

class sleepers : public lws_client {
public:
  using lws_client::lws_client;

  void play() {
    idle_report report;
    result line{"libwebsockets", args()};
    dialed_ = std::min<std::uint64_t>(args().n, dials_at_once);
    for (auto i = dialed_; i > 0; --i)
      dial();
    run();
    if (open_ < args().n)
      throw std::runtime_error("a session ended too early");
    report.finish(line, args());
    line.print(report.span());
  }

private:
  void opened(lws*) override {
    if (++open_ == args().n)
      return stop();
    if (dialed_ < args().n) {
      ++dialed_;
      dial();
    }
  }

  void received(lws*) override {}

  std::uint64_t dialed_ = 0;
  std::uint64_t open_ = 0;
};

} // namespace

void run_idle(const arguments& args) {
  sleepers game{args};
  game.play();
}

} // namespace wsengine::bench
