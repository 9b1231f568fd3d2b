// sink.cpp: the client sends as fast as it can: a window of writes waits for its answers. The
// client `actor` sends one by one, the others hand over half a window at a time.

#include "common/scenarios.hpp"
#include "wsengine_client/spawn.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace wsengine::bench {

namespace {

// Enough to keep the connection busy while answers are on their way.
constexpr std::uint64_t most_outstanding = 512;

// What may wait, so that the connection's queue never refuses.
constexpr std::uint64_t most_outstanding_bytes = 8U << 20U;

class sender {
public:
  explicit sender(const arguments& args)
    : n_(args.n),
      gathers_(args.client != "actor"),
      window_(std::clamp<std::uint64_t>(
        most_outstanding_bytes / std::max<std::uint64_t>(args.size, 1), 1, most_outstanding)),
      message_(binary(std::string(args.size, 'x'))) {}

  template <class Link>
  void opened(Link with) {
    span_.start();
    for (auto half : {window_ / 2, window_ - window_ / 2})
      send(with.self, with.which.connection, half);
  }

  // The server has all messages.
  template <class Link>
  void received(Link with, const payload&) {
    span_.stop();
    complete_ = true;
    with.exit();
  }

  template <class Link>
  void closed(Link with) {
    with.exit();
  }

  [[nodiscard]] bool complete() const { return complete_; }

  const meter& span() const { return span_; }

private:
  template <class Self>
  void send(Self* self, const connection_actor& to, std::uint64_t count) {
    count = std::min(count, n_ - sent_);
    sent_ += count;
    if (gathers_ && count > 0)
      return request(self, to,
                     write_batch_msg{message_batch{std::vector<data_message>(count, message_)}},
                     count);
    for (; count > 0; --count)
      request(self, to, write_msg{message_.kind, message_.data}, 1);
  }

  template <class Self, class Message>
  void request(Self* self, const connection_actor& to, Message what, std::uint64_t count) {
    self->request(to, caf::infinite, std::move(what))
      .then([this, self, to, count] { answered(self, to, count); },
            [](const caf::error& x) { fail(x); });
  }

  // Refills the window when half of it is free.
  template <class Self>
  void answered(Self* self, const connection_actor& to, std::uint64_t count) {
    answered_ += count;
    if (answered_ >= window_ / 2)
      send(self, to, std::exchange(answered_, 0));
  }

  std::uint64_t n_;
  bool gathers_;
  std::uint64_t window_;
  data_message message_;
  std::uint64_t sent_ = 0;
  std::uint64_t answered_ = 0;
  bool complete_ = false;
  meter span_;
};

} // namespace

void run_sink(const arguments& args) {
  sender game{args};
  environment env{args};
  run_session(env, game);
  auto line = env.begin_line();
  line.set_rate(static_cast<double>(args.n), game.span());
  line.print(game.span());
}

} // namespace wsengine::bench
