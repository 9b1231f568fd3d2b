// node_options.cpp: see node_options.hpp.

#include "node_options.hpp"

#include "option_table.hpp"
#include "setters.hpp"
#include "transport_arguments.hpp"

#include <utility>

namespace wsengine::cli {

namespace {

option_table node_options(node_arguments& into) {
  auto result = listening_options_for(into.transport);
  result.push_back(
    {"name", "NAME", "what the node is called in reports and in a fleet (node)", text(into.name)});
  result.push_back({"join", "HOST:PORT", "where the director of a fleet is, or may be; repeatable",
                    append_place(into.directors), true});
  for (auto& x : transport_options_for(into.transport))
    result.push_back(std::move(x));
  result.push_back({"status", "PORT", "serve a status page on 127.0.0.1; 0 picks a free port",
                    number(into.status_port, 0, 65535)});
  result.push_back({"json", "", "print one JSON object a line", flag(into.json)});
  return option_table{std::move(result)};
}

constexpr auto node_help = R"(usage: wsengine node [OPTION]...

Has engines and connections run for programs on other nodes, until SIGINT or SIGTERM: then it takes
no new ones, closes every session, and ends. Other nodes reach it by wsengine::cluster::join. Nodes
show each other certificates; --plain does without. With --join it is a member of a fleet, and hands
its sessions over to the others before it ends.

)";

} // namespace

arguments parse_node(const std::vector<std::string>& words) {
  node_arguments result;
  auto line = node_options(result).parse(words);
  line.refuse_positionals();
  check_transport(result.transport, line);
  if (!line.problems.empty())
    return usage_error{std::move(line.problems)};
  return result;
}

std::string help_for_node() {
  node_arguments unused;
  return node_help + node_options(unused).help();
}

} // namespace wsengine::cli
