// faults.hpp: ways to break an engine on purpose, so that the simulation can show that it notices.
//
// Only the simulation's own copy of the actors is built with WSENGINE_WITH_FAULTS; everywhere else
// nothing is left of them.

#pragma once

#include <array>

namespace wsengine::internal {

/// One thing done wrong.
enum class fault {
  none,
  /// A session that we close ends without on_close.
  skip_on_close,
  /// Nobody waits for callbacks that run.
  hasty_quiesce,
  /// The death of a lease holder goes unnoticed.
  forget_lease_holder,
  /// Messages that were given back come last.
  give_back_last,
  /// A connection is left to itself.
  leak_connection,
  /// Closing may take for ever.
  endless_stop,
  /// The next attempt comes at once.
  no_backoff,
  /// A message is delivered twice.
  duplicate,
  /// The reader takes what it can get.
  greedy_reader,
  /// The end of a session is told before its last messages.
  early_end,
  /// Failed attempts are counted on after success.
  count_forever,
  /// The death of the client goes unnoticed.
  deaf_to_client,
  /// Answers to dials that were given up are taken for those of the present one.
  adopt_late,
  /// What was taken back from the reader is lost.
  lose_held,
  /// All that was sent counts as written.
  lie_about_sends,
  /// The outbox hands out what came last.
  newest_first,
  /// The answer to a request is delivered, too.
  keep_answers,
};

#ifdef WSENGINE_WITH_FAULTS

/// What is done wrong now.
inline fault present_fault = fault::none;

inline bool broken_by(fault what) {
  return present_fault == what;
}

#else

constexpr bool broken_by(fault) {
  return false;
}

#endif

/// All of them.
inline constexpr std::array all_faults{
  fault::skip_on_close,   fault::hasty_quiesce, fault::forget_lease_holder, fault::give_back_last,
  fault::leak_connection, fault::endless_stop,  fault::no_backoff,          fault::duplicate,
  fault::greedy_reader,   fault::early_end,     fault::count_forever,       fault::deaf_to_client,
  fault::adopt_late,      fault::lose_held,     fault::lie_about_sends,     fault::newest_first,
  fault::keep_answers,
};

} // namespace wsengine::internal
