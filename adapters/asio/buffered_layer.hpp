// buffered_layer.hpp: the layer between a library's WebSocket stream and the transport: reads much
// at once, sends much at once, and never lets a synchronous operation wait.

#pragma once

#include "asio_unit.hpp"
#include "flushable.hpp"
#include "incoming.hpp"
#include "layer_user.hpp"
#include "layers.hpp"
#include "outgoing.hpp"
#include "refusal.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/throw_exception.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace wsengine::io {

/// A stream in the sense of Asio. Its synchronous operations are Beast's way to decode what has
/// arrived and to encode what is to be sent: a write is appended to what goes out at the end of the
/// turn, all of it or nothing, so that a frame never cuts into another one; a read is only made
/// when `frame_scanner` says that it has all it needs.
template <class Transport>
class buffered_layer : public flushable {
public:
  using executor_type = executor;

  /// How much may be collected before whoever writes has to wait.
  static constexpr std::size_t high_mark = buffer_pool::block_size;

  template <class... Ts>
  buffered_layer(asio_unit& unit, layer_user& user, Ts&&... xs)
    : unit_(unit),
      user_(user),
      transport_(unit.context(), std::forward<Ts>(xs)...),
      in_(unit.buffers()),
      out_(unit.buffers()) {}

  buffered_layer(const buffered_layer&) = delete;
  buffered_layer& operator=(const buffered_layer&) = delete;

  ~buffered_layer() {
    if (flush_asked_)
      unit_.forget_flush(*this);
  }

  executor_type get_executor() noexcept { return unit_.context().get_executor(); }

  [[nodiscard]] Transport& transport() noexcept { return transport_; }

  [[nodiscard]] frame_scanner& frames() noexcept { return in_.frames(); }

  [[nodiscard]] const outgoing& out() const noexcept { return out_; }

  [[nodiscard]] buffer_pool& buffers() noexcept { return unit_.buffers(); }

  /// Whether something has arrived and was not read yet.
  [[nodiscard]] bool has_bytes() const noexcept { return !in_.empty(); }

  void max_header_size(std::size_t bytes) noexcept { in_.max_header_size(bytes); }

  void begin_frames(const std::optional<deflate_agreement>& agreed) { in_.begin_frames(agreed); }

  void discard_messages() { in_.discard_messages(); }

  /// What has come of the response to the opening handshake, while that is under way.
  [[nodiscard]] std::string_view response() const noexcept { return in_.response(); }

  // -- positions in what is sent ------------------------------------------------------------------

  /// How many bytes were ever appended.
  [[nodiscard]] std::uint64_t appended() const noexcept { return sent_ + out_.size(); }

  /// How many of them were taken by the transport.
  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }

  /// How many of them the transport may have taken; between this and `sent` nobody knows.
  [[nodiscard]] std::uint64_t handed() const noexcept { return sent_ + in_flight_; }

  // -- reading ------------------------------------------------------------------------------------

  /// How many bytes have ever arrived from the transport.
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }

  /// Waits until something has arrived. An operation of Beast's that waits as well goes first.
  void fill();

  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, error_code& ec) {
    ec = {};
    auto n = asio::buffer_copy(buffers, as_buffer(in_.take(asio::buffer_size(buffers))));
    in_.release();
    if (n == 0)
      ec = nothing_left();
    return n;
  }

  template <class Buffers>
  std::size_t read_some(const Buffers& buffers) {
    error_code ec;
    auto result = read_some(buffers, ec);
    if (ec)
      boost::throw_exception(boost::system::system_error{ec});
    return result;
  }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler);

  // -- writing ------------------------------------------------------------------------------------

  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, error_code& ec) {
    ec = out_error_;
    if (ec)
      return 0;
    auto before = out_.size();
    for (auto i = asio::buffer_sequence_begin(buffers); i != asio::buffer_sequence_end(buffers);
         ++i) {
      asio::const_buffer part{*i};
      out_.append({static_cast<const std::byte*>(part.data()), part.size()});
    }
    ask_for_flush();
    return out_.size() - before;
  }

  template <class Buffers>
  std::size_t write_some(const Buffers& buffers) {
    error_code ec;
    auto result = write_some(buffers, ec);
    if (ec)
      boost::throw_exception(boost::system::system_error{ec});
    return result;
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler);

  void flush_now() override {
    flush_asked_ = false;
    if (!sending_ && !out_.empty() && !out_error_)
      send();
    if (std::exchange(wait_asked_, false))
      start_filling();
  }

  void forget() override {
    writer_.reset();
    if (wait_asked_)
      reader_.reset();
  }

  // -- the end ------------------------------------------------------------------------------------

  /// Sends what is left, then tears the transport down.
  template <class Handler>
  void async_tear_down(Handler&& handler);

private:
  // An operation of Beast's that waits for bytes, or for room to write.
  class waiter {
  public:
    virtual ~waiter() = default;
    virtual void resume(buffered_layer& layer, error_code ec) = 0;
  };

  template <class Function>
  class waiter_for final : public waiter {
  public:
    explicit waiter_for(Function f) : f_(std::move(f)) {}

    void resume(buffered_layer& layer, error_code ec) override { f_(layer, ec); }

  private:
    Function f_;
  };

  template <class Function>
  static std::unique_ptr<waiter> make_waiter(Function f) {
    return std::make_unique<waiter_for<Function>>(std::move(f));
  }

  // What a completion handler of the transport holds: the layer, and the turn that it begins. When
  // the handler is destroyed without a call, for the I/O thread has ended, the operation of Beast's
  // that waits for it is destroyed, too: that holds the layer as well.
  class pending {
  public:
    pending(buffered_layer& layer, std::unique_ptr<waiter>& waits)
      : keep_(layer.user_.hold()),
        unit_(layer.unit_),
        waits_(&waits) {}

    pending(pending&& other) noexcept
      : keep_(std::move(other.keep_)),
        unit_(other.unit_),
        waits_(std::exchange(other.waits_, nullptr)) {}

    pending& operator=(pending&&) = delete;

    ~pending() {
      if (waits_)
        waits_->reset();
    }

    [[nodiscard]] asio_unit::turn called() noexcept {
      waits_ = nullptr;
      return asio_unit::turn{unit_};
    }

  private:
    std::shared_ptr<void> keep_;
    asio_unit& unit_;
    std::unique_ptr<waiter>* waits_;
  };

  // A TLS record carries up to 16 KiB. While nothing large comes, this is enough.
  static constexpr std::size_t tls_resting_size = 2048;
  static constexpr std::size_t tls_record_size = (16U << 10U) + 64;

  static asio::const_buffer as_buffer(std::span<const std::byte> bytes) noexcept {
    return {bytes.data(), bytes.size()};
  }

  // Whether what follows must not get to Beast.
  [[nodiscard]] bool faulty() noexcept { return frames().fault() != read_fault::none; }

  // How a read ends that finds nothing: it should not have been made, or there is a fault.
  [[nodiscard]] error_code nothing_left() {
    if (frames().fault() == read_fault::header_too_large)
      return header_too_large();
    return faulty() ? asio::error::operation_aborted : asio::error::would_block;
  }

  static bool is_not_ready(error_code ec) noexcept {
    return ec == asio::error::would_block || ec == asio::error::try_again;
  }

  void start_filling();
  void wait_readable();
  void receive();
  void filled(error_code ec);
  void send();
  void wait_writable();
  void was_sent(error_code ec, std::size_t n);
  void ask_for_flush();
  void resume_writer();

  asio_unit& unit_;
  layer_user& user_;
  Transport transport_;

  incoming in_;
  bool filling_ = false;
  // How much the last read from the transport brought.
  std::size_t last_filled_ = 0;
  std::uint64_t received_ = 0;
  std::unique_ptr<waiter> reader_;

  outgoing out_;
  bool flush_asked_ = false;
  // Whether a flush begins to wait for something to read.
  bool wait_asked_ = false;
  // Whether an operation of the transport is sending or waits for room, and what it may have taken.
  bool sending_ = false;
  std::size_t in_flight_ = 0;
  std::uint64_t sent_ = 0;
  error_code out_error_;
  std::unique_ptr<waiter> writer_;
  // The writer goes on when no more than this is left.
  std::size_t writer_mark_ = 0;
};

// -- reading --------------------------------------------------------------------------------------

template <class Transport>
void buffered_layer<Transport>::fill() {
  if (std::exchange(filling_, true))
    return;
  if constexpr (Transport::is_readiness_based) {
    // There is more, most likely; but others have their turn first.
    if (last_filled_ == buffer_pool::block_size)
      return asio::post(unit_.context(), [this, held = pending{*this, reader_}]() mutable {
        auto turn = held.called();
        receive();
      });
  }
  // An answer to what has just come goes out first: to look for more costs a system call.
  wait_asked_ = true;
  ask_for_flush();
}

template <class Transport>
void buffered_layer<Transport>::start_filling() {
  if constexpr (Transport::is_readiness_based) {
    wait_readable();
  } else {
    auto space =
      in_.own_space(last_filled_ < tls_resting_size ? tls_resting_size : tls_record_size);
    transport_.stream().async_read_some(
      asio::buffer(space.data(), space.size()),
      [this, held = pending{*this, reader_}](error_code ec, std::size_t n) mutable {
        auto turn = held.called();
        last_filled_ = n;
        received_ += n;
        in_.commit(n);
        filled(ec);
      });
  }
}

template <class Transport>
void buffered_layer<Transport>::wait_readable() {
  transport_.socket().async_wait(tcp_socket::wait_read,
                                 [this, held = pending{*this, reader_}](error_code ec) mutable {
                                   auto turn = held.called();
                                   if (ec)
                                     return filled(ec);
                                   receive();
                                 });
}

template <class Transport>
void buffered_layer<Transport>::receive() {
  auto space = in_.pooled_space();
  error_code ec;
  last_filled_ = transport_.socket().read_some(asio::buffer(space.data(), space.size()), ec);
  received_ += last_filled_;
  in_.commit(last_filled_);
  if (is_not_ready(ec)) {
    in_.release();
    return wait_readable();
  }
  filled(ec);
}

template <class Transport>
void buffered_layer<Transport>::filled(error_code ec) {
  filling_ = false;
  if (!reader_)
    return user_.on_filled(ec);
  // What has come may be a part of something compressed.
  if (!ec && in_.empty() && !faulty())
    return fill();
  auto waiting = std::move(reader_);
  waiting->resume(*this, ec);
}

template <class Transport>
template <class Buffers, class Handler>
void buffered_layer<Transport>::async_read_some(const Buffers& buffers, Handler&& handler) {
  auto take = [buffers](buffered_layer& layer, error_code& ec) {
    return ec ? 0 : layer.read_some(buffers, ec);
  };
  if (!in_.empty() || faulty() || asio::buffer_size(buffers) == 0) {
    error_code ec;
    auto n = asio::buffer_size(buffers) == 0 ? 0 : take(*this, ec);
    asio::post(get_executor(),
               [handler = std::forward<Handler>(handler), ec, n]() mutable { handler(ec, n); });
    return;
  }
  reader_ = make_waiter(
    [take, handler = std::forward<Handler>(handler)](buffered_layer& layer, error_code ec) mutable {
      auto n = take(layer, ec);
      handler(ec, n);
    });
  fill();
}

// -- writing --------------------------------------------------------------------------------------

template <class Transport>
void buffered_layer<Transport>::ask_for_flush() {
  if (!std::exchange(flush_asked_, true))
    unit_.flush_later(*this);
}

template <class Transport>
template <class Buffers, class Handler>
void buffered_layer<Transport>::async_write_some(const Buffers& buffers, Handler&& handler) {
  error_code ec;
  auto n = write_some(buffers, ec);
  if (ec || out_.size() <= high_mark) {
    asio::post(get_executor(),
               [handler = std::forward<Handler>(handler), ec, n]() mutable { handler(ec, n); });
    return;
  }
  writer_mark_ = high_mark;
  writer_ = make_waiter([n, handler = std::forward<Handler>(handler)](
                          buffered_layer&, error_code ec) mutable { handler(ec, ec ? 0 : n); });
}

template <class Transport>
void buffered_layer<Transport>::send() {
  if constexpr (Transport::is_readiness_based) {
    error_code ec;
    auto parts = out_.next();
    // For one buffer, as a rule, there is a cheaper system call.
    auto n = parts[1].size() == 0 ? transport_.socket().write_some(parts[0], ec)
                                  : transport_.socket().write_some(parts, ec);
    if (is_not_ready(ec))
      return wait_writable();
    was_sent(ec, n);
  } else {
    auto first = out_.next().front();
    sending_ = true;
    in_flight_ = first.size();
    transport_.stream().async_write_some(
      first, [this, held = pending{*this, writer_}](error_code ec, std::size_t n) mutable {
        auto turn = held.called();
        sending_ = false;
        in_flight_ = 0;
        was_sent(ec, n);
      });
  }
}

template <class Transport>
void buffered_layer<Transport>::wait_writable() {
  sending_ = true;
  transport_.socket().async_wait(tcp_socket::wait_write,
                                 [this, held = pending{*this, writer_}](error_code ec) mutable {
                                   auto turn = held.called();
                                   sending_ = false;
                                   if (ec)
                                     return was_sent(ec, 0);
                                   send();
                                 });
}

template <class Transport>
void buffered_layer<Transport>::was_sent(error_code ec, std::size_t n) {
  out_error_ = ec;
  out_.consume(n);
  sent_ += n;
  if (!ec && !out_.empty())
    ask_for_flush();
  if (writer_ && (ec || out_.size() <= writer_mark_))
    resume_writer();
  user_.on_sent(ec);
}

template <class Transport>
void buffered_layer<Transport>::resume_writer() {
  // Later, for Beast may be in the middle of something.
  asio::post(unit_.context(), [this, keep = user_.hold(), waiting = std::move(writer_)]() mutable {
    asio_unit::turn turn{unit_};
    auto ready = std::move(waiting);
    ready->resume(*this, out_error_);
  });
}

// -- the end --------------------------------------------------------------------------------------

template <class Transport>
template <class Handler>
void buffered_layer<Transport>::async_tear_down(Handler&& handler) {
  user_.on_teardown();
  auto steps = [this, drained = false](auto& self, error_code ec = {}) mutable {
    if (std::exchange(drained, true))
      return self.complete(ec);
    if (out_.empty() || out_error_)
      return tear_down(transport_, std::move(self));
    writer_mark_ = 0;
    writer_ = make_waiter([self = std::move(self)](buffered_layer& layer, error_code) mutable {
      tear_down(layer.transport(), std::move(self));
    });
  };
  asio::async_compose<Handler, void(error_code)>(std::move(steps), handler, transport_.socket());
}

} // namespace wsengine::io
