// node_lease.cpp: see node_lease.hpp.

#include "cluster/rules/node_lease.hpp"

#include <algorithm>

namespace wsengine::rules {

namespace {

lease_terms::duration scaled(lease_terms::duration by, double factor) noexcept {
  return lease_terms::duration{
    static_cast<lease_terms::duration::rep>(static_cast<double>(by.count()) * factor)};
}

} // namespace

// -- the node -------------------------------------------------------------------------------------

// On a clock that is slow by `drift`, so much time is over when `length` is over on the other.
lease_tenant::lease_tenant(const lease_terms& terms) noexcept
  : usable_(scaled(terms.length, 1 - terms.drift)) {}

void lease_tenant::granted(time_point asked, std::uint64_t epoch) noexcept {
  if (epoch < epoch_)
    return;
  auto until = asked + usable_;
  until_ = epoch > epoch_ ? until : std::max(until_, until);
  epoch_ = epoch;
}

bool lease_tenant::holds(time_point now) const noexcept {
  return now < until_;
}

// -- the other side -------------------------------------------------------------------------------

std::uint64_t lease_landlord::grant(time_point now) noexcept {
  if (is_free(now))
    ++epoch_;
  // One nanosecond more, for what rounding took.
  auto fencing = scaled(terms_.fencing, 1 / (1 - terms_.drift)) + lease_terms::duration{1};
  free_at_ = now + terms_.length + fencing;
  return epoch_;
}

} // namespace wsengine::rules
