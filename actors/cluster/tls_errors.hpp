// tls_errors.hpp: keeps what goes wrong on one connection between nodes away from the others.

#pragma once

namespace wsengine::internal {

/// From now on, every operation of TLS over a socket begins with an empty error queue, as
/// SSL_get_error(3) wants it. CAF does not see to that: the error that a connection leaves behind
/// (its peer has died, or does not speak TLS) then ends every other one of the same thread as soon
/// as that waits for data. For all connections of this process that are made from now on, whoever
/// makes them. A second call does nothing. From any thread.
void keep_tls_errors_apart();

} // namespace wsengine::internal
