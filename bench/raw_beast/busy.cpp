// busy.cpp: many sessions with one message each on its way: what a message costs among many.

#include "common/idle.hpp"
#include "common/meter.hpp"
#include "common/result.hpp"
#include "common/scenarios.hpp"
#include "raw_beast/player.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wsengine::bench {

namespace {

class shared_game {
public:
  using player_type = player<plain_stream, shared_game>;

  shared_game(network& net, const arguments& args) : net_(net), args_(args) {}

  // Opens the next session of those that are not open yet.
  void open_next() {
    if (players_.size() < args_.n)
      players_.emplace_back(std::make_unique<player_type>(net_, args_, message_, *this))->start();
  }

  void opened(player_type&) {
    if (++open_ < args_.n)
      return open_next();
    span_.start();
    for (auto& each : players_)
      each->play();
  }

  bool returned() {
    if (++returned_ == args_.messages) {
      span_.stop();
      net_.io.stop();
    }
    return returned_ < args_.messages;
  }

  const meter& span() const { return span_; }

private:
  network& net_;
  const arguments& args_;
  std::string message_ = std::string(args_.size, 'x');
  std::vector<std::unique_ptr<player_type>> players_;
  std::uint64_t open_ = 0;
  std::uint64_t returned_ = 0;
  meter span_;
};

} // namespace

void run_busy(const arguments& args) {
  network net;
  shared_game game{net, args};
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(args.n, dials_at_once); ++i)
    game.open_next();
  net.io.run();
  result line{"raw_beast", args};
  line.set("messages", args.messages);
  line.set_rate(static_cast<double>(args.messages), game.span());
  line.print(game.span());
}

} // namespace wsengine::bench
