// tunnel.hpp: what we and a proxy say to each other until it lets us through to a server. Knows no
// sockets: whoever carries the bytes asks what to send and hands in what came.

#pragma once

#include "wsengine/proxy.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace wsengine::io {

/// One conversation with a proxy.
class tunnel {
public:
  enum class state {
    /// The conversation goes on.
    talking,
    /// What is sent from now on reaches the server.
    open,
    /// The proxy refuses, or does not speak its protocol.
    failed,
  };

  virtual ~tunnel() = default;

  /// What to send now; empty when it is the proxy's turn.
  [[nodiscard]] std::string take_output();

  /// How many bytes to read at most: none beyond what the proxy itself has to say.
  [[nodiscard]] virtual std::size_t wants() const = 0;

  /// Takes in what the proxy said.
  virtual void take(std::string_view bytes) = 0;

  [[nodiscard]] state current() const noexcept { return state_; }

  /// Why it failed.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

protected:
  void say(std::string bytes) { out_ += bytes; }
  void succeed() noexcept { state_ = state::open; }
  void fail(std::string problem);

private:
  std::string out_;
  state state_ = state::talking;
  std::string problem_;
};

/// The way through that proxy to a host, which is a name or an address without brackets. User and
/// password are those of `login`.
std::unique_ptr<tunnel> make_tunnel(proxy_address::protocol speaks, const std::string& host,
                                    std::uint16_t port, const proxy_options& login);

} // namespace wsengine::io
