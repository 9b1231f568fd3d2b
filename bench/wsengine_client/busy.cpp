// busy.cpp: many sessions with one message each on its way: what a message costs among many.

#include "common/scenarios.hpp"
#include "wsengine_client/crowd.hpp"

#include <atomic>
#include <latch>
#include <string>
#include <vector>

namespace wsengine::bench {

namespace {

class players {
public:
  explicit players(const arguments& args)
    : args_(args),
      message_(binary(std::string(args.size, 'x'))),
      sessions_(args.n),
      left_(args.n) {}

  void run(environment& env) {
    crowd<players> all{env, *this};
    all_ = &all;
    all.start();
    done_.wait();
    auto line = env.begin_line();
    line.set("messages", args_.messages);
    line.set_rate(static_cast<double>(args_.messages), span_);
    line.print(span_);
    // Handles must not outlive the actor system.
    sessions_.clear();
  }

  template <class Link>
  void opened(Link with) {
    sessions_[open_++] = with.which;
    if (--left_ > 0)
      return all_->open_next();
    span_.start();
    for (const auto& each : sessions_)
      post(each, message_);
  }

  template <class Link>
  void received(Link with, const payload&) {
    auto count = ++returned_;
    if (count < args_.messages)
      return with.post(message_);
    if (count > args_.messages)
      return;
    span_.stop();
    done_.count_down();
  }

  template <class Link>
  void closed(Link with) {
    with.exit();
  }

private:
  const arguments& args_;
  data_message message_;
  crowd<players>* all_ = nullptr;
  std::vector<session> sessions_;
  std::atomic<std::size_t> open_ = 0;
  std::atomic<std::uint64_t> left_;
  std::atomic<std::uint64_t> returned_ = 0;
  std::latch done_{1};
  meter span_;
};

} // namespace

void run_busy(const arguments& args) {
  players game{args};
  environment env{args};
  game.run(env);
}

} // namespace wsengine::bench
