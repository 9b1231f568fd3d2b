// arguments_node.cpp: the command line of `wsengine node`.

#define CAF_SUITE arguments_node

#include "pure/connect_line.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <chrono>

using namespace wsengine::cli;
using namespace std::chrono_literals;

namespace {

node_arguments node(words options) {
  options.insert(options.begin(), "node");
  return std::get<node_arguments>(parse_arguments(options));
}

} // namespace

CAF_TEST(a plain node needs nothing else) {
  auto uut = node({"--plain"});
  CAF_CHECK(uut.transport.plain);
  CAF_CHECK_EQUAL(uut.transport.address, "127.0.0.1");
  CAF_CHECK_EQUAL(uut.transport.port, 0U);
  CAF_CHECK_EQUAL(uut.name, "node");
  CAF_CHECK(!uut.json);
  CAF_CHECK(!uut.status_port);
}

CAF_TEST(every option of a node sets its field) {
  auto uut = node({"--plain", "--address", "::1", "--port", "4443", "--name", "east", "--heartbeat",
                   "100ms", "--silence", "2s", "--status", "0", "--json", "--otlp", "spans.jsonl"});
  CAF_CHECK_EQUAL(uut.transport.address, "::1");
  CAF_CHECK_EQUAL(uut.transport.port, 4443U);
  CAF_CHECK_EQUAL(uut.name, "east");
  CAF_CHECK(uut.transport.heartbeat == 100ms);
  CAF_CHECK(uut.transport.silence == 2s);
  CAF_CHECK(uut.status_port == std::uint16_t{0});
  CAF_CHECK_EQUAL(uut.tracing.file, "spans.jsonl");
  CAF_CHECK(uut.json);
}

CAF_TEST(a node without certificates is told all that it needs) {
  CAF_CHECK(names_all(problems({"node"}), {"--cert", "--key", "--ca"}));
}

CAF_TEST(problems of a node go by the names of the options) {
  CAF_CHECK(names_all(problems({"node", "--plain", "--address", "0.0.0.0"}), {"--address"}));
  CAF_CHECK(names_all(problems({"node", "--plain", "--heartbeat", "1ms", "--silence", "1ms"}),
                      {"--heartbeat", "--silence"}));
  CAF_CHECK(names_all(problems({"node", "--plain", "--bad", "word"}), {"--bad", "word"}));
}

CAF_TEST(a node has help) {
  auto help = std::get<help_arguments>(parse_arguments({"node", "--help"}));
  CAF_CHECK(help.text.find("--plain") != std::string::npos);
}
