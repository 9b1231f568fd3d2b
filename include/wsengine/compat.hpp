// compat.hpp: everything that differs between CAF 0.17 and CAF 1.x, in one place.
//
// The rest of the project reads as if there were one CAF. CAF_VERSION_MAJOR is defined by 1.x only.

#pragma once

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/atom.hpp>
#include <caf/behavior.hpp>
#include <caf/error.hpp>
#include <caf/execution_unit.hpp>
#include <caf/logger.hpp>
#include <caf/message_id.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/omittable_if_empty.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/optional.hpp>
#include <caf/replies_to.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/system_messages.hpp>
#include <caf/timespan.hpp>
#include <caf/timestamp.hpp>

#include <string>
#include <thread>
#include <utility>

#ifdef CAF_VERSION_MAJOR
#error "this release of wsengine supports CAF 0.17.6; CAF 1.x is not supported yet"
#endif

namespace wsengine {

/// One entry of a typed actor interface: the actor answers a message of type `In` with an `Out`,
/// where `void` stands for an answer without content.
template <class In, class Out>
using answers = typename caf::replies_to<In>::template with<Out>;

/// An optional value that CAF can serialise.
template <class T>
using optional = caf::optional<T>;

/// A duration in nanoseconds.
using caf::timespan;

/// A point on the wall clock.
using caf::timestamp;

namespace compat {

/// Lets the inspector `f` see a value of type `T` through a representation that CAF can serialise.
/// `get` makes the representation, `set` takes one back.
template <class Inspector, class Get, class Set>
auto inspect_as(Inspector& f, Get get, Set set) {
  using representation = decltype(get());
  if constexpr (Inspector::reads_state) {
    auto value = get();
    return f(value);
  } else {
    representation value;
    auto load = [&]() -> caf::error {
      set(std::move(value));
      return caf::none;
    };
    return f(value, caf::meta::load_callback(load));
  }
}

/// Whether the error belongs to the category of the enum `Code`, whatever its value.
template <class Code>
[[nodiscard]] bool belongs_to(const caf::error& what) {
  return what && what.category() == caf::detail::error_factory<Code>::category;
}

/// Sends an exit message without a sender. Callable from any thread.
template <class Handle>
void send_exit(const Handle& to, caf::error reason) {
  if (to)
    to->eq_impl(caf::make_message_id(), nullptr, nullptr,
                caf::exit_msg{to->address(), std::move(reason)});
}

/// Sends a request that is answered by a behavior, which many requests may share: it costs less
/// than one of its own. No time limit.
template <class Self, class Handle, class T>
void request(Self& self, const Handle& to, T what, const caf::behavior& answered) {
  auto handle = self.request(to, caf::infinite, std::move(what));
  self.add_multiplexed_response_handler(handle.id(), answered);
}

/// Whether anybody sees what is logged, and by whom.
[[nodiscard]] inline bool logs_anything(caf::actor_system& system) {
  return system.logger().accepts(CAF_LOG_LEVEL_ERROR, caf::atom(""));
}

/// Whether an actor takes part in streams.
[[nodiscard]] inline bool has_streams(caf::scheduled_actor& who) noexcept {
  return !who.stream_managers().empty() || !who.pending_stream_managers().empty();
}

/// Lets an actor take up to `most` messages, as its own `resume` does, but without what that does
/// for the log and for streams: two thirds of the instructions. For actors without streams.
inline caf::resumable::resume_result resume_lean(caf::scheduled_actor& who,
                                                 caf::execution_unit* unit, std::size_t most) {
  // As CAF does: those of high priority wait for so many others.
  constexpr std::size_t messages_per_round = 3;
  if (!who.activate(unit))
    return caf::resumable::done;
  std::size_t handled = 0;
  caf::scheduled_actor::mailbox_visitor visitor{&who, handled, most};
  auto& mailbox = who.mailbox();
  while (handled < most) {
    mailbox.fetch_more();
    auto only_normal = who.get_urgent_queue().empty() && who.get_upstream_queue().empty()
                       && who.get_downstream_queue().empty();
    auto round = only_normal ? who.get_normal_queue().new_round(messages_per_round, visitor)
                             : mailbox.queue().new_round(messages_per_round, visitor);
    if (round.consumed_items && who.finalize())
      return caf::resumable::done;
    if (!mailbox.queue().empty())
      continue;
    if (has_streams(who))
      return caf::resumable::resume_later;
    if (handled > 0)
      who.set_receive_timeout();
    if (mailbox.try_block())
      return caf::resumable::awaiting_message;
  }
  return caf::resumable::resume_later;
}

/// How much a line of the log matters.
enum class log_level : unsigned {
  warning = CAF_LOG_LEVEL_WARNING,
  info = CAF_LOG_LEVEL_INFO,
};

/// Writes a line into the log of CAF, component `wsengine`, in the name of an actor; `text` makes
/// it, and is called only if somebody wants to see it. Callable from any thread.
template <class Text>
void log(caf::actor_system& system, log_level level, caf::actor_id who, Text text) {
  constexpr auto component = caf::atom("wsengine");
  auto number = static_cast<unsigned>(level);
  auto& logger = system.logger();
  if (logger.accepts(number, component))
    logger.log({number, 0, component, "wsengine", "wsengine", "wsengine", text(),
                std::this_thread::get_id(), who, caf::make_timestamp()});
}

} // namespace compat

} // namespace wsengine

/// Makes a struct known to CAF: its name, then its members. Put it behind the struct, in its
/// namespace.
#define WSENGINE_INSPECT(Type, ...)                                                                \
  template <class Inspector>                                                                       \
  typename Inspector::result_type inspect(Inspector& f, Type& object_) {                           \
    auto& [__VA_ARGS__] = object_;                                                                 \
    return f(caf::meta::type_name(#Type), __VA_ARGS__);                                            \
  }

/// Makes a struct known to CAF that has a member `trace` behind those that are named; that prints
/// only when there is one.
#define WSENGINE_INSPECT_TRACED(Type, ...)                                                         \
  template <class Inspector>                                                                       \
  typename Inspector::result_type inspect(Inspector& f, Type& object_) {                           \
    auto& [__VA_ARGS__, trace_] = object_;                                                         \
    return f(caf::meta::type_name(#Type), __VA_ARGS__, caf::meta::omittable_if_empty(), trace_);   \
  }

/// Makes a struct without members known to CAF.
#define WSENGINE_INSPECT_EMPTY(Type)                                                               \
  template <class Inspector>                                                                       \
  typename Inspector::result_type inspect(Inspector& f, Type&) {                                   \
    return f(caf::meta::type_name(#Type));                                                         \
  }

/// Makes an enum an error category of CAF. Put it outside of all namespaces.
#define WSENGINE_ERROR_CATEGORY(Type, Name) CAF_ERROR_CODE_ENUM(Type, Name)
