// arguments.hpp: the command line that all clients of the bench share.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wsengine::bench {

/// `CLIENT PORT SCENARIO N SIZE [--deflate] [--client KIND] [--placement WHERE] [--messages M]
/// [--metrics] [--otlp RATIO]`.
struct arguments {
  /// The server's port on 127.0.0.1; scenarios over TLS use the next one.
  std::uint16_t port = 0;
  std::string scenario;
  /// Messages, or sessions for `idle`, `busy` and `herd`, or drops for `reconnect`.
  std::uint64_t n = 0;
  /// The bytes of each message.
  std::size_t size = 0;
  /// Whether the client offers permessage-deflate, and the server takes it.
  bool deflate = false;
  /// What the client is made of: `callbacks`, `actor` or `batches`. For wsengine only.
  std::string client = "callbacks";
  /// Where it runs: `io`, `scheduler` or `detached`. For wsengine only.
  std::string placement = "io";
  /// Whether an observer counts for Prometheus. For wsengine only.
  bool metrics = false;
  /// Which part of messages and of all else is traced, and written as OTLP to nowhere; nothing:
  /// there is no tracer. For wsengine only.
  std::optional<double> traced;
  /// All messages of all sessions together, for `busy`.
  std::uint64_t messages = 100'000;

  /// Whether the scenario runs over TLS.
  [[nodiscard]] bool tls() const noexcept;
  /// The scenario without `tls_`.
  [[nodiscard]] std::string_view kind() const noexcept;
  /// The port to connect to.
  [[nodiscard]] std::uint16_t target_port() const noexcept;
  /// The path that the scenario asks the server for.
  [[nodiscard]] std::string path() const;
};

/// Reads the command line; throws `std::invalid_argument` with a text for people.
arguments parse_arguments(const std::vector<std::string>& words);

/// How the command line is used.
std::string usage(std::string_view program);

} // namespace wsengine::bench
