// fleet.cpp: the words of a fleet; see wsengine/cluster/fleet.hpp.

#include "wsengine/cluster/fleet.hpp"

#include "vocabulary/durations.hpp"

namespace wsengine::cluster {

// -- names ----------------------------------------------------------------------------------------

std::string to_string(specification_state state) {
  switch (state) {
    case specification_state::waiting: return "waiting";
    case specification_state::starting: return "starting";
    case specification_state::live: return "live";
    case specification_state::stopping: return "stopping";
    case specification_state::finished: return "finished";
  }
  return "specification_state(" + std::to_string(static_cast<unsigned>(state)) + ")";
}

// -- validation -----------------------------------------------------------------------------------

std::vector<option_problem> validate(const specification& what) {
  auto result = validate(what.options);
  if (what.key.empty())
    result.push_back({"key", "must not be empty"});
  if (what.client_type.empty())
    result.push_back({"client_type", "must not be empty"});
  return result;
}

std::vector<option_problem> validate(const director_options& options) {
  std::vector<option_problem> result;
  auto check = [&](bool good, const char* field, const char* what) {
    if (!good)
      result.push_back({field, what});
  };
  auto is_duration = [](timespan x) { return x > timespan::zero() && x <= longest_duration; };
  check(is_duration(options.lease), "lease", "must be positive");
  check(is_duration(options.fencing), "fencing", "must be positive");
  check(options.drift >= 0 && options.drift <= 0.5, "drift", "must be from 0 to 0.5");
  check(options.slack >= 1 && options.slack <= 1000, "slack", "must be from 1 to 1000");
  check(options.starts_per_second >= 0.001 && options.starts_per_second <= 1e6, "starts_per_second",
        "must be from 0.001 to 1000000");
  check(options.start_burst >= 1 && options.start_burst <= 1'000'000, "start_burst",
        "must be from 1 to 1000000");
  check(options.moves_at_once >= 1, "moves_at_once", "must be at least 1");
  check(is_duration(options.retry_after), "retry_after", "must be positive");
  check(options.retry_cap >= options.retry_after && options.retry_cap <= longest_duration,
        "retry_cap", "must be at least retry_after");
  return result;
}

} // namespace wsengine::cluster
