// rtt.cpp: one message at a time goes there and back: `rtt`, `tls_rtt`, `large`.

#include "common/meter.hpp"
#include "common/result.hpp"
#include "common/scenarios.hpp"
#include "raw_beast/player.hpp"

namespace wsengine::bench {

namespace {

// One session, N messages.
class single_game {
public:
  single_game(network& net, std::uint64_t n) : net_(net), n_(n) { latencies_.reserve(n); }

  template <class Player>
  void opened(Player& who) {
    span_.start();
    sent_at_ = clock::now();
    who.play();
  }

  bool returned() {
    auto now = clock::now();
    latencies_.add(now - sent_at_);
    sent_at_ = now;
    if (latencies_.size() < n_)
      return true;
    span_.stop();
    net_.io.stop();
    return false;
  }

  const meter& span() const { return span_; }
  samples& latencies() { return latencies_; }

private:
  network& net_;
  std::uint64_t n_;
  meter span_;
  samples latencies_;
  clock::time_point sent_at_;
};

template <class Stream>
void play(network& net, const arguments& args, single_game& game) {
  std::string message(args.size, 'x');
  player<Stream, single_game> only{net, args, message, game};
  only.start();
  net.io.run();
}

} // namespace

void run_rtt(const arguments& args) {
  network net;
  single_game game{net, args.n};
  if (args.tls())
    play<secure_stream>(net, args, game);
  else
    play<plain_stream>(net, args, game);
  result line{"raw_beast", args};
  line.set_percentiles(game.latencies());
  line.set_rate(static_cast<double>(args.n), game.span());
  line.print(game.span());
}

void run_large(const arguments& args) {
  network net;
  single_game game{net, args.n};
  play<plain_stream>(net, args, game);
  result line{"raw_beast", args};
  line.set_volume(args, game.span());
  line.print(game.span());
}

} // namespace wsengine::bench
