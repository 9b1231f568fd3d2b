// status_site.hpp: what the status page answers to which request, and who may do what. Pure: no
// socket.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace wsengine::cli {

/// What matters of an HTTP request.
struct site_request {
  std::string method;
  std::string target;
  std::string host;
  std::string authorization;
};

/// An HTTP response.
struct site_response {
  unsigned status = 200;
  std::string content_type;
  std::string body;
  /// The value of `Allow`, for status 405.
  std::string allow = {};
  /// The value of `Content-Security-Policy`; empty for none.
  std::string policy = {};
};

/// What somebody asks an engine to do.
enum class site_action : std::uint8_t { restart, stop };

/// The site. Everybody on this machine may look; acting takes the token. Requests for another host
/// than this one are refused, for a page from elsewhere that has its name point here would be one
/// (DNS rebinding).
class status_site {
public:
  struct sources {
    /// The JSON of all engines.
    std::function<std::string()> status;
    /// The text for Prometheus; empty when there is none.
    std::function<std::string()> metrics;
    /// Does it to the engine with that number. Returns whether there is one.
    std::function<bool(std::uint64_t engine, site_action what)> act;
  };

  /// `title` is the page's heading, `token` what acting takes.
  status_site(std::string title, std::string token, sources from);

  /// The port that `Host` has to name; set before the first request.
  void listen_on(std::uint16_t port) noexcept { port_ = port; }

  [[nodiscard]] site_response answer(const site_request& to) const;

  [[nodiscard]] const std::string& token() const noexcept { return token_; }

private:
  [[nodiscard]] site_response page() const;
  [[nodiscard]] site_response act(const site_request& to) const;
  [[nodiscard]] bool is_for_us(std::string_view host) const;
  [[nodiscard]] bool is_allowed(std::string_view authorization) const;

  std::string title_;
  std::string token_;
  sources from_;
  std::uint16_t port_ = 0;
};

/// Draws 128 bits that nobody can guess, as 32 hexadecimal digits.
[[nodiscard]] std::string make_token();

} // namespace wsengine::cli
