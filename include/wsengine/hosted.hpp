// hosted.hpp: lets an actor run on an I/O thread instead of CAF's scheduler.

#pragma once

#include "wsengine/compat.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/resumable.hpp>

#include <cstddef>
#include <utility>

namespace wsengine {

/// An execution unit that resumes actors on one I/O thread. Implemented by the Asio host.
class io_unit : public compat::actor_runner {
public:
  explicit io_unit(caf::actor_system* system)
    : compat::actor_runner(system),
      lean_(compat::may_be_lean(*system)) {}

  /// Whether actors are lean here (`compat::lean_actor`).
  [[nodiscard]] bool is_lean() const noexcept { return lean_; }

  /// Whether another actor than the one that runs has something to do. Called on the thread itself.
  [[nodiscard]] virtual bool others_wait() const noexcept = 0;

  /// Counts an actor that runs here, from its construction until it has terminated. Called on any
  /// thread.
  virtual void hosted_actor_started(caf::actor_control_block* who) noexcept = 0;

  /// The end of what `hosted_actor_started` counted.
  virtual void hosted_actor_terminated(caf::actor_control_block* who) noexcept = 0;

  /// Registers an engine that runs here and has to be stopped before the thread ends. Called on any
  /// thread.
  virtual void adopt_engine(const caf::actor& engine) = 0;

  /// Sends a message to an actor after a delay, if it still lives then; does not keep it alive.
  /// Called on the thread itself.
  virtual void send_later(timespan delay, caf::weak_actor_ptr to, caf::message what) = 0;

private:
  bool lean_;
};

/// An actor as others on its I/O thread see it.
class io_resident {
public:
  /// The thread that the actor is bound to; `nullptr` when it runs on CAF's scheduler.
  [[nodiscard]] virtual io_unit* home() const noexcept = 0;

  /// Hands the actor a message at once instead of putting it into its mailbox. Called on the
  /// actor's thread, by another actor.
  virtual compat::hand_over take(caf::mailbox_element_ptr& what) = 0;

protected:
  ~io_resident() = default;
};

/// The actor as others on the thread `home` see it; `nullptr` when it lives somewhere else, or
/// `home` is null.
[[nodiscard]] inline io_resident* resident_of(const io_unit* home, caf::abstract_actor* who) {
  auto* result = dynamic_cast<io_resident*>(who);
  return result && home && result->home() == home ? result : nullptr;
}

/// Makes an actor class run on the I/O thread when it is spawned there, directly or by an actor
/// that runs there, and as usual everywhere else. On the I/O thread the actor must not block.
///
/// Messages sent from one actor to another on the same thread take no lock and wake no thread.
template <class Base>
class hosted : public compat::lean_actor<Base>, public io_resident {
  using super = compat::lean_actor<Base>;

public:
  template <class... Ts>
  explicit hosted(caf::actor_config& cfg, Ts&&... xs)
    : super(cfg, std::forward<Ts>(xs)...),
      unit_(dynamic_cast<io_unit*>(compat::unit_of(cfg))) {
    if (!unit_)
      return;
    unit_->hosted_actor_started(this->ctrl());
    if (unit_->is_lean())
      this->be_lean();
  }

  using Base::enqueue;

  compat::enqueued enqueue(caf::mailbox_element_ptr what,
                           compat::execution_unit* sender_unit) override {
    return Base::enqueue(std::move(what), unit_ ? unit_ : sender_unit);
  }

  caf::resumable::subtype_t subtype() const noexcept override {
    // Like CAF's brokers: tells execution units apart from actors that any thread may run.
    return unit_ ? caf::resumable::io_actor : Base::subtype();
  }

  caf::resumable::resume_result resume(compat::execution_unit* unit, std::size_t most) override {
    if (!unit_ || !unit_->is_lean())
      return Base::resume(unit, most);
    return this->resume_lean(unit, most);
  }

  io_unit* home() const noexcept final { return unit_; }

  compat::hand_over take(caf::mailbox_element_ptr& what) final {
    return this->take_now(what, unit_);
  }

protected:
  void ended() override {
    if (unit_)
      unit_->hosted_actor_terminated(this->ctrl());
  }

  /// The thread this actor is bound to; `nullptr` when it runs on CAF's scheduler.
  [[nodiscard]] io_unit* unit() const noexcept { return unit_; }

private:
  io_unit* unit_;
};

/// Spawns the actor class `Impl` on the thread of `unit`, or on CAF's scheduler for a null pointer.
template <class Impl, class... Ts>
auto spawn_hosted(caf::actor_system& system, io_unit* unit, Ts&&... xs) {
  caf::actor_config cfg{unit};
  return system.spawn_class<hosted<Impl>, caf::no_spawn_options>(cfg, std::forward<Ts>(xs)...);
}

} // namespace wsengine
