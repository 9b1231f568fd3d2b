// dial_options.cpp: see dial_options.hpp.

#include "dial_options.hpp"

#include "setters.hpp"

#include "wsengine/proxy.hpp"

#include <array>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

namespace wsengine::cli {

namespace {

using problem = std::optional<std::string>;

// -- setters --------------------------------------------------------------------------------------
//
// What they complain about they do not repeat, for it may hold a password.

option_setter basic(header_fields& field) {
  return [&field](const std::string& value) -> problem {
    auto colon = value.find(':');
    if (colon == std::string::npos)
      return "must have the form USER:PASSWORD";
    try {
      field.push_back(basic_auth(value.substr(0, colon), value.substr(colon + 1)));
      return {};
    } catch (const std::invalid_argument& x) {
      return x.what();
    }
  };
}

option_setter bearer(header_fields& field) {
  return [&field](const std::string& value) -> problem {
    field.push_back(bearer_auth(value));
    return value.empty() ? problem{"must not be empty"} : problem{};
  };
}

option_setter proxy(proxy_options& field) {
  return [&field](const std::string& value) -> problem {
    std::string fault;
    auto found = parse_proxy(value, &fault);
    if (!found)
      return fault;
    field.url = std::move(found->url);
    field.user = std::move(found->user);
    field.password = std::move(found->password);
    return {};
  };
}

option_setter exceptions(std::vector<std::string>& field) {
  return [&field](const std::string& value) -> problem {
    field = split_no_proxy(value);
    return {};
  };
}

option_setter rotate(url_order& field) {
  return [&field](const std::string&) -> problem {
    field = url_order::rotating;
    return {};
  };
}

// -- groups ---------------------------------------------------------------------------------------

option_group handshake_options(engine_options& engine) {
  constexpr auto any_count = std::numeric_limits<std::uint32_t>::max();
  std::vector<option> options{
    {"header", "'K: V'", "a header field for the upgrade request; repeatable",
     header(engine.request.headers), true},
    {"subprotocol", "P", "a subprotocol to offer; repeatable, the best first",
     append(engine.request.subprotocols), true},
    {"basic-auth", "USER:PASSWORD", "log in by the Basic scheme; others here can see it",
     basic(engine.request.headers), false, true},
    {"bearer-auth", "TOKEN", "log in with a token; others here can see it",
     bearer(engine.request.headers), false, true},
    {"cookies", "", "send the cookies back that servers set", flag(engine.keep_cookies)},
    {"max-redirects", "N", "how many redirects to follow (0)",
     number(engine.max_redirects, 0, any_count)},
    {"retry-after-cap", "D", "the longest wait that a server may ask for; 0: none (5m)",
     duration(engine.backoff.retry_after_cap)},
    {"failover", "URL", "a further URL to try when those before fail; repeatable",
     append(engine.more_urls), true},
    {"rotate", "", "begin an attempt with the URL behind the last one", rotate(engine.order)},
  };
  return {"Handshake", std::move(options)};
}

option_group route_options(connection_options& connection, bool& from_environment) {
  std::vector<option> options{
    {"proxy", "URL", "go through http://[USER:PASSWORD@]HOST[:PORT], or socks5://",
     proxy(connection.proxy), false, true},
    {"no-proxy", "LIST", "hosts to reach without the proxy, such as localhost,.lan,10.0.0.0/8",
     exceptions(connection.proxy.no_proxy)},
    {"proxy-from-env", "", "take both from http_proxy, https_proxy, all_proxy, no_proxy",
     flag(from_environment)},
    {"unix-socket", "PATH", "connect to a Unix-domain socket; URL says what to ask for there",
     text(connection.unix_socket)},
    {"resolution-delay", "D", "how long IPv4 waits for the name's IPv6 addresses (50ms)",
     duration(connection.resolution_delay)},
    {"connect-stagger", "D", "how long an address may keep the next one waiting (250ms)",
     duration(connection.connect_stagger)},
  };
  return {"Route", std::move(options)};
}

option_group security_options(tls_options& tls) {
  std::vector<option> options{
    {"ca", "FILE", "trust the certificates in this PEM file instead of the system's",
     text(tls.ca_file)},
    {"ca-dir", "DIR", "trust those in this folder, in OpenSSL's hashed layout",
     text(tls.ca_directory)},
    {"insecure", "", "do not verify the server's certificate", flag(tls.verify, false)},
    {"server-name", "NAME", "the name to ask for and to verify instead of the URL's",
     text(tls.server_name)},
    {"pin", "HASH", "accept only this key: base64 of the SHA-256 of its SPKI; repeatable",
     append(tls.pinned_keys), true},
    {"client-cert", "FILE", "our certificate and its chain, PEM", text(tls.certificate_file)},
    {"client-key", "FILE", "its key, PEM", text(tls.key_file)},
    choice<tls_version>("tls-min", "V", "the oldest version of TLS, 1.2 or 1.3 (1.2)",
                        tls.min_version,
                        {{"1.2", tls_version::tls_1_2}, {"1.3", tls_version::tls_1_3}}),
    {"alpn", "P", "a protocol to offer (ALPN); repeatable", append(tls.alpn), true},
    {"no-tls-resume", "", "make a full TLS handshake every time", flag(tls.resume, false)},
  };
  return {"TLS", std::move(options)};
}

// -- names ----------------------------------------------------------------------------------------

// What the library calls the fields, or how they begin.
constexpr std::array<std::pair<const char*, const char*>, 17> names{{
  {"request.headers", "--header"},
  {"request.subprotocols", "--subprotocol"},
  {"backoff.retry_after_cap", "--retry-after-cap"},
  {"more_urls", "--failover"},
  {"connection.proxy.no_proxy", "--no-proxy"},
  {"connection.proxy", "--proxy"},
  {"connection.unix_socket", "--unix-socket"},
  {"connection.resolution_delay", "--resolution-delay"},
  {"connection.connect_stagger", "--connect-stagger"},
  {"connection.tls.ca_file", "--ca"},
  {"connection.tls.ca_directory", "--ca-dir"},
  {"connection.tls.server_name", "--server-name"},
  {"connection.tls.pinned_keys", "--pin"},
  {"connection.tls.certificate_file", "--client-cert"},
  {"connection.tls.key_file", "--client-key"},
  {"connection.tls.min_version", "--tls-min"},
  {"connection.tls.alpn", "--alpn"},
}};

} // namespace

std::vector<option_group> dial_options(connect_arguments& into) {
  auto& connection = into.engine.connection;
  return {handshake_options(into.engine), route_options(connection, into.proxy_from_environment),
          security_options(connection.tls)};
}

std::string name_of_dial_field(const std::string& field) {
  for (const auto& [prefix, name] : names)
    if (field.starts_with(prefix))
      return name;
  return {};
}

} // namespace wsengine::cli
