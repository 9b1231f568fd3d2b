// stream.cpp: messages in one direction: `flood`, `tls_flood`, `sink`.

#include "common/meter.hpp"
#include "common/result.hpp"
#include "common/scenarios.hpp"
#include "libwebsockets_client/client.hpp"

#include <cstdint>
#include <stdexcept>

namespace wsengine::bench {

namespace {

class receiver : public lws_client {
public:
  using lws_client::lws_client;

  const meter& play() {
    dial();
    run();
    if (received_ < args().n)
      throw std::runtime_error("the session ended too early");
    return span_;
  }

private:
  void opened(lws*) override {}

  void received(lws*) override {
    ++received_;
    if (received_ == 1)
      span_.start();
    if (received_ == args().n)
      span_.stop();
  }

  std::uint64_t received_ = 0;
  meter span_;
};

class sender : public lws_client {
public:
  explicit sender(const arguments& args) : lws_client(args), message_(args.size) {}

  const meter& play() {
    dial();
    run();
    if (!done_)
      throw std::runtime_error("the session ended too early");
    return span_;
  }

private:
  void opened(lws* who) override {
    span_.start();
    lws_callback_on_writable(who);
  }

  // The server has all messages.
  void received(lws*) override {
    span_.stop();
    done_ = true;
    stop();
  }

  // The library takes one message each time.
  void writable(lws* who) override {
    if (!message_.write(who))
      return stop();
    if (++sent_ < args().n)
      lws_callback_on_writable(who);
  }

  lws_message message_;
  std::uint64_t sent_ = 0;
  bool done_ = false;
  meter span_;
};

} // namespace

void run_flood(const arguments& args) {
  receiver game{args};
  auto span = game.play();
  result line{"libwebsockets", args};
  // The clock starts with the first message.
  line.set_rate(static_cast<double>(args.n - 1), span);
  line.print(span);
}

void run_sink(const arguments& args) {
  sender game{args};
  auto span = game.play();
  result line{"libwebsockets", args};
  line.set_rate(static_cast<double>(args.n), span);
  line.print(span);
}

} // namespace wsengine::bench
