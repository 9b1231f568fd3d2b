// otlp_file.cpp: the queue between those who trace and a file, and the thread that writes; see
// wsengine/otlp.hpp.

#include "wsengine/otlp.hpp"

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

namespace wsengine {

/// A disk may take its time: whoever has a span takes a lock for as long as a vector grows.
class otlp_file::writer {
public:
  writer(std::ostream& to, otlp_file_options options) : to_(to), options_(std::move(options)) {
    options_.batch_spans = std::max<std::size_t>(options_.batch_spans, 1);
    thread_ = std::thread{[this] { run(); }};
  }

  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;

  ~writer() {
    {
      std::lock_guard guard{mutex_};
      finished_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

  void put(span what) {
    std::lock_guard guard{mutex_};
    // What is being written still counts: the bound is for all that is held.
    if (queue_.size() + writing_ >= options_.queue_spans) {
      ++dropped_;
      return;
    }
    queue_.push_back(std::move(what));
    // The first makes the writer look at the clock, a full line makes it write.
    if (queue_.size() == 1 || queue_.size() == options_.batch_spans)
      changed_.notify_all();
  }

  void flush() {
    std::unique_lock guard{mutex_};
    ++flushing_;
    changed_.notify_all();
    changed_.wait(guard, [this] { return queue_.empty() && writing_ == 0; });
    --flushing_;
  }

  [[nodiscard]] std::uint64_t dropped() const {
    std::lock_guard guard{mutex_};
    return dropped_;
  }

private:
  [[nodiscard]] bool is_due() const {
    return finished_ || flushing_ > 0 || queue_.size() >= options_.batch_spans;
  }

  void run() {
    std::unique_lock guard{mutex_};
    for (;;) {
      changed_.wait(guard, [this] { return finished_ || !queue_.empty(); });
      if (queue_.empty())
        return;
      changed_.wait_for(guard, options_.batch_time, [this] { return is_due(); });
      auto batch = std::exchange(queue_, {});
      writing_ = batch.size();
      guard.unlock();
      write(std::move(batch));
      guard.lock();
      writing_ = 0;
      changed_.notify_all();
    }
  }

  void write(std::vector<span> all) {
    std::vector<span> line;
    for (auto i = all.begin(); i != all.end();) {
      auto left = static_cast<std::size_t>(all.end() - i);
      auto end = i + static_cast<std::ptrdiff_t>(std::min(left, options_.batch_spans));
      line.assign(std::make_move_iterator(i), std::make_move_iterator(end));
      to_ << to_otlp_line(line, options_) << '\n' << std::flush;
      i = end;
    }
  }

  std::ostream& to_;
  otlp_file_options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<span> queue_;
  std::size_t writing_ = 0;
  std::size_t flushing_ = 0;
  std::uint64_t dropped_ = 0;
  bool finished_ = false;
  std::thread thread_;
};

otlp_file::otlp_file(std::ostream& to, otlp_file_options options)
  : writer_(std::make_unique<writer>(to, std::move(options))) {}

otlp_file::~otlp_file() = default;

void otlp_file::write(span what) {
  writer_->put(std::move(what));
}

void otlp_file::flush() {
  writer_->flush();
}

std::uint64_t otlp_file::dropped() const {
  return writer_->dropped();
}

} // namespace wsengine
