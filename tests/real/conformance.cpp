// Suite conformance: conversations of frames that cover what the Autobahn|Testsuite asks in its
// sections 1 to 7, 9 and 10.

#define CAF_SUITE conformance

#include "real/conformance.hpp"

#include "real/connection_fixture.hpp"

#include <algorithm>
#include <future>

using namespace wsengine;
using namespace wsengine::tests;

// -- playing --------------------------------------------------------------------------------------

namespace wsengine::tests {

using step = std::variant<sends, expects, expects_close>;

script good(std::string name, std::vector<step> steps) {
  steps.emplace_back(sends{close_frame(1000, "bye")});
  steps.emplace_back(expects_close{1000});
  return {std::move(name), std::move(steps), close_code::normal};
}

script bad(std::string name, std::vector<step> steps, close_code code) {
  steps.emplace_back(expects_close{static_cast<std::uint16_t>(code)});
  return {std::move(name), std::move(steps), code};
}

namespace {

void send_chopped(raw_session& session, const sends& what) {
  auto size = what.chop == 0 ? what.bytes.size() : what.chop;
  for (std::size_t i = 0; i < what.bytes.size(); i += size)
    session.send(std::string_view{what.bytes}.substr(i, size));
}

// Reads a message, which may come in several frames.
std::string read_message(raw_session& session, const expects& wanted) {
  auto next = session.read_frame();
  if (next.opcode != wanted.opcode || next.reserved != 0)
    return "got opcode " + std::to_string(next.opcode) + " instead of "
           + std::to_string(wanted.opcode);
  auto payload = next.payload;
  while (!next.fin) {
    next = session.read_frame();
    if (next.opcode != 0)
      return "got opcode " + std::to_string(next.opcode) + " in the middle of a message";
    payload += next.payload;
  }
  return payload == wanted.payload ? "" : "got another payload";
}

std::string read_close(raw_session& session, const expects_close& wanted) {
  auto next = session.read_frame();
  if (next.opcode != 8)
    return "got opcode " + std::to_string(next.opcode) + " instead of a close frame";
  unsigned code = 1005;
  if (next.payload.size() >= 2)
    code = static_cast<std::uint8_t>(next.payload[0]) * 256U
           + static_cast<std::uint8_t>(next.payload[1]);
  return code == wanted.code ? "" : "the close frame says " + std::to_string(code);
}

} // namespace

std::string play(raw_session& session, const script& what) {
  for (const auto& next : what.steps) {
    std::string problem;
    if (const auto* send = std::get_if<sends>(&next))
      send_chopped(session, *send);
    else if (const auto* wanted = std::get_if<expects>(&next))
      problem = read_message(session, *wanted);
    else
      problem = read_close(session, std::get<expects_close>(next));
    if (!problem.empty())
      return problem;
  }
  return {};
}

} // namespace wsengine::tests

// -- suite ----------------------------------------------------------------------------------------

namespace {

struct fixture : connection_fixture {
  fixture() { options.ping_interval = timespan{0}; }

  /// Runs a script against a client that echoes.
  void check(const script& what) {
    std::promise<std::string> verdict;
    raw_peer peer{[&](raw_session& session) {
      std::string problem = "the client has gone too early";
      try {
        session.upgrade();
        problem = play(session, what);
      } catch (const boost::system::system_error&) {
        // Said by the verdict.
      }
      verdict.set_value(problem);
    }};
    auto uut = open(peer.url());
    for (auto next = read(uut); next; next = read(uut))
      caf::anon_send(uut, write_msg{next->kind, next->data});
    auto problem = verdict.get_future().get();
    auto end = end_of(uut);
    if (problem.empty() && end.code != what.end)
      problem = "ended with " + to_string(end.code) + " " + end.reason;
    if (!problem.empty())
      CAF_ERROR(what.name << ": " << problem);
    ++played;
  }

  void check_all(const std::vector<script>& scripts) {
    for (const auto& what : scripts)
      check(what);
    CAF_MESSAGE(played << " conversations");
    CAF_CHECK_EQUAL(played, scripts.size());
  }

  std::size_t played = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(conformance_tests, fixture)

CAF_TEST(framing pings and pongs) {
  check_all(framing_scripts());
}

CAF_TEST(reserved bits and opcodes) {
  check_all(fault_scripts());
}

CAF_TEST(fragmentation and large messages) {
  check_all(fragmentation_scripts());
}

CAF_TEST(texts) {
  check_all(text_scripts());
}

CAF_TEST(closing) {
  check_all(close_scripts());
}

CAF_TEST_FIXTURE_SCOPE_END()
