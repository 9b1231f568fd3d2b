// flood.cpp: the server sends as fast as it can: `flood`, `tls_flood`.

#include "common/meter.hpp"
#include "common/result.hpp"
#include "common/scenarios.hpp"
#include "raw_beast/network.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <cstddef>
#include <cstdint>

namespace wsengine::bench {

namespace {

template <class Stream>
class receiver {
public:
  receiver(network& net, const arguments& args) : stream_(make_stream<Stream>(net)), args_(args) {}

  void start() {
    dial(stream_, args_, [this] { read(); });
  }

  const meter& span() const { return span_; }

private:
  void read() {
    stream_.async_read(buffer_, [this](const error_code& error, std::size_t size) {
      // The server closes when it has sent all; how that goes does not count.
      if (error && received_ == args_.n)
        return;
      check(error, "read");
      buffer_.consume(size);
      count();
      read();
    });
  }

  void count() {
    ++received_;
    if (received_ == 1)
      span_.start();
    if (received_ == args_.n)
      span_.stop();
  }

  Stream stream_;
  const arguments& args_;
  beast::flat_buffer buffer_;
  std::uint64_t received_ = 0;
  meter span_;
};

template <class Stream>
meter receive(const arguments& args) {
  network net;
  receiver<Stream> only{net, args};
  only.start();
  net.io.run();
  return only.span();
}

} // namespace

void run_flood(const arguments& args) {
  auto span = args.tls() ? receive<secure_stream>(args) : receive<plain_stream>(args);
  result line{"raw_beast", args};
  // The clock starts with the first message.
  line.set_rate(static_cast<double>(args.n - 1), span);
  line.print(span);
}

} // namespace wsengine::bench
