// scenarios.hpp: the scenarios. Each runs to its end and prints its line. Every client has some of
// them, see its main.cpp.

#pragma once

#include "common/arguments.hpp"

namespace wsengine::bench {

/// `rtt`, `tls_rtt`: one message at a time goes there and back.
void run_rtt(const arguments& args);

/// `large`: the same for long messages, of which the bytes count.
void run_large(const arguments& args);

/// `flood`, `tls_flood`: the server sends as fast as it can.
void run_flood(const arguments& args);

/// `sink`: the client sends as fast as it can.
void run_sink(const arguments& args);

/// `idle`: many sessions that do nothing.
void run_idle(const arguments& args);

/// `reconnect`: the server drops the connection, the client comes back.
void run_reconnect(const arguments& args);

/// `busy`: many sessions with one message each on its way.
void run_busy(const arguments& args);

/// `herd`: many sessions that lose their server and come back, within a budget.
void run_herd(const arguments& args);

} // namespace wsengine::bench
