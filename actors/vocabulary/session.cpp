// session.cpp: session ids, and what belongs to session.hpp and engine_actor.hpp.

#include "wsengine/session.hpp"

#include "wsengine/engine_actor.hpp"

#include <atomic>
#include <random>

namespace wsengine {

// -- session id -----------------------------------------------------------------------------------

std::string to_string(session_id id) {
  constexpr char digits[] = "0123456789abcdef";
  std::string result(16, '0');
  for (auto i = result.rbegin(); i != result.rend(); ++i, id.value >>= 4U)
    *i = digits[id.value & 0xFU];
  return result;
}

namespace {

/// Where this process starts to count, so that processes that work together do not collide.
std::uint64_t random_base() {
  std::random_device source;
  return (std::uint64_t{source()} << 32U) | source();
}

/// Makes neighbours look unlike each other. It is a bijection (the finaliser of SplitMix64), so
/// different numbers stay different.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

} // namespace

session_id make_session_id() {
  static std::atomic<std::uint64_t> next{random_base()};
  session_id result;
  // Zero stands for no session.
  while (result.value == 0)
    result.value = mix(next.fetch_add(1, std::memory_order_relaxed));
  return result;
}

// -- engine ---------------------------------------------------------------------------------------

std::string to_string(circuit_state state) {
  switch (state) {
    case circuit_state::closed: return "closed";
    case circuit_state::open: return "open";
    case circuit_state::half_open: return "half_open";
  }
  return "circuit_state(" + std::to_string(static_cast<unsigned>(state)) + ")";
}

std::string to_string(engine_state state) {
  switch (state) {
    case engine_state::idle: return "idle";
    case engine_state::dialing: return "dialing";
    case engine_state::opening: return "opening";
    case engine_state::running: return "running";
    case engine_state::paused: return "paused";
    case engine_state::closing: return "closing";
    case engine_state::backoff: return "backoff";
    case engine_state::stopped: return "stopped";
  }
  return "engine_state(" + std::to_string(static_cast<unsigned>(state)) + ")";
}

engine_actor engine_of(const session& what) {
  return caf::actor_cast<engine_actor>(what.supervisor);
}

} // namespace wsengine
