// joining.cpp: see joining.hpp.

#include "cluster/joining.hpp"

#include "wsengine/error.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>

#include <utility>

namespace wsengine::internal {

using namespace cluster;

namespace {

std::string text_of(const endpoint& where) {
  return where.host + ":" + std::to_string(where.port);
}

} // namespace

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// CAF's managers are typed actors, which say everything by one interface.
caf::io::middleman_actor manager_of(caf::actor_system& system, const transport_options& options) {
  return options.plain ? system.middleman().actor_handle()
                       : system.openssl_manager().actor_handle();
}

caf::error why_not_reachable(const transport_options& options, const endpoint& where) {
  if (!options.plain || is_loopback(where.host))
    return {};
  return make_error(cluster_errc::invalid_options,
                    text_of(where) + ": plain nodes are reached at loopback addresses only");
}

caf::error join_error(const endpoint& where, const caf::error& cause) {
  return make_error(cluster_errc::join_failed, text_of(where) + ": " + describe(cause));
}

caf::expected<caf::strong_actor_ptr> joined(caf::actor_system& system, const endpoint& where,
                                            caf::strong_actor_ptr actor,
                                            const std::set<std::string>& offered,
                                            const std::set<std::string>& interface) {
  if (!actor)
    return make_error(cluster_errc::join_failed, text_of(where) + ": nothing is published there");
  if (!system.assignable(offered, interface))
    return make_error(cluster_errc::join_failed,
                      text_of(where) + ": what is published there is another");
  return actor;
}

} // namespace wsengine::internal
