// credentials.hpp: whether the files by which a node shows who it is are what they should be.

#pragma once

#include "wsengine/cluster/transport.hpp"
#include "wsengine/options.hpp"

#include <vector>

namespace wsengine::internal {

/// Adds what is wrong with the certificate, the key and the authorities of a node that speaks TLS.
/// Reads the files. CAF would end the process for some of the mistakes, and listen in spite of
/// others, so that nobody gets in.
void check_credentials(const cluster::transport_options& options,
                       std::vector<option_problem>& problems);

} // namespace wsengine::internal
