// eyeballs.cpp: see eyeballs.hpp.

#include "eyeballs.hpp"

namespace wsengine::io {

void eyeballs::resolved(family which, std::size_t count, time_point now) noexcept {
  of(which).known = true;
  of(which).count = count;
  // The first to come is IPv4: IPv6 gets a little time to show up.
  if (which == family::v4 && waits_for_v6())
    not_before_ = now + std::chrono::duration_cast<time_point::duration>(resolution_delay_);
}

void eyeballs::failed() noexcept {
  --under_way_;
  not_before_ = {};
}

bool eyeballs::has_more() const noexcept {
  return of(family::v6).has_more() || of(family::v4).has_more();
}

bool eyeballs::waits_for_v6() const noexcept {
  return !started_ && !of(family::v6).known;
}

std::optional<eyeballs::candidate> eyeballs::next(time_point now) noexcept {
  auto must_wait = under_way_ > 0 || waits_for_v6();
  if (!has_more() || (must_wait && now < not_before_))
    return std::nullopt;
  if (!of(turn_).has_more())
    turn_ = turn_ == family::v6 ? family::v4 : family::v6;
  candidate result{turn_, of(turn_).tried++};
  turn_ = turn_ == family::v6 ? family::v4 : family::v6;
  started_ = true;
  ++under_way_;
  not_before_ = now + std::chrono::duration_cast<time_point::duration>(stagger_);
  return result;
}

std::optional<eyeballs::time_point> eyeballs::wake() const noexcept {
  if (has_more() && (under_way_ > 0 || waits_for_v6()))
    return not_before_;
  return std::nullopt;
}

bool eyeballs::hopeless() const noexcept {
  return of(family::v6).known && of(family::v4).known && under_way_ == 0 && !has_more();
}

} // namespace wsengine::io
