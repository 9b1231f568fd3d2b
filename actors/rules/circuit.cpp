// circuit.cpp: see circuit.hpp.

#include "rules/circuit.hpp"

#include <limits>

namespace wsengine::rules {

void circuit::succeeded() noexcept {
  failures_ = 0;
  broken_ = false;
  trying_ = false;
}

void circuit::failed(time_point now, bool is_trial) noexcept {
  if (failures_ < std::numeric_limits<std::uint32_t>::max())
    ++failures_;
  if (is_trial)
    trying_ = false;
  // Attempts that had begun before the circuit opened do not keep it open for longer.
  if (options_.threshold == 0 || failures_ < options_.threshold || (broken_ && !is_trial))
    return;
  broken_ = true;
  open_until_ = now + options_.open_time;
}

circuit_state circuit::state(time_point now) const noexcept {
  if (!broken_)
    return circuit_state::closed;
  return now < open_until_ ? circuit_state::open : circuit_state::half_open;
}

} // namespace wsengine::rules
