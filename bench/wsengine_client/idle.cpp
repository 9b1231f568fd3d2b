// idle.cpp: many sessions that do nothing but answer pings: how fast they open, what they weigh.

#include "common/scenarios.hpp"
#include "wsengine_client/crowd.hpp"

#include <atomic>
#include <latch>

namespace wsengine::bench {

namespace {

class sleepers {
public:
  void run(environment& env) {
    crowd<sleepers> all{env, *this};
    all_ = &all;
    idle_report report;
    left_ = env.args().n;
    all.start();
    all_open_.wait();
    auto line = env.begin_line();
    report.finish(line, env.args());
    line.print(report.span());
  }

  template <class Link>
  void opened(Link) {
    if (--left_ == 0)
      all_open_.count_down();
    else
      all_->open_next();
  }

  template <class Link>
  void received(Link, const payload&) {}

  template <class Link>
  void closed(Link with) {
    with.exit();
  }

private:
  crowd<sleepers>* all_ = nullptr;
  std::atomic<std::uint64_t> left_ = 0;
  std::latch all_open_{1};
};

} // namespace

void run_idle(const arguments& args) {
  sleepers game;
  environment env{args};
  game.run(env);
}

} // namespace wsengine::bench
