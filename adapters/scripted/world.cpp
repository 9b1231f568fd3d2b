// world.cpp: see wsengine/testing/world.hpp; the expectations are in expectations.cpp.

#include "wsengine/testing/world.hpp"

#include "callback_record.hpp"

#include "wsengine/error.hpp"
#include "wsengine/testing/message_log.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>

#include <chrono>
#include <utility>

namespace wsengine::testing {

using namespace std::chrono_literals;

namespace {

/// Holds a lease: lives until it is killed.
class lease_holder : public caf::event_based_actor {
public:
  lease_holder(caf::actor_config& cfg, engine_actor from, std::shared_ptr<asked<lease>> result)
    : caf::event_based_actor(cfg),
      from_(std::move(from)),
      result_(std::move(result)) {}

  const char* name() const override { return "wsengine.lease_holder"; }

  caf::behavior make_behavior() override {
    request(std::exchange(from_, nullptr), caf::infinite, pause_msg{})
      .then([this](lease& x) { result_->answer(std::move(x)); },
            [this](caf::error& x) { result_->fail(std::move(x)); });
    return {[](caf::unit_t) {}};
  }

private:
  engine_actor from_;
  std::shared_ptr<asked<lease>> result_;
};

} // namespace

// -- life -----------------------------------------------------------------------------------------

world::world(scripted_server at)
  : server(std::move(at)),
    record_(std::make_shared<callback_record>()) {
  options.request.url = "ws://example.org/";
  options.backoff.base = 1s;
  options.backoff.factor = 2;
  options.backoff.cap = 30s;
  options.backoff.jitter = 0;
}

world::~world() = default;

void world::end() {
  for (auto& x : std::exchange(holders_, {}))
    compat::send_exit(x, caf::exit_reason::kill);
  compat::send_exit(std::exchange(engine, nullptr), caf::exit_reason::kill);
  compat::send_exit(std::exchange(own_client_, nullptr), caf::exit_reason::kill);
}

timespan world::clock_time() const {
  auto& self = const_cast<world&>(*this);
  return compat::clock_of(self.system()).now().time_since_epoch();
}

// -- engines --------------------------------------------------------------------------------------

void world::spawn() {
  if (sees_messages())
    spawn(client.spawn(system()));
  else
    spawn(client.object());
}

void world::spawn(client_actor own) {
  own_client_ = caf::actor_cast<caf::actor>(own);
  auto result = spawn_engine(system(), connect(), options, std::move(own), hooks);
  check(static_cast<bool>(result), "an engine", result ? "" : describe(result.error()));
  take(std::move(*result));
}

void world::spawn(std::shared_ptr<callbacks> own) {
  auto result = spawn_engine(system(), connect(), options, watched(std::move(own)),
                             placement::scheduler, hooks);
  check(static_cast<bool>(result), "an engine", result ? "" : describe(result.error()));
  take(std::move(*result));
}

void world::take(engine_actor own) {
  engine = std::move(own);
  settle();
}

std::shared_ptr<callbacks> world::watched(std::shared_ptr<callbacks> own) {
  return std::make_shared<watched_callbacks>(record_, std::move(own), sees_messages());
}

std::shared_ptr<asked<session>> world::start() {
  if (!engine)
    spawn();
  auto result = ask<session>(system(), engine, start_msg{});
  settle();
  return result;
}

void world::set_client(client_actor next) {
  own_client_ = caf::actor_cast<caf::actor>(next);
  expect_success(ask<caf::unit_t>(system(), engine, set_client_msg{std::move(next)}));
}

void world::open() {
  auto started = start();
  expect_open();
  // With real threads, what comes next must not find an engine that is still opening.
  eventually([&] { return !started->pending(); });
}

std::shared_ptr<asked<caf::unit_t>> world::stop() {
  auto result = ask<caf::unit_t>(system(), engine, stop_msg{});
  settle();
  return result;
}

std::shared_ptr<asked<stop_report>> world::wait_stopped() {
  auto result = ask<stop_report>(system(), engine, wait_stopped_msg{});
  settle();
  return result;
}

engine_status world::status() {
  auto result = ask<engine_status>(system(), engine, status_msg{});
  eventually([&] { return !result->pending(); });
  check(result->succeeded(), "the engine's status",
        result->pending() ? "there is no answer" : describe(result->cause()));
  return result->get();
}

// -- the session ----------------------------------------------------------------------------------

std::shared_ptr<asked<caf::unit_t>> world::write(data_message message) {
  auto connection = record_->connection();
  check(static_cast<bool>(connection), "a session to write on", "there is none");
  auto result =
    ask<caf::unit_t>(system(), connection, write_msg{message.kind, std::move(message.data)});
  settle();
  return result;
}

void world::restart() {
  compat::send_exit(record_->signals(), session_signal::restart);
  settle();
}

void world::exit() {
  compat::send_exit(record_->signals(), session_signal::exit);
  settle();
}

std::shared_ptr<asked<lease>> world::pause() {
  auto result = std::make_shared<asked<lease>>();
  holders_.emplace_back(system().spawn<lease_holder>(engine, result));
  settle();
  return result;
}

std::shared_ptr<asked<caf::unit_t>> world::resume(const lease& what, message_batch unread) {
  auto result = ask<caf::unit_t>(system(), engine, resume_msg{what.id, std::move(unread)});
  settle();
  return result;
}

void world::kill_lease_holders() {
  for (auto& x : std::exchange(holders_, {}))
    compat::send_exit(x, caf::exit_reason::kill);
  settle();
}

void world::kill_client() {
  compat::send_exit(std::exchange(own_client_, nullptr), caf::exit_reason::kill);
  settle();
}

void world::release(callback which, caf::error cause) {
  eventually([&] { return client.in_flight() > 0; });
  check(client.release(which, std::move(cause)), "a call of " + to_string(which) + " to be held",
        "there is none");
  settle();
}

// -- the story ------------------------------------------------------------------------------------

void world::note(timespan at, callback_args args) {
  record_->note(at, std::move(args));
}

std::vector<recorded_call> world::callbacks_so_far() const {
  return record_->calls();
}

std::vector<std::string> world::lines() const {
  std::vector<std::string> result;
  for (const auto& x : callbacks_so_far())
    result.push_back(to_string(x));
  return result;
}

std::string world::story() const {
  std::string result = "callbacks so far:\n";
  auto all = callbacks_so_far();
  for (std::size_t i = 0; i < all.size(); ++i)
    result += "  " + print_time(all[i].at - began) + "  " + to_string(all[i])
              + (i < expected_ ? "\n" : "  (not expected yet)\n");
  return all.empty() ? result + "  none\n" : result;
}

} // namespace wsengine::testing
