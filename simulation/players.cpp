// players.cpp: see players.hpp.

#include "players.hpp"

#include "wsengine/error.hpp"

#include <caf/exit_reason.hpp>

#include <stdexcept>
#include <utility>

WSENGINE_LOCAL_MESSAGE(knows_release_msg, wsengine::simulation::release_msg)

namespace wsengine::simulation {

using testing::callback;

namespace {

caf::error drawn_error() {
  return make_error(engine_errc::stopped, "chance has it");
}

} // namespace

// -- an actor -------------------------------------------------------------------------------------

client_player::client_player(caf::actor_config& cfg, audience& watching, std::size_t number)
  : caf::event_based_actor(cfg),
    watching_(watching),
    number_(number) {}

caf::behavior client_player::make_behavior() {
  return {
    [this](const on_open& what) {
      which_ = what.which;
      return play<void>(what);
    },
    [this](const on_message& what) { return play<void>(what); },
    [this](const on_messages& what) { return play<void>(what); },
    [this](const on_read_error& what) { return play<void>(what); },
    [this](const on_close& what) { return play<close_details>(what); },
    [this](const on_close_error& what) { return play<void>(what); },
    [this](const on_restart_error& what) { return play<void>(what); },
    [this](const release_msg& what) { release(what); },
  };
}

void client_player::on_exit() {
  held_.clear();
  which_ = {};
}

template <class Out, class Args>
caf::result<Out> client_player::play(const Args& what) {
  call_args args{what};
  auto which = which_of(args);
  auto call = watching_.begins(number_, args);
  caf::actor supervisor;
  if constexpr (std::is_same_v<Args, on_restart_error>)
    supervisor = what.supervisor;
  switch (watching_.draw_mood(which)) {
    case mood::answer: break;
    case mood::hold:
      held_[call] = {make_response_promise(), which};
      watching_.holds(call, address());
      return held_[call].promise;
    case mood::fail:
      if (which == callback::message)
        watching_.handler_crashes();
      watching_.ends(call, false);
      return drawn_error();
    case mood::crash:
      watching_.client_dies(number_);
      quit(drawn_error());
      return drawn_error();
    case mood::restart: signal(session_signal::restart, supervisor); break;
    case mood::exit: signal(session_signal::exit, supervisor); break;
  }
  watching_.ends(call, true);
  if constexpr (std::is_same_v<Out, close_details>)
    return close_details{};
  else
    return caf::unit;
}

void client_player::signal(session_signal what, const caf::actor& between_sessions) {
  watching_.may_close();
  if (what == session_signal::restart)
    watching_.may_dial();
  compat::send_exit(between_sessions ? between_sessions : which_.signals, what);
}

void client_player::release(const release_msg& what) {
  auto found = held_.find(what.call);
  if (found == held_.end())
    return;
  auto call = std::move(found->second);
  held_.erase(found);
  if (!what.succeed && call.which == callback::message)
    watching_.handler_crashes();
  watching_.ends(what.call, what.succeed);
  if (!what.succeed)
    call.promise.deliver(drawn_error());
  else if (call.which == callback::close)
    call.promise.deliver(close_details{});
  else
    call.promise.deliver(caf::unit);
}

// -- an object ------------------------------------------------------------------------------------

bool object_player::play(session_context& context, const call_args& args, bool by_handler) {
  auto call = watching_.begins(number_, args);
  auto which = which_of(args);
  auto how = watching_.draw_mood(which);
  // Objects answer by returning: only on_open can fail without a crash.
  if (how == mood::fail)
    how = which == callback::open ? mood::fail : mood::crash;
  if (how == mood::crash) {
    if (by_handler) {
      watching_.handler_crashes();
      watching_.ends(call, false);
    } else {
      watching_.client_dies(number_);
    }
    throw std::runtime_error{"chance has it"};
  }
  if (how == mood::restart || how == mood::exit) {
    watching_.may_close();
    if (which == callback::message)
      watching_.interrupts(call);
    if (how == mood::restart) {
      watching_.may_dial();
      context.restart();
    } else {
      context.exit();
    }
  }
  watching_.ends(call, how != mood::fail);
  return how != mood::fail;
}

caf::result<void> object_player::on_open(session_context& context,
                                         const handshake_response& response, bool restarting) {
  if (!play(context, wsengine::on_open{context.which(), response, restarting}, false))
    return drawn_error();
  return caf::unit;
}

void object_player::on_message(session_context& context, message_kind kind, const payload& data) {
  play(context, wsengine::on_message{context.which().id, kind, data, context.is_last_part()}, true);
}

void object_player::on_read_error(session_context& context, const caf::error& cause) {
  play(context, wsengine::on_read_error{context.which().id, cause}, true);
}

close_details object_player::on_close(session_context& context,
                                      const optional<close_details>& peer) {
  play(context, wsengine::on_close{context.which().id, peer}, false);
  return {};
}

void object_player::on_close_error(session_context& context, const caf::error& cause) {
  play(context, wsengine::on_close_error{context.which().id, cause}, false);
}

void object_player::on_restart_error(session_context& context, const caf::error& cause,
                                     std::uint32_t retry, optional<timespan> next_delay) {
  play(context, wsengine::on_restart_error{cause, retry, next_delay, {}}, false);
}

} // namespace wsengine::simulation
