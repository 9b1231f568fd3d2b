// transport.cpp: see wsengine/cluster/transport.hpp.

#include "wsengine/cluster/transport.hpp"

#include "wsengine/cluster/register_types.hpp"
#include "wsengine/error.hpp"
#include "wsengine/register_types.hpp"

#include <caf/function_view.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/all.hpp>

#include <filesystem>
#include <stdexcept>
#include <utility>

namespace wsengine::cluster {

// -- validation -----------------------------------------------------------------------------------

namespace {

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// What a node that speaks TLS needs. CAF would end the process for a file that it cannot read.
void check_files(const transport_options& options, std::vector<option_problem>& problems) {
  auto check = [&](const char* field, const std::string& path) {
    std::error_code ec;
    if (path.empty())
      problems.push_back({field, "is needed unless nodes speak plain"});
    else if (!std::filesystem::is_regular_file(path, ec))
      problems.push_back({field, "is no file: " + path});
  };
  check("certificate_file", options.certificate_file);
  check("key_file", options.key_file);
  check("ca_file", options.ca_file);
}

} // namespace

std::vector<option_problem> validate(const transport_options& options) {
  std::vector<option_problem> result;
  if (options.address.empty())
    result.push_back({"address", "must not be empty"});
  if (options.plain) {
    if (!options.address.empty() && !is_loopback(options.address))
      result.push_back({"address", "must be a loopback address when nodes speak plain"});
    for (const auto& [field, path] :
         {std::pair{"certificate_file", &options.certificate_file},
          std::pair{"key_file", &options.key_file}, std::pair{"ca_file", &options.ca_file}})
      if (!path->empty())
        result.push_back({field, "is not used when nodes speak plain"});
  } else {
    check_files(options, result);
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
  set("middleman.heartbeat-interval", options.heartbeat);
  set("middleman.connection-timeout", options.silence);
  if (options.plain)
    return;
  load<caf::openssl::manager>();
  openssl_certificate = options.certificate_file;
  openssl_key = options.key_file;
  openssl_cafile = options.ca_file;
}

// -- listening and joining ------------------------------------------------------------------------

namespace {

// CAF's managers are typed actors, which say everything by one interface.
caf::io::middleman_actor manager_of(caf::actor_system& system, const transport_options& options) {
  return options.plain ? system.middleman().actor_handle()
                       : system.openssl_manager().actor_handle();
}

} // namespace

caf::expected<std::uint16_t> listen(caf::actor_system& system, const transport_options& options,
                                    const caf::strong_actor_ptr& what,
                                    std::set<std::string> interface) {
  if (auto problems = validate(options); !problems.empty())
    return make_error(cluster_errc::invalid_options, text_of(to_error(problems)));
  auto manager = caf::make_function_view(manager_of(system, options));
  auto port = manager(caf::publish_atom::value, options.port, what, std::move(interface),
                      options.address, false);
  if (!port)
    return make_error(cluster_errc::listen_failed, options.address + ":"
                                                     + std::to_string(options.port) + ": "
                                                     + describe(port.error()));
  return *port;
}

caf::expected<caf::strong_actor_ptr> join(caf::actor_system& system,
                                          const transport_options& options, const std::string& host,
                                          std::uint16_t port, std::set<std::string> interface) {
  auto where = host + ":" + std::to_string(port);
  if (options.plain && !is_loopback(host))
    return make_error(cluster_errc::invalid_options,
                      where + ": plain nodes are reached at loopback addresses only");
  auto manager = caf::make_function_view(manager_of(system, options));
  auto found = manager(caf::connect_atom::value, host, port);
  if (!found)
    return make_error(cluster_errc::join_failed, where + ": " + describe(found.error()));
  auto& [node, actor, offered] = *found;
  if (!actor)
    return make_error(cluster_errc::join_failed, where + ": nothing is published there");
  if (!system.assignable(offered, interface))
    return make_error(cluster_errc::join_failed, where + ": what is published there is another");
  return std::move(actor);
}

} // namespace wsengine::cluster
