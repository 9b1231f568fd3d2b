// rtt.cpp: one message at a time goes there and back: `rtt`, `tls_rtt`, `large`.

#include "common/scenarios.hpp"
#include "wsengine_client/spawn.hpp"

#include <string>

namespace wsengine::bench {

namespace {

class ping_pong {
public:
  explicit ping_pong(const arguments& args)
    : n_(args.n),
      message_(binary(std::string(args.size, 'x'))) {
    latencies_.reserve(args.n);
  }

  template <class Link>
  void opened(Link with) {
    span_.start();
    sent_at_ = clock::now();
    with.post(message_);
  }

  template <class Link>
  void received(Link with, const payload&) {
    auto now = clock::now();
    latencies_.add(now - sent_at_);
    sent_at_ = now;
    if (latencies_.size() < n_)
      return with.post(message_);
    span_.stop();
    with.exit();
  }

  template <class Link>
  void closed(Link with) {
    with.exit();
  }

  [[nodiscard]] bool complete() const { return latencies_.size() == n_; }

  const meter& span() const { return span_; }
  samples& latencies() { return latencies_; }

private:
  std::uint64_t n_;
  data_message message_;
  meter span_;
  samples latencies_;
  clock::time_point sent_at_;
};

} // namespace

void run_rtt(const arguments& args) {
  ping_pong game{args};
  environment env{args};
  run_session(env, game);
  auto line = env.begin_line();
  line.set_percentiles(game.latencies());
  line.set_rate(static_cast<double>(args.n), game.span());
  line.print(game.span());
}

void run_large(const arguments& args) {
  ping_pong game{args};
  environment env{args};
  run_session(env, game);
  auto line = env.begin_line();
  line.set_volume(args, game.span());
  line.print(game.span());
}

} // namespace wsengine::bench
