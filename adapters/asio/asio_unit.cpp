// asio_unit.cpp: see asio_unit.hpp.

#include "asio_unit.hpp"

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace wsengine::io {

namespace {

// The unit whose thread this is.
thread_local const asio_unit* current_unit = nullptr;

// How many messages an actor may take before the next one runs, and how many actors run before the
// sockets are looked at: so that neither side starves the other.
constexpr std::size_t messages_per_actor = 64;
constexpr std::size_t actors_per_turn = 64;
constexpr std::size_t flushes_per_turn = 16;

} // namespace

// -- life -----------------------------------------------------------------------------------------

asio_unit::asio_unit(caf::actor_system& system, census& actors)
  : io_unit(&system),
    actors_(actors),
    work_(context_.get_executor()) {
  thread_ = std::thread{[this] { run(); }};
}

asio_unit::~asio_unit() {
  finish();
}

void asio_unit::run() {
  compat::thread_started(system());
  current_unit = this;
  context_.run();
  current_unit = nullptr;
  system().thread_terminates();
}

void asio_unit::finish() {
  if (!thread_.joinable())
    return;
  work_.reset();
  context_.stop();
  thread_.join();
  {
    std::lock_guard guard{mutex_};
    stopped_ = true;
  }
  ended_ = true;
  release_all();
}

void asio_unit::release_all() {
  // Nobody adds any more: `exec_later` ends actors by itself now.
  auto left = std::move(incoming_);
  left.insert(left.end(), ready_.begin(), ready_.end());
  ready_.clear();
  for (auto* what : left)
    compat::end_and_release(what);
  for (auto* what : std::exchange(to_flush_, {}))
    if (what)
      what->forget();
}

bool asio_unit::owned_by_caller() const noexcept {
  return current_unit == this || ended_;
}

asio::thread_pool& asio_unit::lookups() {
  if (!lookups_)
    lookups_ = std::make_unique<asio::thread_pool>(1);
  return *lookups_;
}

// -- actors ---------------------------------------------------------------------------------------

void asio_unit::hosted_actor_started(caf::actor_control_block* who) noexcept {
  actors_.add(who);
}

void asio_unit::hosted_actor_terminated(caf::actor_control_block* who) noexcept {
  actors_.remove(who);
}

void asio_unit::adopt_engine(const caf::actor& engine) {
  actors_.mark_engine(caf::actor_cast<caf::actor_control_block*>(engine));
}

void asio_unit::send_later(timespan delay, caf::weak_actor_ptr to, caf::message what) {
  delayed_.add(delay, std::move(to), std::move(what));
}

void asio_unit::exec_later(caf::resumable* what) {
  // Actors of ours pass this unit on when they wake an actor of the scheduler.
  if (what->subtype() != caf::resumable::io_actor)
    return compat::schedule(system(), what);
  if (current_unit == this) {
    ready_.push_back(what);
    if (turns_ == 0)
      ask_for_turn();
    return;
  }
  std::unique_lock guard{mutex_};
  if (stopped_) {
    guard.unlock();
    return compat::end_and_release(what);
  }
  incoming_.push_back(what);
  if (incoming_.size() == 1)
    asio::post(context_, [this] { take_incoming(); });
}

void asio_unit::take_incoming() {
  turn scope{*this};
  std::lock_guard guard{mutex_};
  ready_.insert(ready_.end(), incoming_.begin(), incoming_.end());
  incoming_.clear();
}

void asio_unit::ask_for_turn() {
  if (std::exchange(asked_, true))
    return;
  asio::post(context_, [this] {
    asked_ = false;
    turn scope{*this};
  });
}

void asio_unit::end_turn() {
  // What was sent may be answered, and what is answered may have more to send.
  for (std::size_t n = 0; n < flushes_per_turn && (!ready_.empty() || !to_flush_.empty()); ++n) {
    run_ready();
    flush();
  }
  if (!ready_.empty() || !to_flush_.empty())
    ask_for_turn();
}

void asio_unit::run_ready() {
  for (std::size_t n = 0; n < actors_per_turn && !ready_.empty(); ++n) {
    auto* what = ready_.front();
    ready_.pop_front();
    resume(what);
  }
}

// -- flushing -------------------------------------------------------------------------------------

void asio_unit::flush_later(flushable& what) {
  to_flush_.push_back(&what);
  if (turns_ == 0)
    ask_for_turn();
}

void asio_unit::forget_flush(flushable& what) {
  std::replace(to_flush_.begin(), to_flush_.end(), &what, static_cast<flushable*>(nullptr));
  std::replace(flushing_.begin(), flushing_.end(), &what, static_cast<flushable*>(nullptr));
}

void asio_unit::flush() {
  flushing_.swap(to_flush_);
  // By index: one may be forgotten while another is flushed.
  for (std::size_t i = 0; i < flushing_.size(); ++i)
    if (auto* what = flushing_[i])
      what->flush_now();
  flushing_.clear();
}

void asio_unit::resume(caf::resumable* what) {
  switch (what->resume(this, messages_per_actor)) {
    case caf::resumable::resume_later: ready_.push_back(what); break;
    case caf::resumable::shutdown_execution_unit:
      // Such helpers are not counted.
      break;
    default: caf::intrusive_ptr_release(what);
  }
}

} // namespace wsengine::io
