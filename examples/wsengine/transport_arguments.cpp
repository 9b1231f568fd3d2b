// transport_arguments.cpp: see transport_arguments.hpp.

#include "transport_arguments.hpp"

#include "line_outcome.hpp"
#include "setters.hpp"

#include <optional>

namespace wsengine::cli {

namespace {

/// What the library calls the field that an option sets.
const field_names option_names = {
  {"address", "--address"}, {"certificate_file", "--cert"}, {"key_file", "--key"},
  {"ca_file", "--ca"},      {"heartbeat", "--heartbeat"},   {"silence", "--silence"},
};

} // namespace

std::vector<option> transport_options_for(cluster::transport_options& into) {
  return {
    {"cert", "FILE", "our certificate chain, PEM", text(into.certificate_file)},
    {"key", "FILE", "its key, PEM, not encrypted", text(into.key_file)},
    {"ca", "FILE", "who must have signed the certificates of other nodes, PEM", text(into.ca_file)},
    {"plain", "", "without TLS, at loopback; all there may do everything", flag(into.plain)},
    {"heartbeat", "D", "how often to tell other nodes that this one lives (1s)",
     duration(into.heartbeat)},
    {"silence", "D", "how long another node may be silent before it counts as gone (4s)",
     duration(into.silence)},
  };
}

std::vector<option> listening_options_for(cluster::transport_options& into) {
  return {
    {"address", "A", "the address to listen at (127.0.0.1)", text(into.address)},
    {"port", "P", "the port; 0 picks a free one (0)", number(into.port, 0, 65535)},
  };
}

void check_transport(const cluster::transport_options& options, split_line& line) {
  complain_about(validate(options), option_names, line);
}

std::string url_of(const cluster::transport_options& options, std::uint16_t port) {
  return (options.plain ? "plain://" : "tls://") + options.address + ":" + std::to_string(port);
}

option_setter place(cluster::endpoint& field) {
  return [&field](const std::string& value) -> std::optional<std::string> {
    auto colon = value.rfind(':');
    if (colon == std::string::npos || colon == 0)
      return "must be HOST:PORT";
    auto host = value.substr(0, colon);
    if (host.front() == '[' && host.back() == ']')
      host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string::npos)
      return "must have brackets around an IPv6 address";
    if (auto problem = number(field.port, 1, 65535)(value.substr(colon + 1)))
      return "the port " + *problem;
    field.host = std::move(host);
    return {};
  };
}

option_setter append_place(std::vector<cluster::endpoint>& field) {
  return [&field](const std::string& value) -> std::optional<std::string> {
    cluster::endpoint one;
    if (auto problem = place(one)(value))
      return problem;
    field.push_back(std::move(one));
    return {};
  };
}

} // namespace wsengine::cli
