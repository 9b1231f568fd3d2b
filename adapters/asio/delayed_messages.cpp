// delayed_messages.cpp: see delayed_messages.hpp.

#include "delayed_messages.hpp"

#include <caf/actor_cast.hpp>
#include <caf/message_id.hpp>

#include <utility>

namespace wsengine::io {

void delayed_messages::add(timespan delay, caf::weak_actor_ptr to, caf::message what) {
  auto now = clock::now();
  // A delay may be as good as for ever.
  auto due = delay < clock::time_point::max() - now ? now + delay : clock::time_point::max();
  auto place = waiting_.emplace(due, entry{std::move(to), std::move(what)});
  if (place == waiting_.begin())
    wait();
}

void delayed_messages::wait() {
  timer_.expires_at(waiting_.begin()->first);
  timer_.async_wait([this](error_code ec) {
    if (!ec)
      send_due();
  });
}

void delayed_messages::send_due() {
  auto now = clock::now();
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    auto next = std::move(waiting_.extract(waiting_.begin()).mapped());
    if (auto to = caf::actor_cast<caf::strong_actor_ptr>(next.to))
      compat::enqueue(to, nullptr, std::move(next.what));
  }
  if (!waiting_.empty())
    wait();
}

} // namespace wsengine::io
