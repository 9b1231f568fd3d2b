// recorder.cpp: the recorder of wsengine/recording.hpp.

#include "recording_callbacks.hpp"
#include "recording_client.hpp"
#include "recording_connection.hpp"
#include "recording_writer.hpp"

#include "wsengine/error.hpp"
#include "wsengine/recording.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <utility>

namespace wsengine {

namespace {

/// Waits for the end of an engine.
class end_watcher : public caf::event_based_actor {
public:
  end_watcher(caf::actor_config& cfg, engine_actor engine, std::shared_ptr<recording_writer> to)
    : caf::event_based_actor(cfg),
      engine_(std::move(engine)),
      to_(std::move(to)) {}

  const char* name() const override { return "wsengine.end_watcher"; }

  caf::behavior make_behavior() override {
    request(std::exchange(engine_, nullptr), caf::infinite, wait_stopped_msg{})
      .then([this](const stop_report& x) { stopped(x.reason); },
            [this](const caf::error& x) { stopped(x); });
    return {};
  }

private:
  void stopped(const caf::error& why) {
    recorded_event event;
    event.what = "stopped";
    event.info = describe(why);
    event.name = event.info.substr(0, event.info.find(':'));
    to_->put(std::move(event));
  }

  engine_actor engine_;
  std::shared_ptr<recording_writer> to_;
};

} // namespace

recorder::recorder(caf::actor_system& system, std::ostream& to, recorder_options options)
  : system_(system),
    writer_(std::make_shared<recording_writer>(system.scheduler().clock(), to, options)) {}

recorder::~recorder() {
  writer_->finish();
}

connector recorder::record(connector inner) const {
  auto* unit = inner.unit;
  return {unit, [to = writer_, inner = std::move(inner)](caf::local_actor& engine) {
            auto connection = inner.spawn(engine);
            if (!connection)
              return connection;
            return connection_actor{spawn_hosted<recording_connection>(engine.system(), inner.unit,
                                                                       to, std::move(connection))};
          }};
}

std::shared_ptr<callbacks> recorder::record(std::shared_ptr<callbacks> client) const {
  return std::make_shared<recording_callbacks>(writer_, std::move(client));
}

client_actor recorder::record(client_actor client) const {
  return system_.spawn<recording_client>(writer_, caf::actor_cast<caf::actor>(client));
}

batch_client_actor recorder::record(batch_client_actor client) const {
  return system_.spawn<recording_client>(writer_, caf::actor_cast<caf::actor>(client));
}

void recorder::watch(const engine_actor& engine) const {
  // Hidden: an engine that never stops must not keep the system from ending.
  system_.spawn<end_watcher, caf::hidden>(engine, writer_);
}

void recorder::note(std::string name, std::string info) const {
  recorded_event event;
  event.what = "note";
  event.name = std::move(name);
  event.info = std::move(info);
  writer_->put(std::move(event));
}

void recorder::flush() const {
  writer_->flush();
}

} // namespace wsengine
