// recorder.cpp: the recorder of wsengine/recording.hpp.

#include "recording_callbacks.hpp"
#include "recording_client.hpp"
#include "recording_connection.hpp"
#include "recording_writer.hpp"

#include "wsengine/error.hpp"
#include "wsengine/recording.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_companion.hpp>
#include <caf/mailbox_element.hpp>

#include <utility>

namespace wsengine {

namespace {

void put_stopped(recording_writer& to, const caf::error& why) {
  auto info = describe(why);
  auto name = info.substr(0, info.find(':'));
  to.put("stopped", std::move(name), std::move(info));
}

} // namespace

recorder::recorder(caf::actor_system& system, std::ostream& to, recorder_options options)
  : system_(system),
    writer_(std::make_shared<recording_writer>(compat::clock_of(system), to, options)) {}

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

// What the engine says is taken on its own thread, before anybody who asks later is told: the
// program may end then. Hidden: an engine that never stops must not keep the system from ending.
void recorder::watch(const engine_actor& engine) const {
  auto watcher = system_.spawn<caf::actor_companion, caf::hidden>();
  auto* companion =
    static_cast<caf::actor_companion*>(caf::actor_cast<caf::abstract_actor*>(watcher));
  companion->on_enqueue([to = writer_](const caf::mailbox_element_ptr& what) {
    if (what->content().match_elements<stop_report>())
      put_stopped(*to, what->content().get_as<stop_report>(0).reason);
  });
  compat::enqueue(caf::actor_cast<caf::strong_actor_ptr>(engine),
                  caf::actor_cast<caf::strong_actor_ptr>(watcher),
                  caf::make_message(wait_stopped_msg{}));
}

void recorder::note(std::string name, std::string info) const {
  writer_->put("note", std::move(name), std::move(info));
}

void recorder::flush() const {
  writer_->flush();
}

} // namespace wsengine
