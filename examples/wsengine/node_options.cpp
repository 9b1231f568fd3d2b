// node_options.cpp: see node_options.hpp.

#include "node_options.hpp"

#include "line_outcome.hpp"
#include "option_table.hpp"
#include "setters.hpp"
#include "transport_arguments.hpp"

#include <utility>

namespace wsengine::cli {

namespace {

std::vector<option_group> node_options(node_arguments& into) {
  auto options = listening_options_for(into.transport);
  options.push_back(
    {"name", "NAME", "what the node is called in reports and in a fleet (node)", text(into.name)});
  options.push_back({"join", "HOST:PORT", "where the director of a fleet is, or may be; repeatable",
                     append_place(into.directors), true});
  options.push_back({"status", "PORT", "serve a status page on 127.0.0.1; 0 picks a free port",
                     number(into.status_port, 0, 65535)});
  options.push_back({"json", "", "print one JSON object a line", flag(into.json)});
  return {{"Options", std::move(options)},
          {"Other nodes", transport_options_for(into.transport)},
          tracing_options_for(into.tracing)};
}

} // namespace

arguments parse_node(const std::vector<std::string>& words) {
  node_arguments result;
  auto line = option_table{node_options(result)}.parse(words);
  line.refuse_positionals();
  check_transport(result.transport, line);
  check_tracing(result.tracing, line);
  return outcome_of(std::move(line), std::move(result));
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
    "wsengine::cluster::join. Nodes show each other certificates; --plain does without. With "
    "--join "
    "it is a member of a fleet, and hands its sessions over to the others before it ends.";
  result.essential = {"address", "port", "name", "join", "status",
                      "json",    "cert", "key",  "ca",   "plain"};
  result.options = without_setters(node_options(unused));
  result.examples = {
    {"wsengine node --plain --port 4443", "A node for programs on this machine:"},
    {"wsengine node --plain --name east --join 127.0.0.1:7000", "A member of a fleet:"},
  };
  return result;
}

} // namespace wsengine::cli
