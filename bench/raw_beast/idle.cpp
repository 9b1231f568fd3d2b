// idle.cpp: many sessions that do nothing but answer pings: how fast they open, what they weigh.

#include "common/idle.hpp"

#include "common/meter.hpp"
#include "common/scenarios.hpp"
#include "raw_beast/network.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace wsengine::bench {

namespace {

struct idle_session {
  explicit idle_session(network& net) : stream(make_stream<plain_stream>(net)) {}

  plain_stream stream;
  beast::flat_buffer buffer;
};

class crowd {
public:
  crowd(network& net, const arguments& args) : net_(net), args_(args) { sessions_.reserve(args.n); }

  void open_next() {
    if (sessions_.size() == args_.n)
      return;
    auto& added = *sessions_.emplace_back(std::make_unique<idle_session>(net_));
    dial(added.stream, args_, [this, &added] {
      // A read that waits is what answers pings.
      added.stream.async_read(added.buffer,
                              [](const error_code& error, std::size_t) { check(error, "read"); });
      if (++open_ == args_.n)
        net_.io.stop();
      else
        open_next();
    });
  }

private:
  network& net_;
  const arguments& args_;
  std::vector<std::unique_ptr<idle_session>> sessions_;
  std::size_t open_ = 0;
};

} // namespace

void run_idle(const arguments& args) {
  network net;
  idle_report report;
  crowd all{net, args};
  for (std::size_t i = 0; i < dials_at_once; ++i)
    all.open_next();
  net.io.run();
  result line{"raw_beast", args};
  report.finish(line, args);
  line.print(report.span());
}

} // namespace wsengine::bench
