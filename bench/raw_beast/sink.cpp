// sink.cpp: the client sends as fast as it can. Beast allows one write at a time.

#include "common/meter.hpp"
#include "common/result.hpp"
#include "common/scenarios.hpp"
#include "raw_beast/network.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace wsengine::bench {

namespace {

class sender {
public:
  sender(network& net, const arguments& args)
    : net_(net),
      stream_(make_stream<plain_stream>(net)),
      args_(args),
      message_(args.size, 'x') {}

  void start() {
    dial(stream_, args_, [this] {
      span_.start();
      wait_until_done();
      write();
    });
  }

  const meter& span() const { return span_; }

private:
  void write() {
    stream_.async_write(asio::buffer(message_), [this](const error_code& error, std::size_t) {
      check(error, "write");
      if (++sent_ < args_.n)
        write();
    });
  }

  // The server says so when it has all messages.
  void wait_until_done() {
    stream_.async_read(buffer_, [this](const error_code& error, std::size_t) {
      check(error, "read");
      span_.stop();
      net_.io.stop();
    });
  }

  network& net_;
  plain_stream stream_;
  const arguments& args_;
  std::string message_;
  beast::flat_buffer buffer_;
  std::uint64_t sent_ = 0;
  meter span_;
};

} // namespace

void run_sink(const arguments& args) {
  network net;
  sender only{net, args};
  only.start();
  net.io.run();
  result line{"raw_beast", args};
  line.set_rate(static_cast<double>(args.n), only.span());
  line.print(only.span());
}

} // namespace wsengine::bench
