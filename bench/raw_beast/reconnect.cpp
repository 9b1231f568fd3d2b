// reconnect.cpp: the server drops the connection after the first message, the client comes back.

#include "common/meter.hpp"
#include "common/result.hpp"
#include "common/scenarios.hpp"
#include "raw_beast/network.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace wsengine::bench {

namespace {

class returner {
public:
  returner(network& net, const arguments& args) : net_(net), args_(args), message_(args.size, 'x') {
    latencies_.reserve(args.n);
  }

  void connect() {
    stream_.emplace(make_stream<plain_stream>(net_));
    dial(*stream_, args_, [this] { opened(); });
  }

  const meter& span() const { return span_; }
  samples& latencies() { return latencies_; }

private:
  void opened() {
    if (!dropped_at_)
      span_.start();
    else
      latencies_.add(clock::now() - *dropped_at_);
    if (latencies_.size() == args_.n) {
      span_.stop();
      return net_.io.stop();
    }
    writing_ = true;
    stream_->async_write(asio::buffer(message_), [this](const error_code&, std::size_t) {
      writing_ = false;
      reconnect();
    });
    stream_->async_read(buffer_, [this](const error_code&, std::size_t) {
      dropped_at_ = clock::now();
      reading_ = false;
      reconnect();
    });
    reading_ = true;
  }

  // The stream may go once both operations are done with it.
  void reconnect() {
    if (!writing_ && !reading_)
      connect();
  }

  network& net_;
  const arguments& args_;
  std::string message_;
  std::optional<plain_stream> stream_;
  beast::flat_buffer buffer_;
  bool writing_ = false;
  bool reading_ = false;
  std::optional<clock::time_point> dropped_at_;
  meter span_;
  samples latencies_;
};

} // namespace

void run_reconnect(const arguments& args) {
  network net;
  returner only{net, args};
  only.connect();
  net.io.run();
  result line{"raw_beast", args};
  line.set_percentiles(only.latencies());
  line.print(only.span());
}

} // namespace wsengine::bench
