// scripted_fixture.hpp: what the suites of the scripted connection share: requests to one.

#pragma once

#include "deterministic/asking_fixture.hpp"

#include "wsengine/connection_actor.hpp"
#include "wsengine/testing/scripted_connection.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

// Only suites include this file.
using namespace wsengine;
using namespace wsengine::testing;
using namespace std::chrono_literals;

struct scripted_fixture : asking_fixture {
  /// Spawns a connection that plays a script.
  connection_actor spawn(script what) {
    network.add(std::move(what));
    return network.make_connector().spawn(*self.ptr());
  }

  auto dial(const connection_actor& uut) {
    dial_msg request;
    request.request.url = "ws://example.org/";
    request.options = options;
    return ask<handshake_response>(uut, request);
  }

  /// Spawns and dials.
  connection_actor open(script what) {
    auto uut = spawn(std::move(what));
    CAF_REQUIRE(dial(uut)->succeeded());
    return uut;
  }

  auto demand(const connection_actor& uut, std::uint32_t limit = 10) {
    return ask<message_batch>(uut, demand_msg{limit});
  }

  auto read(const connection_actor& uut) { return ask<data_message>(uut, read_msg{}); }

  auto write(const connection_actor& uut, const std::string& content) {
    return ask<caf::unit_t>(uut, write_msg{message_kind::text, content});
  }

  auto ping(const connection_actor& uut, const std::string& content = "") {
    return ask<timespan>(uut, ping_msg{content});
  }

  auto close(const connection_actor& uut, close_details details = {}) {
    return ask<caf::unit_t>(uut, close_msg{std::move(details)});
  }

  auto wait_closed(const connection_actor& uut) {
    return ask<close_details>(uut, wait_closed_msg{});
  }

  /// The last entry in the record of the first connection.
  std::string last_line() { return network.record(0).lines().back(); }

  /// Checks that a demand fails because the session ended like this.
  void check_closed(const connection_actor& uut, const close_details& expected) {
    auto answer = demand(uut);
    CAF_CHECK(answer->failed(connection_errc::closed));
    CAF_CHECK_EQUAL(close_details_of(answer->cause()), expected);
  }

  scripted_network network;
  connection_options options;
};

/// Text messages with these contents.
inline std::vector<data_message> texts(std::initializer_list<const char*> contents) {
  std::vector<data_message> result;
  for (const auto* x : contents)
    result.push_back(text(x));
  return result;
}

/// How a session without a close frame ends.
inline const close_details broken{close_code::abnormal, {}};
