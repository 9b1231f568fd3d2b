// transport.cpp: see wsengine/cluster/transport.hpp.

#include "wsengine/cluster/transport.hpp"

#include "cluster/credentials.hpp"
#include "cluster/joining.hpp"
#include "cluster/tls_errors.hpp"

#include "wsengine/cluster/register_types.hpp"
#include "wsengine/error.hpp"
#include "wsengine/register_types.hpp"

#include <caf/function_view.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>

#include <stdexcept>
#include <utility>

namespace wsengine::cluster {

// -- validation -----------------------------------------------------------------------------------

std::vector<option_problem> validate(const transport_options& options) {
  std::vector<option_problem> result;
  if (options.address.empty())
    result.push_back({"address", "must not be empty"});
  if (options.plain) {
    if (!options.address.empty() && !internal::is_loopback(options.address))
      result.push_back({"address", "must be a loopback address when nodes speak plain"});
    for (const auto& [field, path] :
         {std::pair{"certificate_file", &options.certificate_file},
          std::pair{"key_file", &options.key_file}, std::pair{"ca_file", &options.ca_file}})
      if (!path->empty())
        result.push_back({field, "is not used when nodes speak plain"});
  } else {
    internal::check_credentials(options, result);
  }
  if (options.heartbeat < std::chrono::milliseconds(10))
    result.push_back({"heartbeat", "must be at least 10 ms"});
  if (options.silence < 2 * options.heartbeat)
    result.push_back({"silence", "must be at least twice the heartbeat"});
  return result;
}

// -- configuration --------------------------------------------------------------------------------

node_config::node_config(const transport_options& options) {
  if (auto problems = validate(options); !problems.empty())
    throw std::invalid_argument{text_of(to_error(problems))};
  wsengine::register_types(*this);
  cluster::register_types(*this);
  load<caf::io::middleman>();
  compat::set_heartbeat(*this, options.heartbeat, options.silence);
  if (options.plain)
    return;
  internal::keep_tls_errors_apart();
  load<caf::openssl::manager>();
  compat::use_certificate(*this, options.certificate_file, options.key_file, options.ca_file);
}

// -- listening and joining ------------------------------------------------------------------------

caf::expected<std::uint16_t> listen(caf::actor_system& system, const transport_options& options,
                                    const caf::strong_actor_ptr& what,
                                    std::set<std::string> interface) {
  if (auto problems = validate(options); !problems.empty())
    return make_error(cluster_errc::invalid_options, text_of(to_error(problems)));
  auto manager = caf::make_function_view(internal::manager_of(system, options));
  // A node that is started again finds connections of the one before that are not forgotten yet
  // (TIME-WAIT); that another process listens there is an error all the same.
  constexpr auto reuse_address = true;
  auto port = manager(caf::publish_atom_v, options.port, what, std::move(interface),
                      options.address, reuse_address);
  if (!port)
    return make_error(cluster_errc::listen_failed, options.address + ":"
                                                     + std::to_string(options.port) + ": "
                                                     + describe(port.error()));
  return *port;
}

caf::expected<caf::strong_actor_ptr> join(caf::actor_system& system,
                                          const transport_options& options, const std::string& host,
                                          std::uint16_t port, std::set<std::string> interface) {
  endpoint where{host, port};
  if (auto problem = internal::why_not_reachable(options, where))
    return problem;
  auto manager = caf::make_function_view(internal::manager_of(system, options));
  auto found = manager(caf::connect_atom_v, host, port);
  if (!found)
    return internal::join_error(where, found.error());
  auto& [node, actor, offered] = *found;
  return internal::joined(system, where, std::move(actor), offered, interface);
}

} // namespace wsengine::cluster
