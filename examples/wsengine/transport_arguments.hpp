// transport_arguments.hpp: the options by which all commands reach other nodes.

#pragma once

#include "option_table.hpp"

#include "wsengine/cluster/transport.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace wsengine::cli {

/// How to speak with other nodes.
[[nodiscard]] std::vector<option> transport_options_for(cluster::transport_options& into);

/// Where to listen.
[[nodiscard]] std::vector<option> listening_options_for(cluster::transport_options& into);

/// Complains about bad values of `options`.
void check_transport(const cluster::transport_options& options, split_line& line);

/// How other nodes name a node that listens at that port.
[[nodiscard]] std::string url_of(const cluster::transport_options& options, std::uint16_t port);

/// Takes a place of the form HOST:PORT, with brackets around an IPv6 address.
[[nodiscard]] option_setter place(cluster::endpoint& field);

/// Adds such a place to a list.
[[nodiscard]] option_setter append_place(std::vector<cluster::endpoint>& field);

} // namespace wsengine::cli
