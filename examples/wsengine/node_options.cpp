// node_options.cpp: see node_options.hpp.

#include "node_options.hpp"

#include "option_table.hpp"
#include "setters.hpp"

#include <map>
#include <utility>

namespace wsengine::cli {

namespace {

option_table node_options(node_arguments& into) {
  auto& transport = into.transport;
  return option_table{{
    {"address", "A", "the address to listen at (127.0.0.1)", text(transport.address)},
    {"port", "P", "the port; 0 picks a free one (0)", number(transport.port, 0, 65535)},
    {"name", "NAME", "what the node is called in reports (node)", text(into.name)},
    {"cert", "FILE", "the node's certificate chain, PEM", text(transport.certificate_file)},
    {"key", "FILE", "its key, PEM, not encrypted", text(transport.key_file)},
    {"ca", "FILE", "who must have signed the certificates of other nodes, PEM",
     text(transport.ca_file)},
    {"plain", "", "speak without TLS, at a loopback address: everybody there may do everything",
     flag(transport.plain)},
    {"heartbeat", "D", "how often to tell other nodes that this one lives (1s)",
     duration(transport.heartbeat)},
    {"silence", "D", "how long another node may be silent before it counts as gone (4s)",
     duration(transport.silence)},
    {"status", "PORT", "serve a status page on 127.0.0.1; 0 picks a free port",
     number(into.status_port, 0, 65535)},
    {"json", "", "print one JSON object a line", flag(into.json)},
  }};
}

/// What the library calls the field that an option sets.
const std::map<std::string, std::string, std::less<>> option_names = {
  {"address", "--address"}, {"certificate_file", "--cert"}, {"key_file", "--key"},
  {"ca_file", "--ca"},      {"heartbeat", "--heartbeat"},   {"silence", "--silence"},
};

constexpr auto node_help = R"(usage: wsengine node [OPTION]...

Has engines and connections run for programs on other nodes, until SIGINT or SIGTERM: then it takes
no new ones, closes every session, and ends. Other nodes reach it by wsengine::cluster::join. Nodes
show each other certificates; --plain does without.

)";

} // namespace

arguments parse_node(const std::vector<std::string>& words) {
  node_arguments result;
  auto line = node_options(result).parse(words);
  line.refuse_positionals();
  for (const auto& [field, what] : validate(result.transport)) {
    auto name = option_names.find(field);
    line.problems.push_back((name == option_names.end() ? field : name->second) + ": " + what);
  }
  if (!line.problems.empty())
    return usage_error{std::move(line.problems)};
  return result;
}

std::string help_for_node() {
  node_arguments unused;
  return node_help + node_options(unused).help();
}

} // namespace wsengine::cli
