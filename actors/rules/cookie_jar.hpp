// cookie_jar.hpp: the rules for cookies (RFC 6265).

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/url.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wsengine::rules {

/// Keeps the cookies of one engine in memory. It knows no clock and no list of public suffixes: a
/// cookie for a domain without a dot belongs to the host that set it.
class cookie_jar {
public:
  /// More cookies than this push the oldest out; longer ones are not taken.
  static constexpr std::size_t max_cookies = 100;
  static constexpr std::size_t max_size = 4096;

  /// Takes the cookies of a response from that URL.
  void take(const header_fields& headers, const url& from, timestamp now);

  /// Adds the cookies for that URL to a request; those of the request's own go first and win.
  void add_to(header_fields& headers, const url& to, timestamp now) const;

  [[nodiscard]] std::size_t size() const noexcept { return cookies_.size(); }

private:
  struct cookie {
    std::string name;
    std::string value;
    std::string domain;
    bool host_only = true;
    std::string path;
    bool secure = false;
    std::optional<timestamp> expires;
  };

  static std::optional<cookie> parse(std::string_view text, const url& from, timestamp now);
  static bool take_domain(cookie& into, std::string_view content, const url& from);
  static void take_attribute(cookie& into, const std::string& key, std::string_view content,
                             timestamp now);
  void store(cookie what, timestamp now);

  // The oldest first.
  std::vector<cookie> cookies_;
};

} // namespace wsengine::rules
