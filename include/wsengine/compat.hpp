// compat.hpp: everything that differs between CAF 0.17 and CAF 1.x, in one place.
//
// The rest of the project reads as if there were one CAF. CAF_VERSION_MAJOR is defined by 1.x only.
// What tests need beyond this is in wsengine/testing/unit_test.hpp and, for virtual time, in
// adapters/scripted/virtual_time.hpp.

#pragma once

#include <caf/config.hpp>

#ifdef CAF_VERSION_MAJOR
#define WSENGINE_CAF_1
#if CAF_VERSION_MAJOR != 1 || CAF_VERSION_MINOR < 1
#error "wsengine supports CAF 0.17.6 and CAF 1.1 or later 1.x"
#endif
#elif CAF_VERSION < 1706 || CAF_VERSION >= 1800
#error "wsengine supports CAF 0.17.6 and CAF 1.1 or later 1.x"
#endif

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/behavior.hpp>
#include <caf/error.hpp>
#include <caf/logger.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/message_id.hpp>
#include <caf/none.hpp>
#include <caf/response_promise.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>
#include <caf/timespan.hpp>
#include <caf/timestamp.hpp>

#ifdef WSENGINE_CAF_1
#include <caf/detail/cleanup_and_release.hpp>
#include <caf/detail/make_meta_object.hpp>
#include <caf/detail/stringification_inspector.hpp>
#include <caf/init_global_meta_objects.hpp>
#include <caf/is_error_code_enum.hpp>
#include <caf/result.hpp>
#include <caf/scheduler.hpp>
#include <caf/thread_owner.hpp>
#include <caf/type_id.hpp>
#include <caf/type_list.hpp>
#else
#include <caf/atom.hpp>
#include <caf/detail/invoke_result_visitor.hpp>
#include <caf/detail/pretty_type_name.hpp>
#include <caf/duration.hpp>
#include <caf/execution_unit.hpp>
#include <caf/invoke_message_result.hpp>
#include <caf/make_message.hpp>
#include <caf/match_case.hpp>
#include <caf/message_builder.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/omittable_if_empty.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/monitorable_actor.hpp>
#include <caf/no_stages.hpp>
#include <caf/optional.hpp>
#include <caf/replies_to.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/type_erased_tuple.hpp>
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wsengine {

// -- vocabulary -----------------------------------------------------------------------------------

#ifdef WSENGINE_CAF_1

/// One entry of a typed actor interface: the actor answers a message of type `In` with an `Out`,
/// where `void` stands for an answer without content.
template <class In, class Out>
using answers = caf::result<Out>(In);

/// An optional value that CAF can serialise.
template <class T>
using optional = std::optional<T>;

/// An optional value that is not there.
inline constexpr auto nothing = std::nullopt;

#else

/// One entry of a typed actor interface: the actor answers a message of type `In` with an `Out`,
/// where `void` stands for an answer without content.
template <class In, class Out>
using answers = typename caf::replies_to<In>::template with<Out>;

/// An optional value that CAF can serialise.
template <class T>
using optional = caf::optional<T>;

/// An optional value that is not there.
inline constexpr auto nothing = caf::none;

#endif

/// A duration in nanoseconds.
using caf::timespan;

/// A point on the wall clock.
using caf::timestamp;

namespace compat {

// -- inspection -----------------------------------------------------------------------------------

#ifdef WSENGINE_CAF_1

/// What an `inspect` for the inspector `f` returns.
template <class Inspector>
using inspection = bool;

/// The name at index `i` of a list such as `code, reason`.
constexpr std::string_view name_at(std::string_view names, std::size_t i) noexcept {
  for (; i > 0; --i)
    names.remove_prefix(names.find(',') + 1);
  names = names.substr(0, names.find(','));
  names.remove_prefix(names.find_first_not_of(' '));
  return names;
}

template <class Inspector, class Object, std::size_t... Is, class... Fields>
bool inspect_each(Inspector& f, Object& object, std::string_view name,
                  [[maybe_unused]] std::string_view names, std::index_sequence<Is...>,
                  Fields&... fields) {
  return f.object(object).pretty_name(name).fields(f.field(name_at(names, Is), fields)...);
}

/// Lets the inspector `f` see a struct: its name, the names of its members with commas between
/// them, and the members.
template <class Inspector, class Object, class... Fields>
bool inspect_members(Inspector& f, Object& object, std::string_view name, std::string_view names,
                     Fields&... fields) {
  return inspect_each(f, object, name, names, std::index_sequence_for<Fields...>{}, fields...);
}

/// Whether a member is not to be seen by the inspector `f`: one that is empty, by whoever prints.
template <class Inspector, class Member>
bool is_left_out(Inspector&, const Member& what) {
  return std::is_same_v<Inspector, caf::detail::stringification_inspector> && what.empty();
}

/// Lets the inspector `f` see a value of type `T` through a representation that CAF can serialise.
/// `get` makes the representation, `set` takes one back.
template <class Inspector, class Get, class Set>
bool inspect_as(Inspector& f, Get get, Set set) {
  return f.apply(get, set);
}

#else

/// What an `inspect` for the inspector `f` returns.
template <class Inspector>
using inspection = typename Inspector::result_type;

/// Lets the inspector `f` see a struct: its name, the names of its members with commas between
/// them, and the members.
template <class Inspector, class Object, class... Fields>
auto inspect_members(Inspector& f, Object&, const char* name, const char*, Fields&... fields) {
  return f(caf::meta::type_name(name), fields...);
}

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

#endif

// -- message types --------------------------------------------------------------------------------

#ifdef WSENGINE_CAF_1

/// The type ids of wsengine: `CAF_BEGIN_TYPE_ID_BLOCK` of a program must stay out of this range.
inline constexpr caf::type_id_t first_type_id = 1000;
inline constexpr caf::type_id_t last_type_id = 1299;

/// Makes CAF's table of types long enough for ours, and fills in CAF's own.
inline void prepare_type_table() {
  static const bool done = [] {
    caf::core::init_global_meta_objects();
    caf::detail::meta_object none[1] = {};
    if (caf::detail::global_meta_objects().size() <= last_type_id)
      caf::detail::set_global_meta_objects(last_type_id, caf::make_span(none));
    return true;
  }();
  static_cast<void>(done);
}

/// CAF's own types are known before `main`: an error with a text may be made without an actor
/// system.
inline const bool type_table_is_ready = (prepare_type_table(), true);

/// Makes a message type known to CAF that never leaves the process; returns true.
template <class T>
bool register_local_type() {
  prepare_type_table();
  caf::detail::meta_object entry[] = {caf::detail::make_meta_object<T>(caf::type_name_v<T>)};
  caf::detail::set_global_meta_objects(caf::type_id_v<T>, caf::make_span(entry));
  return true;
}

/// Makes message types and errors known to CAF. To be used before the actor system is made.
class type_registry {
public:
  explicit type_registry(caf::actor_system_config&) { prepare_type_table(); }

  /// A message type with its name on the wire.
  template <class T>
  type_registry& add(const char*) {
    register_local_type<T>();
    return *this;
  }

  /// A message type that never leaves the process.
  template <class T>
  type_registry& add_local() {
    register_local_type<T>();
    return *this;
  }

  /// An enum of errors, and how they are printed.
  template <class Code, class Print>
  void add_errors(Print) {
    register_local_type<Code>();
  }
};

/// Makes the message types of a module of CAF known, such as those of `caf::io::middleman`.
template <class Module>
void register_module_types() {
  prepare_type_table();
  Module::init_global_meta_objects();
}

#else

/// Makes message types and errors known to CAF. To be used before the actor system is made.
class type_registry {
public:
  explicit type_registry(caf::actor_system_config& config) : config_(config) {}

  /// A message type with its name on the wire.
  template <class T>
  type_registry& add(const char* name) {
    config_.add_message_type<T>(name);
    return *this;
  }

  /// A message type that never leaves the process.
  template <class T>
  type_registry& add_local() {
    return *this;
  }

  /// An enum of errors, and how they are printed.
  template <class Code, class Print>
  void add_errors(Print print) {
    config_.add_error_category(
      caf::detail::error_factory<Code>::category,
      [print](std::uint8_t code, caf::atom_value category, const caf::message& context) {
        return print(caf::error{code, category, context});
      });
  }

private:
  caf::actor_system_config& config_;
};

/// Makes the message types of a module of CAF known, such as those of `caf::io::middleman`.
template <class Module>
void register_module_types() {}

#endif

// -- errors and interfaces ------------------------------------------------------------------------

#ifdef WSENGINE_CAF_1

/// Whether the error belongs to the category of the enum `Code`, whatever its value.
template <class Code>
[[nodiscard]] bool belongs_to(const caf::error& what) {
  return what && what.category() == caf::type_id_v<Code>;
}

/// Whether the error says no more than that somebody has forgotten to answer.
[[nodiscard]] inline bool is_silence(const caf::error& what) {
  return what == caf::sec::broken_promise;
}

/// The name of the error's category, as CAF has it.
[[nodiscard]] inline std::string category_name(const caf::error& what) {
  return std::string{caf::query_type_name(what.category())};
}

/// The messages that the typed actor `Handle` takes, as CAF's nodes tell each other.
template <class Handle>
[[nodiscard]] std::set<std::string> interface_of(caf::actor_system& system) {
  return system.message_types(caf::type_list<Handle>{});
}

#else

/// Whether the error belongs to the category of the enum `Code`, whatever its value.
template <class Code>
[[nodiscard]] bool belongs_to(const caf::error& what) {
  return what && what.category() == caf::detail::error_factory<Code>::category;
}

/// Whether the error says no more than that somebody has forgotten to answer. CAF 0.17 leaves those
/// who wait for ever.
[[nodiscard]] inline bool is_silence(const caf::error&) {
  return false;
}

/// The name of the error's category, as CAF has it.
[[nodiscard]] inline std::string category_name(const caf::error& what) {
  return to_string(what.category());
}

/// The messages that the typed actor `Handle` takes, as CAF's nodes tell each other.
template <class Handle>
[[nodiscard]] std::set<std::string> interface_of(caf::actor_system& system) {
  return system.message_types(caf::detail::type_list<Handle>{});
}

#endif

// -- messages -------------------------------------------------------------------------------------

#ifdef WSENGINE_CAF_1

/// What an element of a mailbox carries.
using content = caf::message;

/// The name of the type at index `i`, without its namespaces.
[[nodiscard]] inline std::string type_name_at(const content& what, std::size_t i) {
  auto name = caf::query_type_name(what.type_at(i));
  if (auto colon = name.rfind(':'); colon != std::string_view::npos)
    name.remove_prefix(colon + 1);
  return std::string{name};
}

/// The element at index `i` as text; for types that cannot be printed it begins with `<`.
[[nodiscard]] inline std::string text_at(const content& what, std::size_t i) {
  std::string result;
  caf::detail::global_meta_object(what.type_at(i)).stringify(result, what.data().at(i));
  return result;
}

/// Drops the promise to answer somebody who asked for no answer. CAF tells whoever waits for a
/// promise that is only forgotten.
inline void dismiss(caf::response_promise& promise) {
  promise.deliver();
}

/// Fulfils a promise without content.
inline void fulfil(caf::response_promise& promise) {
  promise.deliver(caf::unit);
}

/// The name that an actor gives itself; null for those that have none.
[[nodiscard]] inline const char* name_of(const caf::abstract_actor& who) {
  return who.name();
}

/// Sends an exit message without a sender. Callable from any thread.
template <class Handle>
void send_exit(const Handle& to, caf::error reason) {
  if (to)
    to->enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(),
                                          caf::exit_msg{to->address(), std::move(reason)}),
                nullptr);
}

#else

/// What an element of a mailbox carries.
using content = caf::type_erased_tuple;

/// The name of the type at index `i`, without its namespaces.
[[nodiscard]] inline std::string type_name_at(const content& what, std::size_t i) {
  const auto* type = what.type(i).second;
  if (type == nullptr)
    return what.stringify(i);
  auto name = caf::detail::pretty_type_name(*type);
  if (auto dot = name.rfind('.'); dot != std::string::npos)
    name.erase(0, dot + 1);
  return name;
}

/// The element at index `i` as text; for types that cannot be printed it begins with `<`.
[[nodiscard]] inline std::string text_at(const content& what, std::size_t i) {
  return what.stringify(i);
}

/// Drops the promise to answer somebody who asked for no answer.
inline void dismiss(caf::response_promise& promise) {
  promise = {};
}

/// A message without content. CAF makes one for each answer that has none, which takes memory; this
/// is made once on each thread.
[[nodiscard]] inline const caf::message& no_content() {
  static const thread_local caf::message result = caf::message_builder{}.to_message();
  return result;
}

/// Fulfils a promise without content.
inline void fulfil(caf::response_promise& promise) {
  promise.deliver(no_content());
}

/// The name that an actor gives itself; null for those that have none.
[[nodiscard]] inline const char* name_of(const caf::abstract_actor& who) {
  const auto* actor = dynamic_cast<const caf::monitorable_actor*>(&who);
  return actor ? actor->name() : nullptr;
}

/// Sends an exit message without a sender. Callable from any thread.
template <class Handle>
void send_exit(const Handle& to, caf::error reason) {
  if (to)
    to->eq_impl(caf::make_message_id(), nullptr, nullptr,
                caf::exit_msg{to->address(), std::move(reason)});
}

#endif

/// Whether somebody waits for what was promised. Drops the promise otherwise: whoever only sent a
/// message expects neither an error nor an empty message.
inline bool is_awaited(caf::response_promise& promise) {
  if (!promise.pending())
    return false;
  if (!promise.async())
    return true;
  dismiss(promise);
  return false;
}

/// Answers whoever asked by a request, and nobody else.
template <class Answer>
void answer(caf::response_promise& promise, Answer&& what) {
  if (is_awaited(promise))
    promise.deliver(std::forward<Answer>(what));
}

/// The same without content.
inline void answer(caf::response_promise& promise) {
  if (is_awaited(promise))
    fulfil(promise);
}

// -- threads that run actors ----------------------------------------------------------------------

/// How an actor has taken a message that another one hands to it, past its mailbox.
enum class hand_over {
  /// It has not: the message belongs into its mailbox.
  refused,
  /// It has. If that was a request, the answer comes as a message.
  taken,
  /// It has, and that was a request, which is answered without content. No message says so.
  answered,
};

#ifdef WSENGINE_CAF_1

/// What `enqueue` of an actor returns.
using enqueued = bool;

/// What an actor is told to run on.
using execution_unit = caf::scheduler;

/// Runs actors on a thread of its own kind.
class actor_runner : public caf::scheduler {
public:
  explicit actor_runner(caf::actor_system* system) : system_(system) {}

  [[nodiscard]] caf::actor_system& system() const noexcept { return *system_; }

  /// Runs what has something to do, soon. Callable from any thread.
  virtual void exec_later(caf::resumable* what) = 0;

  void schedule(caf::resumable* what) final { exec_later(what); }
  void delay(caf::resumable* what) final { exec_later(what); }
  void start() final {}
  void stop() final {}

private:
  caf::actor_system* system_;
};

/// On what an actor with that configuration is to run.
[[nodiscard]] inline execution_unit* unit_of(const caf::actor_config& config) noexcept {
  return config.sched;
}

/// Hands an actor that has something to do to the scheduler of the system.
inline void schedule(caf::actor_system& system, caf::resumable* what) {
  system.scheduler().schedule(what);
}

/// Ends an actor that will not run any more, and lets go of it.
inline void end_and_release(caf::resumable* what) {
  caf::detail::cleanup_and_release(what);
}

/// Tells the system that the calling thread runs actors from now on.
inline void thread_started(caf::actor_system& system) {
  system.thread_started(caf::thread_owner::other);
  caf::logger::current_logger(&system);
}

/// The state of a `caf::stateful_actor`.
template <class Self>
[[nodiscard]] auto& state_of(Self* self) {
  return self->state();
}

/// Puts a plain message into the mailbox of an actor, whatever its interface. `unit` is what the
/// caller runs on, or null.
inline void enqueue(const caf::strong_actor_ptr& to, caf::strong_actor_ptr from, caf::message what,
                    execution_unit* unit = nullptr) {
  to->enqueue(caf::make_mailbox_element(std::move(from), caf::make_message_id(), std::move(what)),
              unit);
}

/// The clock of delays and timeouts.
[[nodiscard]] inline caf::actor_clock& clock_of(caf::actor_system& system) {
  return system.clock();
}

/// Whether actors may be lean (`lean_actor`): CAF 1.x has nothing to leave out.
[[nodiscard]] inline bool may_be_lean(caf::actor_system&) {
  return false;
}

/// An actor of the class `Base` that is told before its end, for whatever reason; on any thread.
template <class Base>
class told_before_end : public Base {
public:
  using Base::Base;

  void on_cleanup(const caf::error& reason) override {
    ending(reason);
    Base::on_cleanup(reason);
  }

protected:
  virtual void ending(const caf::error& reason) = 0;
};

/// An actor of the class `Base` that is told after its end; on any thread.
template <class Base>
class told_after_end : public Base {
public:
  using Base::Base;

  void on_cleanup(const caf::error& reason) override {
    Base::on_cleanup(reason);
    ended();
  }

protected:
  virtual void ended() = 0;
};

/// An actor of the class `Base`, which CAF 1.x lets be as it is.
template <class Base>
class lean_actor : public told_after_end<Base> {
public:
  using told_after_end<Base>::told_after_end;

  caf::resumable::resume_result resume_lean(execution_unit* unit, std::size_t most) {
    return Base::resume(unit, most);
  }

  void answer_later(caf::strong_actor_ptr, caf::message_id) {}

protected:
  void be_lean() noexcept {}

  hand_over take_now(caf::mailbox_element_ptr&, execution_unit*) { return hand_over::refused; }
};

/// A counted object to which many references are made at once.
template <class Base>
class often_shared : public Base {
public:
  using Base::Base;

  void add_refs(std::size_t count) const noexcept {
    for (; count > 0; --count)
      this->ref();
  }

  /// Takes back references that nobody has; not the last one.
  void drop_refs(std::size_t count) const noexcept {
    for (; count > 0; --count)
      this->deref();
  }
};

/// A request on its way.
template <class T>
class request_carrier {
public:
  /// Makes it.
  caf::mailbox_element_ptr& load(caf::actor_control_block* from, caf::message_id id, T content) {
    return what_ = caf::make_mailbox_element(caf::strong_actor_ptr{from}, id, std::move(content));
  }

  /// Forgets it.
  void clear() noexcept { what_ = nullptr; }

private:
  caf::mailbox_element_ptr what_;
};

#else

/// What `enqueue` of an actor returns.
using enqueued = void;

/// What an actor is told to run on.
using execution_unit = caf::execution_unit;

/// Runs actors on a thread of its own kind.
using actor_runner = caf::execution_unit;

/// On what an actor with that configuration is to run.
[[nodiscard]] inline execution_unit* unit_of(const caf::actor_config& config) noexcept {
  return config.host;
}

/// Hands an actor that has something to do to the scheduler of the system.
inline void schedule(caf::actor_system& system, caf::resumable* what) {
  system.scheduler().enqueue(what);
}

/// Ends an actor that will not run any more, and lets go of it.
inline void end_and_release(caf::resumable* what) {
  caf::scheduler::abstract_coordinator::cleanup_and_release(what);
}

/// Tells the system that the calling thread runs actors from now on.
inline void thread_started(caf::actor_system& system) {
  system.thread_started();
  CAF_SET_LOGGER_SYS(&system);
}

/// The state of a `caf::stateful_actor`.
template <class Self>
[[nodiscard]] auto& state_of(Self* self) {
  return self->state;
}

/// Puts a plain message into the mailbox of an actor, whatever its interface. `unit` is what the
/// caller runs on, or null.
inline void enqueue(const caf::strong_actor_ptr& to, caf::strong_actor_ptr from, caf::message what,
                    execution_unit* unit = nullptr) {
  to->enqueue(std::move(from), caf::make_message_id(), std::move(what), unit);
}

/// The clock of delays and timeouts.
[[nodiscard]] inline caf::actor_clock& clock_of(caf::actor_system& system) {
  return system.scheduler().clock();
}

/// Whether actors may be lean (`lean_actor`): not when somebody sees what is logged, and by whom.
[[nodiscard]] inline bool may_be_lean(caf::actor_system& system) {
  return !system.logger().accepts(CAF_LOG_LEVEL_ERROR, caf::atom(""));
}

/// An actor of the class `Base` that is told before its end, for whatever reason; on any thread.
template <class Base>
class told_before_end : public Base {
public:
  using Base::Base;

  bool cleanup(caf::error&& reason, caf::execution_unit* unit) override {
    // CAF may call this more than once.
    if (!std::exchange(is_ending_, true))
      ending(reason);
    return Base::cleanup(std::move(reason), unit);
  }

protected:
  virtual void ending(const caf::error& reason) = 0;

private:
  bool is_ending_ = false;
};

/// An actor of the class `Base` that is told after its end; on any thread.
template <class Base>
class told_after_end : public Base {
public:
  using Base::Base;

  bool cleanup(caf::error&& reason, caf::execution_unit* unit) override {
    auto first = Base::cleanup(std::move(reason), unit);
    if (first)
      ended();
    return first;
  }

protected:
  virtual void ended() = 0;
};

/// An actor of the class `Base` that takes messages with less ado than CAF makes when it is told to
/// be lean. What it leaves out is for the log and for streams, makes the same empty answer over and
/// over, and moves all open requests for each one that is answered.
template <class Base>
class lean_actor : public told_after_end<Base> {
  using super = told_after_end<Base>;

public:
  using super::consume;
  using told_after_end<Base>::told_after_end;

  caf::invoke_message_result consume(caf::mailbox_element& what) override {
    // Who waits for an answer, or ends, needs all that CAF does.
    if (!is_lean_ || !this->awaited_responses_.empty() || !this->has_behavior())
      return super::consume(what);
    this->current_mailbox_element(&what);
    auto result = what.mid.is_response() ? take_answer(what) : take_other(what);
    // An actor without a behavior lives as long as requests are open.
    if (!this->has_behavior())
      forget_answered();
    return result;
  }

  /// Takes up to `most` messages, as `resume` does.
  caf::resumable::resume_result resume_lean(execution_unit* unit, std::size_t most) {
    if (has_streams())
      return super::resume(unit, most);
    auto result = take_messages(unit, most);
    forget_answered();
    return result;
  }

  /// Answers a request of the actor's own in the name of `from`, without content, when all others
  /// have run that wait for it now. For use while it runs.
  void answer_later(caf::strong_actor_ptr from, caf::message_id request) {
    yields_ = true;
    this->enqueue(caf::make_mailbox_element(std::move(from), request.response_id(), caf::no_stages,
                                            no_content()),
                  this->context());
  }

protected:
  /// From now on.
  void be_lean() noexcept { is_lean_ = true; }

  /// Takes a message at once if the actor has nothing to do and nothing waits for it, so that no
  /// order changes. What is left in `what` was dealt with. Not to be called by the actor itself.
  hand_over take_now(caf::mailbox_element_ptr& what, execution_unit* unit) {
    if (!is_lean_ || handed_over_ || !this->mailbox_.blocked() || !this->awaited_responses_.empty()
        || !std::get<super::normal_queue_index>(this->mailbox_.queue().queues()).cache().empty()
        || has_streams())
      return hand_over::refused;
    auto result = hand_over::taken;
    handed_over_ = &result;
    auto how = this->activate(unit, *what);
    handed_over_ = nullptr;
    // It waits for another behavior, or for an answer, as if it had come through the mailbox.
    if (how == super::activation_result::skipped)
      this->get_normal_queue().cache().push_back(what.release());
    return result;
  }

private:
  // Makes answers of what a behavior returns.
  class answering final : public caf::detail::invoke_result_visitor {
  public:
    explicit answering(lean_actor& self) noexcept : self_(self) {}

    void operator()() override {}
    void operator()(caf::error& what) override { deliver(std::move(what)); }
    void operator()(const caf::none_t&) override {
      deliver(caf::make_error(caf::sec::unexpected_response));
    }

    void operator()(caf::message& what) override {
      if (!what.empty())
        deliver(std::move(what));
      else if (!self_.current_message_id().is_async() && !self_.answered_directly())
        deliver(no_content());
    }

  private:
    template <class T>
    void deliver(T&& what) {
      if (auto promise = self_.make_response_promise(); promise.pending())
        promise.deliver(std::forward<T>(what));
    }

    lean_actor& self_;
  };

  // Takes what a behavior returns for an answer that it was given: nobody wants it.
  class ignoring final : public caf::detail::invoke_result_visitor {
  public:
    void operator()() override {}
    void operator()(caf::error&) override {}
    void operator()(caf::message&) override {}
    void operator()(const caf::none_t&) override {}
  };

  [[nodiscard]] bool has_streams() const noexcept {
    return !this->stream_managers_.empty() || !this->pending_stream_managers_.empty();
  }

  // Whether whoever made the request sees by itself that it is answered.
  bool answered_directly() noexcept {
    const auto& request = *this->current_mailbox_element();
    if (!handed_over_ || !request.sender || !request.stages.empty() || request.mid.is_answered())
      return false;
    *handed_over_ = hand_over::answered;
    return true;
  }

  caf::invoke_message_result take_other(caf::mailbox_element& what) {
    switch (this->categorize(what)) {
      case super::message_category::skipped: return caf::invoke_message_result::skipped;
      case super::message_category::internal: return caf::invoke_message_result::consumed;
      default: return call_behavior(what);
    }
  }

  caf::invoke_message_result call_behavior(caf::mailbox_element& what) {
    auto had_timeout = this->getf(super::has_timeout_flag);
    if (had_timeout)
      this->unsetf(super::has_timeout_flag);
    answering answers{*this};
    auto how = this->bhvr_stack_.back()(answers, what.content());
    if (how == caf::match_case::match)
      return caf::invoke_message_result::consumed;
    if (had_timeout)
      this->setf(super::has_timeout_flag);
    // There is no handler: CAF knows what to do.
    return how == caf::match_case::skip ? caf::invoke_message_result::skipped
                                        : super::consume(what);
  }

  // CAF keeps open requests in a vector. Most are answered in the order in which they were made, so
  // each answer would move all others up: holes are left instead, and closed together.
  caf::invoke_message_result take_answer(caf::mailbox_element& what) {
    auto& open = this->multiplexed_responses_;
    auto next = open.begin() + static_cast<std::ptrdiff_t>(std::min(next_answer_, open.size()));
    auto found = next != open.end() && next->first == what.mid ? next : open.find(what.mid);
    // It came too late.
    if (found == open.end())
      return caf::invoke_message_result::dropped;
    auto taker = std::exchange(found->second, {});
    found->first = caf::message_id{};
    next_answer_ = static_cast<std::size_t>(found - open.begin()) + 1;
    ignoring nothing;
    if (taker(nothing, what.content()) != caf::match_case::match) {
      auto unexpected = caf::make_message(
        caf::make_error(caf::sec::unexpected_response, what.move_content_to_message()));
      taker(unexpected);
    }
    return caf::invoke_message_result::consumed;
  }

  void forget_answered() {
    if (next_answer_ == 0)
      return;
    auto& open = this->multiplexed_responses_;
    open.erase(std::remove_if(open.begin(), open.end(),
                              [](const auto& x) { return x.first == caf::message_id{}; }),
               open.end());
    next_answer_ = 0;
  }

  caf::resumable::resume_result take_messages(execution_unit* unit, std::size_t most) {
    // As CAF does: those of high priority wait for so many others.
    constexpr std::size_t messages_per_round = 3;
    if (!this->activate(unit))
      return caf::resumable::done;
    std::size_t handled = 0;
    typename super::mailbox_visitor visitor{this, handled, most};
    auto& mailbox = this->mailbox_;
    while (handled < most) {
      mailbox.fetch_more();
      auto only_normal = this->get_urgent_queue().empty() && this->get_upstream_queue().empty()
                         && this->get_downstream_queue().empty();
      auto round = only_normal ? this->get_normal_queue().new_round(messages_per_round, visitor)
                               : mailbox.queue().new_round(messages_per_round, visitor);
      if (round.consumed_items && this->finalize())
        return caf::resumable::done;
      if (std::exchange(yields_, false))
        break;
      if (!mailbox.queue().empty())
        continue;
      if (has_streams())
        return caf::resumable::resume_later;
      if (handled > 0)
        this->set_receive_timeout();
      if (mailbox.try_block())
        return caf::resumable::awaiting_message;
    }
    return caf::resumable::resume_later;
  }

  bool is_lean_ = false;
  // Whether others are to run before it goes on.
  bool yields_ = false;
  // Where the open requests have holes, how far; the next answer is most likely for the one there.
  std::size_t next_answer_ = 0;
  // Whoever hands a message over.
  hand_over* handed_over_ = nullptr;
};

/// A counted object to which many references are made at once.
template <class Base>
class often_shared : public Base {
public:
  using Base::Base;

  void add_refs(std::size_t count) const noexcept {
    this->rc_.fetch_add(count, std::memory_order_relaxed);
  }

  /// Takes back references that nobody has; not the last one.
  void drop_refs(std::size_t count) const noexcept {
    this->rc_.fetch_sub(count, std::memory_order_release);
  }
};

/// A request on its way, which can be made again when it has come back.
template <class T>
class request_carrier {
public:
  /// Makes it.
  caf::mailbox_element_ptr& load(caf::actor_control_block* from, caf::message_id id, T content) {
    if (!what_) {
      content_ = new element(caf::strong_actor_ptr{from}, id, {}, std::move(content));
      what_.reset(content_);
      return what_;
    }
    // It has come back as it was, but for its content.
    what_->mid = id;
    std::get<0>(content_->data()) = std::move(content);
    return what_;
  }

  /// Forgets it.
  void clear() noexcept { what_ = nullptr; }

private:
  using element = caf::mailbox_element_vals<T>;

  caf::mailbox_element_ptr what_;
  // The same; valid as long as that is not null.
  element* content_ = nullptr;
};

#endif

// -- configuration --------------------------------------------------------------------------------

/// Has the workers of CAF's scheduler share one queue.
inline void share_work(caf::actor_system_config& config) {
#ifdef WSENGINE_CAF_1
  config.set("caf.scheduler.policy", "sharing");
#else
  config.set("scheduler.policy", caf::atom("sharing"));
#endif
}

/// Limits how many workers CAF's scheduler has.
inline void limit_workers(caf::actor_system_config& config, std::size_t count) {
#ifdef WSENGINE_CAF_1
  config.set("caf.scheduler.max-threads", count);
#else
  config.set("scheduler.max-threads", count);
#endif
}

/// Has CAF write no log, but for a file that a configuration asks for.
inline void log_nothing(caf::actor_system_config& config) {
#ifdef WSENGINE_CAF_1
  config.set("caf.logger.console.verbosity", "quiet");
#else
  config.set("logger.verbosity", caf::atom("quiet"));
  config.set("logger.console", caf::atom("none"));
#endif
}

/// Has CAF write its log, from a level such as `info`, to a file; `format` is CAF's.
inline void log_to_file(caf::actor_system_config& config, const std::string& path,
                        const std::string& level, const std::string& format) {
#ifdef WSENGINE_CAF_1
  config.set("caf.logger.file.path", path);
  config.set("caf.logger.file.verbosity", level);
  config.set("caf.logger.file.format", format);
#else
  config.set("logger.file-name", path);
  config.set("logger.file-verbosity", caf::atom_from_string(level));
  config.set("logger.file-format", format);
#endif
}

/// How often CAF's nodes say that they live, and how long they may be silent.
inline void set_heartbeat(caf::actor_system_config& config, timespan interval, timespan silence) {
#ifdef WSENGINE_CAF_1
  config.set("caf.middleman.heartbeat-interval", interval);
  config.set("caf.middleman.connection-timeout", silence);
#else
  config.set("middleman.heartbeat-interval", interval);
  config.set("middleman.connection-timeout", silence);
#endif
}

/// The certificate with which CAF's nodes prove who they are, and the authority that they trust:
/// files in the PEM format.
inline void use_certificate(caf::actor_system_config& config, const std::string& certificate,
                            const std::string& key, const std::string& authority) {
#ifdef WSENGINE_CAF_1
  config.set("caf.openssl.certificate", certificate);
  config.set("caf.openssl.key", key);
  config.set("caf.openssl.cafile", authority);
#else
  config.openssl_certificate = certificate;
  config.openssl_key = key;
  config.openssl_cafile = authority;
#endif
}

// -- log ------------------------------------------------------------------------------------------

/// How much a line of the log matters.
enum class log_level : unsigned {
  warning = CAF_LOG_LEVEL_WARNING,
  info = CAF_LOG_LEVEL_INFO,
};

/// Writes a line into the log of CAF, component `wsengine`, in the name of an actor; `text` makes
/// it, and is called only if somebody wants to see it. Callable from any thread.
template <class Text>
void log(caf::actor_system& system, log_level level, caf::actor_id who, Text text) {
  auto number = static_cast<unsigned>(level);
  auto& logger = system.logger();
#ifdef WSENGINE_CAF_1
  if (!logger.accepts(number, "wsengine"))
    return;
  auto before = caf::logger::thread_local_aid(who);
  logger.legacy_api_log(number, "wsengine", text());
  caf::logger::thread_local_aid(before);
#else
  constexpr auto component = caf::atom("wsengine");
  if (logger.accepts(number, component))
    logger.log({number, 0, component, "wsengine", "wsengine", "wsengine", text(),
                std::this_thread::get_id(), who, caf::make_timestamp()});
#endif
}

} // namespace compat

#ifdef WSENGINE_CAF_1

/// Enums travel as their numbers, and print as their `to_string` says.
template <class Inspector, class Enum>
requires std::is_enum_v<Enum>
bool inspect(Inspector& f, Enum& value) {
  using number = std::underlying_type_t<Enum>;
  return f.apply([&] { return static_cast<number>(value); },
                 [&](number x) { value = static_cast<Enum>(x); });
}

namespace cluster {

using wsengine::inspect;

} // namespace cluster

namespace testing {

using wsengine::inspect;

} // namespace testing

#endif

} // namespace wsengine

// -- macros ---------------------------------------------------------------------------------------

#ifdef WSENGINE_CAF_1

/// Makes a struct known to CAF: its name, then its members. Put it behind the struct, in its
/// namespace.
#define WSENGINE_INSPECT(Type, ...)                                                                \
  template <class Inspector>                                                                       \
  bool inspect(Inspector& f, Type& object_) {                                                      \
    auto& [__VA_ARGS__] = object_;                                                                 \
    return ::wsengine::compat::inspect_members(f, object_, #Type, #__VA_ARGS__, __VA_ARGS__);      \
  }

/// Makes a struct known to CAF that has a member `trace` behind those that are named, if any; that
/// prints only when there is one.
#define WSENGINE_INSPECT_TRACED(Type, ...)                                                         \
  template <class Inspector>                                                                       \
  bool inspect(Inspector& f, Type& object_) {                                                      \
    auto& [__VA_ARGS__ __VA_OPT__(, ) trace_] = object_;                                           \
    if (::wsengine::compat::is_left_out(f, trace_))                                                \
      return ::wsengine::compat::inspect_members(f, object_, #Type,                                \
                                                 #__VA_ARGS__ __VA_OPT__(, ) __VA_ARGS__);         \
    return ::wsengine::compat::inspect_members(f, object_, #Type,                                  \
                                               #__VA_ARGS__ __VA_OPT__(", ") "trace",              \
                                               __VA_ARGS__ __VA_OPT__(, ) trace_);                 \
  }

/// Makes a struct without members known to CAF.
#define WSENGINE_INSPECT_EMPTY(Type)                                                               \
  template <class Inspector>                                                                       \
  bool inspect(Inspector& f, Type& object_) {                                                      \
    return ::wsengine::compat::inspect_members(f, object_, #Type, "");                             \
  }

/// Makes a type a message for CAF 1.x, which gives each a number: `Number`, from 0 to 299, must be
/// that of no other. Put it outside of all namespaces, behind the type.
#define WSENGINE_MESSAGE_TYPE(Number, ...)                                                         \
  namespace caf {                                                                                  \
  template <>                                                                                      \
  struct type_id<__VA_ARGS__> {                                                                    \
    static_assert(::wsengine::compat::first_type_id + (Number)                                     \
                  <= ::wsengine::compat::last_type_id);                                            \
    static constexpr type_id_t value = ::wsengine::compat::first_type_id + (Number);               \
  };                                                                                               \
  template <>                                                                                      \
  struct type_by_id<type_id<__VA_ARGS__>::value> {                                                 \
    using type = __VA_ARGS__;                                                                      \
  };                                                                                               \
  template <>                                                                                      \
  struct type_name<__VA_ARGS__> {                                                                  \
    static constexpr std::string_view value = #__VA_ARGS__;                                        \
  };                                                                                               \
  template <>                                                                                      \
  struct type_name_by_id<type_id<__VA_ARGS__>::value> : type_name<__VA_ARGS__> {};                 \
  }

/// Makes a message type that never leaves its process known to CAF 1.x at the start of the program.
/// Put it into one source file, outside of all namespaces; `Name` is that of no other variable.
#define WSENGINE_LOCAL_MESSAGE(Name, ...)                                                          \
  [[maybe_unused]] static const bool Name = ::wsengine::compat::register_local_type<__VA_ARGS__>();

/// Makes an enum an error category of CAF. Put it outside of all namespaces.
#define WSENGINE_ERROR_CATEGORY(Type, Name) CAF_ERROR_CODE_ENUM(Type)

#else

/// Makes a struct known to CAF: its name, then its members. Put it behind the struct, in its
/// namespace.
#define WSENGINE_INSPECT(Type, ...)                                                                \
  template <class Inspector>                                                                       \
  typename Inspector::result_type inspect(Inspector& f, Type& object_) {                           \
    auto& [__VA_ARGS__] = object_;                                                                 \
    return f(caf::meta::type_name(#Type), __VA_ARGS__);                                            \
  }

/// Makes a struct known to CAF that has a member `trace` behind those that are named, if any; that
/// prints only when there is one.
#define WSENGINE_INSPECT_TRACED(Type, ...)                                                         \
  template <class Inspector>                                                                       \
  typename Inspector::result_type inspect(Inspector& f, Type& object_) {                           \
    auto& [__VA_ARGS__ __VA_OPT__(, ) trace_] = object_;                                           \
    return f(caf::meta::type_name(#Type) __VA_OPT__(, ) __VA_ARGS__,                               \
             caf::meta::omittable_if_empty(), trace_);                                             \
  }

/// Makes a struct without members known to CAF.
#define WSENGINE_INSPECT_EMPTY(Type)                                                               \
  template <class Inspector>                                                                       \
  typename Inspector::result_type inspect(Inspector& f, Type&) {                                   \
    return f(caf::meta::type_name(#Type));                                                         \
  }

/// Makes a type a message for CAF 1.x, which gives each a number: `Number`, from 0 to 299, must be
/// that of no other. Put it outside of all namespaces, behind the type.
#define WSENGINE_MESSAGE_TYPE(Number, ...)

/// Makes a message type that never leaves its process known to CAF 1.x at the start of the program.
/// Put it into one source file, outside of all namespaces; `Name` is that of no other variable.
#define WSENGINE_LOCAL_MESSAGE(Name, ...)

/// Makes an enum an error category of CAF. Put it outside of all namespaces.
#define WSENGINE_ERROR_CATEGORY(Type, Name) CAF_ERROR_CODE_ENUM(Type, Name)

#endif
