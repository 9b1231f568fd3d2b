// connection_source.cpp: see connection_source.hpp, and remote_connection.hpp of the interface.

#include "cluster/connection_source.hpp"

#include "wsengine/cluster/remote_connection.hpp"
#include "wsengine/error.hpp"
#include "wsengine/hosted.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace wsengine::internal {

// -- lent_connections -----------------------------------------------------------------------------

lent_connections::lent_connections(caf::scheduled_actor& self, std::function<connector()> connect)
  : self_(self),
    connect_(std::move(connect)) {}

caf::expected<connection_actor> lent_connections::make(const caf::strong_actor_ptr& borrower) {
  auto result = borrower ? connect_().spawn(self_) : connection_actor{};
  if (!result)
    return make_error(cluster_errc::node_lost, "the node made no connection");
  auto to = caf::actor_cast<caf::actor_addr>(borrower);
  connection_of_.emplace(to, result.address());
  borrower_of_.emplace(result.address(), to);
  self_.monitor(borrower);
  self_.monitor(result);
  return result;
}

bool lent_connections::down(const caf::actor_addr& who) {
  if (auto lent = connection_of_.extract(who)) {
    borrower_of_.erase(lent.mapped());
    if (auto connection = caf::actor_cast<caf::actor>(lent.mapped()))
      compat::send_exit(connection, caf::exit_reason::user_shutdown);
    return true;
  }
  if (auto dead = borrower_of_.extract(who)) {
    connection_of_.erase(dead.mapped());
    return true;
  }
  return false;
}

void lent_connections::end_all() {
  for (const auto& [connection, borrower] : std::exchange(borrower_of_, {}))
    if (auto handle = caf::actor_cast<caf::actor>(connection))
      compat::send_exit(handle, caf::exit_reason::user_shutdown);
  connection_of_.clear();
}

// -- the actor ------------------------------------------------------------------------------------

namespace {

class connection_source : public hosted<cluster::connection_source_actor::base> {
public:
  connection_source(caf::actor_config& cfg, connector connect)
    : hosted(cfg),
      lent_(*this, [connect = std::move(connect)] { return connect; }) {
    set_down_handler([this](const caf::down_msg& what) { lent_.down(what.source); });
    set_error_handler([](const caf::error&) {});
  }

  const char* name() const override { return "wsengine.connection_source"; }

  behavior_type make_behavior() override {
    return {
      [this](const cluster::make_connection_msg&) -> caf::result<connection_actor> {
        return lent_.make(current_sender());
      },
    };
  }

  void on_exit() override { lent_.end_all(); }

private:
  lent_connections lent_;
};

} // namespace

} // namespace wsengine::internal

namespace wsengine::cluster {

connection_source_actor spawn_connection_source(caf::actor_system& system, connector connect) {
  auto* unit = connect.unit;
  caf::actor_config cfg{unit};
  return system.spawn_class<internal::connection_source, caf::no_spawn_options>(cfg,
                                                                                std::move(connect));
}

} // namespace wsengine::cluster
