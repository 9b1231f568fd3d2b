// autobahn_client.cpp: runs the cases of the Autobahn|Testsuite's fuzzing server against wsengine.
//
// autobahn_client URL AGENT: echoes in every case, then has the report for AGENT written. Only the
// server knows how the cases went; the exit status says whether all were run.

#include "wsengine/all.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

// One session: echoes what comes, if that is wanted, and is over when the server says so.
class one_session : public wsengine::callbacks {
public:
  explicit one_session(bool echo) : echo_(echo) {}

  void on_message(wsengine::session_context& context, wsengine::message_kind kind,
                  const wsengine::payload& data) override {
    if (echo_)
      context.post(wsengine::data_message{kind, data});
    else
      text_ = std::string{data.text()};
  }

  wsengine::close_details on_close(wsengine::session_context& context,
                                   const wsengine::optional<wsengine::close_details>&) override {
    context.exit();
    return {wsengine::close_code::normal, {}};
  }

  // What the server said last.
  [[nodiscard]] const std::string& text() const { return text_; }

private:
  bool echo_;
  std::string text_;
};

class runner {
public:
  explicit runner(std::string url) : url_(std::move(url)) {}

  // Opens a session and waits for its end. Returns what the server said; throws when the session
  // could not be opened.
  std::string run(const std::string& path, bool echo) {
    auto client = std::make_shared<one_session>(echo);
    wsengine::engine_options options;
    options.request.url = url_ + path;
    options.connection.deflate.enabled = true;
    options.connection.deflate.threshold = 0;
    auto engine = wsengine::spawn_engine(system_, wsengine::beast_connector(io_), options, client);
    if (!engine)
      throw std::runtime_error{wsengine::describe(engine.error())};
    caf::scoped_actor self{system_};
    self->send(*engine, wsengine::start_msg{});
    caf::error end;
    self->request(*engine, caf::infinite, wsengine::wait_stopped_msg{})
      .receive([&](const wsengine::stop_report& how) { end = how.reason; },
               [&](const caf::error& x) { end = x; });
    if (!wsengine::is(end, wsengine::engine_errc::exited))
      throw std::runtime_error{path + ": " + wsengine::describe(end)};
    return client->text();
  }

private:
  std::string url_;
  wsengine::config config_;
  caf::actor_system system_{config_};
  wsengine::host io_{system_};
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: autobahn_client URL AGENT\n";
    return 2;
  }
  const std::string agent = argv[2];
  try {
    runner all{argv[1]};
    auto count = std::stoul(all.run("/getCaseCount", false));
    for (unsigned long i = 1; i <= count; ++i) {
      all.run("/runCase?case=" + std::to_string(i) + "&agent=" + agent, true);
      std::cout << "\rcase " << i << " of " << count << std::flush;
    }
    all.run("/updateReports?agent=" + agent, false);
    std::cout << "\nall cases were run\n";
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
  }
}
