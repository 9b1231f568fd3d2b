// pings.cpp: see pings.hpp.

#include "pings.hpp"

#include "wsengine/error.hpp"

#include <algorithm>
#include <utility>

namespace wsengine::io {

void pings::add(payload data, reply<timespan> to) {
  queued_.push({std::move(data), std::move(to), {}, false});
}

void pings::add_own() {
  if (std::any_of(queued_.begin(), queued_.end(), [](const entry& x) { return x.own; }))
    return;
  queued_.push({payload{"wsengine " + std::to_string(++own_count_)}, {}, {}, true});
}

std::string_view pings::start(clock::time_point now) {
  auto next = queued_.pop();
  next.sent_at = now;
  // The pong of this one settles what the one before it would have: do not collect them while the
  // peer is silent.
  if (next.own && !awaited_.empty() && awaited_.back().own)
    awaited_.drop_back();
  awaited_.push(std::move(next));
  return awaited_.back().data.text();
}

std::optional<timespan> pings::pong(std::string_view data, clock::time_point now) {
  auto match = std::find_if(awaited_.begin(), awaited_.end(),
                            [&](const entry& x) { return x.data.text() == data; });
  if (match == awaited_.end())
    return std::nullopt;
  auto result = std::chrono::duration_cast<timespan>(now - match->sent_at);
  for (auto n = match - awaited_.begin() + 1; n > 0; --n) {
    auto settled = awaited_.pop();
    settled.to.ok(std::chrono::duration_cast<timespan>(now - settled.sent_at));
  }
  return result;
}

void pings::fail_all(const std::string& text) {
  while (!awaited_.empty())
    awaited_.pop().to.fail(make_error(connection_errc::ping_failed, text));
  while (!queued_.empty())
    queued_.pop().to.fail(make_error(connection_errc::ping_failed, text));
}

} // namespace wsengine::io
