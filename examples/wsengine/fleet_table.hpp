// fleet_table.hpp: how a fleet is, as tables for people or as JSON for programs.

#pragma once

#include "wsengine/cluster/fleet.hpp"

#include <string>

namespace wsengine::cli {

/// Two tables, of the nodes and of the sessions, without a line feed at the end.
[[nodiscard]] std::string to_table(const cluster::fleet_status& what);

/// One JSON object in one line.
[[nodiscard]] std::string to_json(const cluster::fleet_status& what);

} // namespace wsengine::cli
