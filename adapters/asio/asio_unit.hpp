// asio_unit.hpp: an I/O thread: an io_context that also runs actors.

#pragma once

#include "buffer_pool.hpp"
#include "census.hpp"
#include "delayed_messages.hpp"
#include "flushable.hpp"
#include "net.hpp"
#include "tls_context.hpp"

#include "wsengine/hosted.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace wsengine::io {

/// One I/O thread. Actors that are bound to it are resumed between socket events.
class asio_unit final : public io_unit {
public:
  /// Starts the thread.
  asio_unit(caf::actor_system& system, census& actors);

  asio_unit(const asio_unit&) = delete;
  asio_unit& operator=(const asio_unit&) = delete;

  ~asio_unit() override;

  /// Ends the thread and waits for it. Actors that are told to run later are ended instead.
  void finish();

  [[nodiscard]] asio::io_context& context() noexcept { return context_; }

  /// The TLS contexts of this thread's connections; for use on the thread only.
  [[nodiscard]] tls_contexts& tls() noexcept { return tls_; }

  /// The large buffers of this thread's connections; for use on the thread only.
  [[nodiscard]] buffer_pool& buffers() noexcept { return buffers_; }

  /// A second thread to look names up on, beside the context's own; for use on the thread only.
  [[nodiscard]] asio::thread_pool& lookups();

  /// Flushes `what` at the end of this turn. To be asked for once until that happens.
  void flush_later(flushable& what);

  /// Does not flush `what`, which is about to be destroyed.
  void forget_flush(flushable& what);

  /// Whether the caller may touch what belongs to the thread: it is the thread, or that has ended.
  [[nodiscard]] bool owned_by_caller() const noexcept;

  bool others_wait() const noexcept override { return !ready_.empty(); }
  void exec_later(caf::resumable* what) override;
  void hosted_actor_started(caf::actor_control_block* who) noexcept override;
  void hosted_actor_terminated(caf::actor_control_block* who) noexcept override;
  void adopt_engine(const caf::actor& engine) override;
  void send_later(timespan delay, caf::weak_actor_ptr to, caf::message what) override;

  /// The time of one completion handler: at its end, the actors that it woke run at once, without
  /// another round through the io_context, and then what they have to send goes out.
  class turn {
  public:
    explicit turn(asio_unit& unit) noexcept : unit_(unit) { ++unit_.turns_; }

    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

    ~turn() {
      if (unit_.turns_ == 1)
        unit_.end_turn();
      --unit_.turns_;
    }

  private:
    asio_unit& unit_;
  };

private:
  void run();
  void end_turn();
  void run_ready();
  void flush();
  void resume(caf::resumable* what);
  void ask_for_turn();
  void take_incoming();
  void release_all();

  census& actors_;
  // Before the context: handlers that it destroys may be the last to hold a session.
  buffer_pool buffers_;
  // Who asked for a flush, and the memory of those whose turn it is.
  std::vector<flushable*> to_flush_;
  std::vector<flushable*> flushing_;
  asio::io_context context_{1};
  asio::executor_work_guard<executor> work_;
  tls_contexts tls_;
  delayed_messages delayed_{context_};
  // Made when the first name is looked up.
  std::unique_ptr<asio::thread_pool> lookups_;

  // Of the thread alone: the actors that wait to run, how deep in turns it is, and whether a
  // handler is posted that makes one.
  std::deque<caf::resumable*> ready_;
  std::size_t turns_ = 0;
  bool asked_ = false;

  // What other threads put in.
  std::mutex mutex_;
  std::vector<caf::resumable*> incoming_;
  bool stopped_ = false;

  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

} // namespace wsengine::io
