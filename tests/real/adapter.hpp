// adapter.hpp: the adapter that the suites of the contract run over.

#pragma once

#include "wsengine/connector.hpp"
#include "wsengine/host.hpp"

#include <string>

namespace wsengine::tests {

/// The name in the variable WSENGINE_TEST_ADAPTER; "beast" without it.
[[nodiscard]] std::string adapter_name();

/// Whether that adapter can compress messages; another one refuses to be asked for it.
[[nodiscard]] bool adapter_compresses();

/// Connections of that adapter. Throws when there is no such adapter.
[[nodiscard]] connector adapter_connector(host& io);

} // namespace wsengine::tests
