// stream.cpp: messages in one direction: `flood`, `tls_flood`, `sink`.

#include "common/meter.hpp"
#include "common/result.hpp"
#include "common/scenarios.hpp"
#include "websocketpp_client/endpoint.hpp"

#include <cstddef>
#include <cstdint>

namespace wsengine::bench {

namespace {

// What the library may queue before the socket gets a turn.
constexpr std::size_t most_buffered = 64U << 10U;

template <class Config>
meter receive(const arguments& args) {
  meter span;
  std::uint64_t received = 0;
  endpoint<Config> client{args};
  client.set_message_handler([&](wspp::connection_hdl, auto&&) {
    ++received;
    if (received == 1)
      span.start();
    if (received == args.n)
      span.stop();
  });
  client.dial();
  // Ends when the server has closed.
  client.run();
  return span;
}

class sender {
public:
  explicit sender(const arguments& args) : args_(args), message_(args.size, 'x'), client_(args) {
    client_.set_open_handler([this](wspp::connection_hdl who) {
      to_ = client_.get_con_from_hdl(who);
      span_.start();
      send();
    });
    client_.set_message_handler([this](wspp::connection_hdl, auto&&) {
      span_.stop();
      client_.stop();
    });
  }

  const meter& run() {
    client_.dial();
    client_.run();
    return span_;
  }

private:
  // The library does not say when a message is gone, so ask between turns of the thread.
  void send() {
    while (sent_ < args_.n && to_->get_buffered_amount() < most_buffered) {
      to_->send(message_, wspp::frame::opcode::binary);
      ++sent_;
    }
    if (sent_ < args_.n)
      client_.get_io_service().post([this] { send(); });
  }

  const arguments& args_;
  std::string message_;
  endpoint<plain_config> client_;
  endpoint<plain_config>::connection_ptr to_;
  std::uint64_t sent_ = 0;
  meter span_;
};

} // namespace

void run_flood(const arguments& args) {
  auto span = args.tls() ? receive<tls_config>(args) : receive<plain_config>(args);
  result line{"websocketpp", args};
  // The clock starts with the first message.
  line.set_rate(static_cast<double>(args.n - 1), span);
  line.print(span);
}

void run_sink(const arguments& args) {
  auto span = sender{args}.run();
  result line{"websocketpp", args};
  line.set_rate(static_cast<double>(args.n), span);
  line.print(span);
}

} // namespace wsengine::bench
