// flood.cpp: the server sends as fast as it can: `flood`, `tls_flood`.

#include "common/scenarios.hpp"
#include "wsengine_client/spawn.hpp"

namespace wsengine::bench {

namespace {

class receiver {
public:
  explicit receiver(const arguments& args) : n_(args.n) {}

  template <class Link>
  void opened(Link) {}

  template <class Link>
  void received(Link, const payload&) {
    ++received_;
    if (received_ == 1)
      span_.start();
    if (received_ == n_)
      span_.stop();
  }

  // The server closes when it has sent all; the engine must not come back for more.
  template <class Link>
  void closed(Link with) {
    with.exit();
  }

  [[nodiscard]] bool complete() const { return received_ == n_; }

  const meter& span() const { return span_; }

private:
  std::uint64_t n_;
  std::uint64_t received_ = 0;
  meter span_;
};

} // namespace

void run_flood(const arguments& args) {
  receiver game{args};
  environment env{args};
  run_session(env, game);
  auto line = env.begin_line();
  // The clock starts with the first message.
  line.set_rate(static_cast<double>(args.n - 1), game.span());
  line.print(game.span());
}

} // namespace wsengine::bench
