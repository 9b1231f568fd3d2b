// reconnect.cpp: the server drops the connection after the first message, the engine comes back.

#include "common/scenarios.hpp"
#include "wsengine_client/spawn.hpp"

#include <string>

namespace wsengine::bench {

namespace {

class returner {
public:
  explicit returner(const arguments& args)
    : n_(args.n),
      message_(binary(std::string(args.size, 'x'))) {
    latencies_.reserve(args.n);
  }

  template <class Link>
  void opened(Link with) {
    if (dropped_)
      latencies_.add(clock::now() - dropped_at_);
    else
      span_.start();
    if (!complete())
      return with.post(message_);
    span_.stop();
    with.exit();
  }

  template <class Link>
  void received(Link, const payload&) {}

  template <class Link>
  void closed(Link) {
    dropped_ = true;
    dropped_at_ = clock::now();
  }

  [[nodiscard]] bool complete() const { return latencies_.size() == n_; }

  const meter& span() const { return span_; }
  samples& latencies() { return latencies_; }

private:
  std::uint64_t n_;
  data_message message_;
  meter span_;
  samples latencies_;
  bool dropped_ = false;
  clock::time_point dropped_at_;
};

} // namespace

void run_reconnect(const arguments& args) {
  returner game{args};
  environment env{args};
  run_session(env, game);
  auto line = env.begin_line();
  line.set_percentiles(game.latencies());
  line.print(game.span());
}

} // namespace wsengine::bench
