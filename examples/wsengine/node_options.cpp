// node_options.cpp: see node_options.hpp.

#include "node_options.hpp"

#include "option_table.hpp"
#include "setters.hpp"

#include <map>
#include <utility>

namespace wsengine::cli {

namespace {

std::vector<option_group> node_options(node_arguments& into) {
  auto& transport = into.transport;
  std::vector<option> options{
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
    {"json", "", "print one JSON object a line", flag(into.json)},
  };
  return {{"Options", std::move(options)}};
}

/// What the library calls the field that an option sets.
const std::map<std::string, std::string, std::less<>> option_names = {
  {"address", "--address"}, {"certificate_file", "--cert"}, {"key_file", "--key"},
  {"ca_file", "--ca"},      {"heartbeat", "--heartbeat"},   {"silence", "--silence"},
};

} // namespace

arguments parse_node(const std::vector<std::string>& words) {
  node_arguments result;
  auto line = option_table{node_options(result)}.parse(words);
  line.refuse_positionals();
  for (const auto& [field, what] : validate(result.transport)) {
    auto name = option_names.find(field);
    line.problems.push_back((name == option_names.end() ? field : name->second) + ": " + what);
  }
  if (!line.problems.empty())
    return usage_error{std::move(line.problems)};
  return result;
}

manual manual_of_node() {
  node_arguments unused;
  manual result;
  result.name = "node";
  result.arguments = "[OPTION]...";
  result.summary = "has engines and connections run for other nodes";
  result.description =
    "Has engines and connections run for programs on other nodes, until SIGINT or SIGTERM: then "
    "it takes no new ones, closes every session, and ends. Other nodes reach it by "
    "wsengine::cluster::join. Nodes show each other certificates; --plain does without.";
  result.options = without_setters(node_options(unused));
  result.examples = {
    {"wsengine node --plain --port 4443", "A node for programs on this machine:"},
  };
  return result;
}

} // namespace wsengine::cli
