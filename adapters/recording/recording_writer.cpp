// recording_writer.cpp: see recording_writer.hpp.

#include "recording_writer.hpp"

#include <utility>

namespace wsengine {

namespace {

std::size_t size_of(const recorded_event& what) {
  return what.message ? what.message->data.size() : 0;
}

} // namespace

recording_writer::recording_writer(caf::actor_clock& clock, std::ostream& to,
                                   recorder_options options)
  : clock_(clock),
    to_(to),
    options_(options) {
  to_ << recording_header() << '\n' << std::flush;
  thread_ = std::thread{[this] { run(); }};
}

recording_writer::~recording_writer() {
  finish();
}

std::size_t recording_writer::next_connection() {
  std::lock_guard guard{mutex_};
  return ++connections_;
}

bool recording_writer::is_full(std::size_t size) const {
  return queue_.size() >= options_.queue_events
         || (bytes_ > 0 && bytes_ + size > options_.queue_bytes);
}

void recording_writer::put(recorded_event what) {
  std::lock_guard guard{mutex_};
  if (finished_)
    return;
  auto now = clock_.now();
  if (!start_)
    start_ = now;
  what.at = now - *start_;
  auto size = size_of(what);
  if (is_full(size)) {
    ++lost_;
    return;
  }
  tell_lost();
  bytes_ += size;
  queue_.push_back(std::move(what));
  changed_.notify_all();
}

void recording_writer::tell_lost() {
  auto lost = std::exchange(lost_, 0);
  if (lost == 0)
    return;
  recorded_event gap;
  gap.at = clock_.now() - *start_;
  gap.what = "lost";
  gap.info = std::to_string(lost);
  queue_.push_back(std::move(gap));
}

void recording_writer::put(const char* what, std::string name, std::string info) {
  recorded_event event;
  event.what = what;
  event.name = std::move(name);
  event.info = std::move(info);
  put(std::move(event));
}

void recording_writer::flush() {
  std::unique_lock guard{mutex_};
  changed_.wait(guard, [this] { return queue_.empty() && !writing_; });
}

void recording_writer::finish() {
  {
    std::lock_guard guard{mutex_};
    if (std::exchange(finished_, true))
      return;
    tell_lost();
    changed_.notify_all();
  }
  thread_.join();
}

void recording_writer::run() {
  std::unique_lock guard{mutex_};
  for (;;) {
    changed_.wait(guard, [this] { return finished_ || !queue_.empty(); });
    if (queue_.empty())
      return;
    // What is being written still counts as waiting: the bound is for all that is held.
    auto batch = std::exchange(queue_, {});
    auto size = bytes_;
    writing_ = true;
    guard.unlock();
    for (const auto& x : batch)
      to_ << to_line(x) << '\n';
    // What matters most is what happened just before a crash.
    to_ << std::flush;
    batch.clear();
    guard.lock();
    bytes_ -= size;
    writing_ = false;
    changed_.notify_all();
  }
}

} // namespace wsengine
