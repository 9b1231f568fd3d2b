// arguments_fleet.cpp: the command lines of `wsengine director` and `wsengine fleet`.

#define CAF_SUITE arguments_fleet

#include "pure/connect_line.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <chrono>

using namespace wsengine::cli;
using namespace std::chrono_literals;

namespace {

fleet_arguments fleet(words options) {
  options.insert(options.begin(), "fleet");
  options.insert(options.end(), {"--plain", "--director", "localhost:7000"});
  return std::get<fleet_arguments>(parse_arguments(options));
}

words fleet_problems(words options) {
  options.insert(options.begin(), "fleet");
  options.insert(options.end(), {"--plain", "--director", "localhost:7000"});
  return problems(options);
}

} // namespace

CAF_TEST(a plain director needs nothing else) {
  auto uut = std::get<director_arguments>(parse_arguments({"director", "--plain"}));
  CAF_CHECK(uut.transport.plain);
  CAF_CHECK(uut.director == wsengine::cluster::director_options{});
}

CAF_TEST(every option of a director sets its field) {
  auto uut = std::get<director_arguments>(parse_arguments(
    {"director", "--plain", "--port",  "7000",    "--lease", "3s",       "--fencing",
     "200ms",    "--drift", "0.1",     "--slack", "2",       "--starts", "5.5",
     "--burst",  "7",       "--moves", "3",       "--first", "--json"}));
  CAF_CHECK_EQUAL(uut.transport.port, 7000U);
  CAF_CHECK(uut.director.lease == 3s);
  CAF_CHECK(uut.director.fencing == 200ms);
  CAF_CHECK_EQUAL(uut.director.drift, 0.1);
  CAF_CHECK_EQUAL(uut.director.slack, 2.0);
  CAF_CHECK_EQUAL(uut.director.starts_per_second, 5.5);
  CAF_CHECK_EQUAL(uut.director.start_burst, 7U);
  CAF_CHECK_EQUAL(uut.director.moves_at_once, 3U);
  CAF_CHECK(uut.director.is_first);
  CAF_CHECK(uut.json);
}

CAF_TEST(problems of a director go by the names of the options) {
  CAF_CHECK(names_all(problems({"director", "--plain", "--lease", "0s", "--fencing", "0s",
                                "--drift", "2", "--slack", "0", "--starts", "0"}),
                      {"--lease", "--fencing", "--drift", "--slack", "--starts"}));
  CAF_CHECK(names_all(problems({"director"}), {"--cert", "--key", "--ca"}));
}

CAF_TEST(every action takes its words) {
  using action = fleet_arguments::action;
  CAF_CHECK(fleet({"status"}).what == action::status);
  CAF_CHECK(fleet({"add", "k", "ws://h/"}).what == action::add);
  CAF_CHECK(fleet({"add", "k", "ws://h/"}).words == words{"k", "ws://h/"});
  CAF_CHECK(fleet({"remove", "k", "l"}).words == words{"k", "l"});
  CAF_CHECK(fleet({"drain", "n"}).what == action::drain);
  CAF_CHECK(fleet({"admit", "n"}).what == action::admit);
  CAF_CHECK(fleet({"move", "k", "n"}).words == words{"k", "n"});
}

CAF_TEST(every option of the fleet sets its field) {
  auto uut = fleet({"status", "--watch", "--interval", "5s", "--json"});
  CAF_CHECK_EQUAL(uut.director.host, "localhost");
  CAF_CHECK_EQUAL(uut.director.port, 7000U);
  CAF_CHECK(uut.watch);
  CAF_CHECK(uut.interval == 5s);
  CAF_CHECK(uut.json);
  auto add = fleet({"add", "--file", "f", "--client", "printer"});
  CAF_CHECK_EQUAL(add.file, "f");
  CAF_CHECK_EQUAL(add.client_type, "printer");
  CAF_CHECK(add.words.empty());
}

CAF_TEST(actions that are none or lack something) {
  CAF_CHECK(names_all(fleet_problems({}), {"what is to be done"}));
  CAF_CHECK(names_all(fleet_problems({"restart"}), {"unknown action restart"}));
  CAF_CHECK(names_all(fleet_problems({"add", "k"}), {"missing URL"}));
  CAF_CHECK(names_all(fleet_problems({"remove"}), {"missing KEY"}));
  CAF_CHECK(names_all(fleet_problems({"drain", "n", "m"}), {"unexpected argument m"}));
  CAF_CHECK(names_all(fleet_problems({"add", "k", "u", "--file", "f"}), {"unexpected argument k"}));
  CAF_CHECK(names_all(fleet_problems({"status", "--client", "c"}), {"--client is for add"}));
  CAF_CHECK(names_all(fleet_problems({"drain", "n", "--watch"}), {"--watch is for status"}));
  CAF_CHECK(names_all(fleet_problems({"status", "--interval", "1s"}), {"--interval needs"}));
  CAF_CHECK(names_all(problems({"fleet", "status", "--plain"}), {"--director"}));
}

CAF_TEST(a place has a host and a port) {
  auto join = [](const std::string& place) {
    return std::get<node_arguments>(parse_arguments({"node", "--plain", "--join", place}))
      .directors.at(0);
  };
  CAF_CHECK(join("host:1") == (wsengine::cluster::endpoint{"host", 1}));
  CAF_CHECK(join("[::1]:65535") == (wsengine::cluster::endpoint{"::1", 65535}));
  for (const auto* bad : {"host", ":1", "host:", "host:0", "host:65536", "::1:1"})
    CAF_CHECK(names_all(problems({"node", "--plain", "--join", bad}), {"--join"}));
}

CAF_TEST(director and fleet have help) {
  for (const auto* name : {"director", "fleet"}) {
    auto help = std::get<help_arguments>(parse_arguments({name, "--help"}));
    CAF_CHECK(help.text.find("--plain") != std::string::npos);
  }
}
