// turnstile.cpp: see turnstile.hpp.

#include "rules/turnstile.hpp"

#include <algorithm>
#include <iterator>

namespace wsengine::rules {

turnstile::turnstile(const reconnect_budget_options& budget, const circuit_options& circuit)
  : circuit_(circuit) {
  configure(budget, circuit);
}

void turnstile::configure(const reconnect_budget_options& budget, const circuit_options& circuit) {
  if (circuit.threshold > 0)
    circuit_.configure(circuit);
  if (budget.rate > 0 && bucket_)
    bucket_->configure(budget.rate, budget.burst);
  else if (budget.rate > 0)
    bucket_.emplace(budget.rate, budget.burst);
}

turnstile::ticket turnstile::join() {
  queue_.insert(++last_);
  return last_;
}

turnstile::verdict turnstile::ask(ticket who, time_point now) {
  using kind = verdict::kind;
  if (head() != who)
    return {kind::queue, {}, false};
  if (!circuit_.lets_through(now)) {
    // While one tries, how that goes decides; then the head is called.
    auto is_open = circuit_.state(now) == circuit_state::open;
    return is_open ? verdict{kind::wait, circuit_.open_until(), false}
                   : verdict{kind::queue, {}, false};
  }
  if (bucket_ && !bucket_->take(now))
    return {kind::wait, bucket_->when(now), false};
  leave(who);
  return {kind::go, {}, circuit_.begin(now)};
}

turnstile::time_point turnstile::expected(ticket who, time_point now) const {
  if (circuit_.state(now) == circuit_state::open)
    now = circuit_.open_until();
  if (!bucket_)
    return now;
  auto ahead = std::distance(queue_.begin(), queue_.lower_bound(who));
  return bucket_->when(now, static_cast<std::uint64_t>(ahead));
}

} // namespace wsengine::rules
