// scene.cpp: see scene.hpp: the cast of a run, and what is seen of it.

#include "scene.hpp"

#include "internal_messages.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>

#include <utility>

namespace wsengine::simulation {

using testing::callback;

// -- life -----------------------------------------------------------------------------------------

scene::scene(const plan& what, bool tracing)
  : plan_(what),
    options_(what.conditions.options),
    tracing_(tracing),
    referee_(what.conditions, [this] { return time_.now(); }),
    mail_(options_,
          [this](const char* rule, const std::string& details) { referee_.fail(rule, details); }),
    provider_luck_(what.seed) {
  referee_.sent = [this](std::size_t connection) { return network_.record(connection).sent; };
  referee_.is_dead = [this](std::size_t connection) { return network_.record(connection).exited; };
  referee_.connection_of = [this](const session& which) {
    return connections_.at(which.connection.id());
  };
  time_.observe([this](const caf::abstract_actor& to, const caf::mailbox_element& message) {
    observe(to, message);
  });
}

scene::~scene() {
  compat::send_exit(engine_, caf::exit_reason::kill);
  compat::send_exit(client_, caf::exit_reason::kill);
  for (auto& x : holders_)
    compat::send_exit(x.actor, caf::exit_reason::kill);
  time_.observe(nullptr);
  calm_ = true;
  time_.run_all();
}

outcome play(const plan& what, bool tracing) {
  scene now{what, tracing};
  return now.run();
}

outcome scene::run() {
  say("setup: " + to_string(plan_.conditions));
  spawn();
  start();
  for (const auto& x : plan_.steps) {
    perform(x);
    ++result_.steps;
    if (time_.runnable() == 0)
      check_rest();
    if (!referee_.broken_rule().empty())
      break;
  }
  if (referee_.broken_rule().empty())
    finish();
  result_.rule = referee_.broken_rule();
  result_.failure = referee_.failure();
  if (!result_.rule.empty())
    say("BROKEN: " + result_.failure);
  return std::move(result_);
}

void scene::say(std::string text) {
  if (tracing_)
    result_.trace.push_back(std::move(text));
}

// -- the cast -------------------------------------------------------------------------------------

caf::actor scene::new_client() {
  client_number_ = ++clients_;
  client_ = caf::actor_cast<caf::actor>(
    time_.system().spawn<client_player>(*static_cast<audience*>(this), client_number_));
  client_ids_[client_.id()] = client_number_;
  return client_;
}

engine_hooks scene::make_hooks() {
  engine_hooks hooks;
  const auto& conditions = plan_.conditions;
  if (conditions.keyed)
    hooks.message_key = [](const data_message& x) {
      return std::to_string(parse_message(x.data.text()).number % 2);
    };
  if (conditions.asks)
    hooks.request_key = [this](const data_message& x) -> optional<std::string> {
      auto found = keys_.find(parse_message(x.data.text()));
      if (found == keys_.end())
        return nothing;
      return found->second;
    };
  if (conditions.provider_fails > 0)
    hooks.provide = [this](const provide_msg& x) -> caf::expected<handshake_request> {
      if (!calm_ && provider_luck_.chance(plan_.conditions.provider_fails, 8))
        return make_error(engine_errc::provider_failed, "chance has it");
      return x.request;
    };
  return hooks;
}

// Remembers which connection each actor is.
connector scene::make_connector() {
  auto inner = network_.make_connector();
  return {inner.unit, [this, spawn = std::move(inner.spawn)](caf::local_actor& engine) {
            auto result = spawn(engine);
            connections_[result.id()] = network_.last();
            return result;
          }};
}

caf::expected<engine_actor> scene::spawn_for_client(const engine_hooks& hooks) {
  switch (plan_.conditions.client) {
    case client_kind::actor:
      return spawn_engine(time_.system(), make_connector(), options_,
                          caf::actor_cast<client_actor>(new_client()), hooks);
    case client_kind::batch_actor:
      return spawn_engine(time_.system(), make_connector(), options_,
                          caf::actor_cast<batch_client_actor>(new_client()), hooks);
    case client_kind::object: break;
  }
  client_number_ = ++clients_;
  client_ = nullptr;
  return spawn_engine(
    time_.system(), make_connector(), options_,
    std::make_shared<object_player>(static_cast<audience&>(*this), client_number_),
    placement::scheduler, hooks);
}

void scene::spawn() {
  auto result = spawn_for_client(make_hooks());
  served_ = client_number_;
  if (result)
    engine_ = *result;
  else
    referee_.fail("the setup is invalid", describe(result.error()));
}

// -- audience -------------------------------------------------------------------------------------

namespace {

std::string print(timespan now, const call_args& args) {
  auto print_one = [now](const auto& x) -> std::string {
    if constexpr (std::is_same_v<decltype(x), const on_messages&>) {
      std::string result = "on_messages(";
      for (const auto& message : x.batch.messages)
        result += (result.back() == '(' ? "\"" : "; \"") + std::string{message.data.text()} + '"';
      return result + ')';
    } else {
      return testing::to_string(testing::recorded_call{now, x, false});
    }
  };
  return std::visit(print_one, args);
}

} // namespace

std::size_t scene::begins(std::size_t client, const call_args& args) {
  if (const auto* opened = std::get_if<on_open>(&args))
    which_ = opened->which;
  if (tracing_)
    say("      client " + std::to_string(client) + ": " + print(time_.now(), args));
  auto call = referee_.begins(client, args);
  if (ends_by_itself_)
    referee_.may_close();
  return call;
}

void scene::ends(std::size_t call, bool succeeded) {
  if (!succeeded)
    say("      (answers with an error)");
  referee_.ends(call, succeeded);
}

mood scene::draw_mood(callback which) {
  if (calm_ || !luck_.chance(plan_.conditions.temper, 100))
    return mood::answer;
  auto drawn = luck_.below(10);
  if (drawn < 6)
    return mood::hold;
  // Clients that die all the time leave nothing to look at.
  if (drawn == 6 && (which == callback::message || luck_.chance(1, 3)))
    return mood::fail;
  if (drawn == 7 && luck_.chance(1, 3))
    return mood::crash;
  if (drawn == 8)
    return mood::restart;
  return drawn == 9 && luck_.chance(1, 3) ? mood::exit : mood::answer;
}

void scene::holds(std::size_t call, const caf::actor_addr& who) {
  say("      (held)");
  held_.push_back({call, who});
}

void scene::handler_crashes() {
  if (options_.on_handler_crash != handler_crash_policy::keep)
    referee_.may_close();
}

void scene::client_dies(std::size_t client) {
  say("      client " + std::to_string(client) + " dies");
  dead_.insert(client);
  referee_.client_died(client);
}

// -- what is seen ---------------------------------------------------------------------------------

void scene::observe(const caf::abstract_actor& to, const caf::mailbox_element& what) {
  look_at(what.content(), what.mid.is_response());
  look_at_request(what.content());
  if (!tracing_)
    return;
  log_.add(time_.now(), to, what);
  say("    " + testing::to_string(log_.messages().back()));
}

void scene::look_at(const compat::content& what, bool is_answer) {
  if (what.match_elements<dial_msg>()) {
    referee_.dialed();
    ends_by_itself_ = plan_ends_;
  } else if (what.match_elements<message_batch>() && !is_answer) {
    referee_.read(what.get_as<message_batch>(0));
  } else if (what.match_elements<internal::release_reading>()) {
    referee_.confirm();
  } else if (what.match_elements<internal::hold_reading>()) {
    referee_.holds_reading();
  }
}

// What users ask the engine for counts from when it takes that in.
void scene::look_at_request(const compat::content& what) {
  if (what.match_elements<start_msg>())
    referee_.starts();
  else if (what.match_elements<send_msg>())
    mail_.taken_in(what.get_as<send_msg>(0));
  else if (what.match_elements<set_client_msg>())
    serves(client_ids_.at(what.get_as<set_client_msg>(0).client.id()));
  else if (what.match_elements<set_batch_client_msg>())
    serves(client_ids_.at(what.get_as<set_batch_client_msg>(0).client.id()));
}

void scene::serves(std::size_t client) {
  referee_.client_replaced(served_);
  served_ = client;
}

} // namespace wsengine::simulation
