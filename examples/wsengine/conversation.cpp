// conversation.cpp: see conversation.hpp.

#include "conversation.hpp"

#include <utility>

namespace wsengine::cli {

void conversation::opened(const session& which) {
  std::lock_guard guard{mutex_};
  session_ = which;
  attempted_ = true;
  changed_.notify_all();
}

void conversation::closed() {
  std::lock_guard guard{mutex_};
  session_.reset();
}

void conversation::closed(session_id which) {
  std::lock_guard guard{mutex_};
  if (session_ && session_->id == which)
    session_.reset();
}

void conversation::attempt_failed() {
  std::lock_guard guard{mutex_};
  attempted_ = true;
  changed_.notify_all();
}

std::optional<session> conversation::current() const {
  std::lock_guard guard{mutex_};
  return session_;
}

std::optional<session> conversation::wait_for_session() {
  std::unique_lock guard{mutex_};
  changed_.wait(guard, [this] { return ended_ || session_; });
  return ended_ ? std::nullopt : session_;
}

bool conversation::wait_for_first_attempt() {
  std::unique_lock guard{mutex_};
  changed_.wait(guard, [this] { return ended_ || attempted_; });
  return !ended_;
}

bool conversation::wish(farewell what) {
  std::lock_guard guard{mutex_};
  if (farewell_)
    return false;
  farewell_ = std::move(what);
  return true;
}

std::optional<farewell> conversation::wished() const {
  std::lock_guard guard{mutex_};
  return farewell_;
}

void conversation::end() {
  std::lock_guard guard{mutex_};
  ended_ = true;
  // Sessions hold actors; nothing may keep those when the actor system ends.
  session_.reset();
  changed_.notify_all();
  end_.signal();
}

void conversation::wait_for_end(timespan longest) {
  std::unique_lock guard{mutex_};
  changed_.wait_for(guard, longest, [this] { return ended_; });
}

bool conversation::ended() const {
  std::lock_guard guard{mutex_};
  return ended_;
}

} // namespace wsengine::cli
