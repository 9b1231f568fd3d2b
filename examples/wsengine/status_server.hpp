// status_server.hpp: serves the status page on 127.0.0.1, on a thread of its own.

#pragma once

#include "status_site.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace wsengine::cli {

/// An HTTP server for one site. Neither slow nor many clients keep it from anything else: each has
/// ten seconds for a request, of which it may send 16 KiB, and sixty-four are served at a time.
class status_server {
public:
  /// Serves `site` from now on, at that port of 127.0.0.1; 0 picks a free one. Throws
  /// `std::runtime_error` with a text for people when that is not to be had. The functions of the
  /// site are called on the server's thread.
  status_server(status_site site, std::uint16_t port);

  status_server(const status_server&) = delete;
  status_server& operator=(const status_server&) = delete;

  /// Ends all connections.
  ~status_server();

  [[nodiscard]] std::uint16_t port() const noexcept;

  /// Where a browser finds the page, with the token.
  [[nodiscard]] std::string url() const;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace wsengine::cli
