// fleet.cpp: the command `fleet`: asks a director to do something, or how its fleet is.

#include "wsengine/cluster/fleet.hpp"

#include "fleet_table.hpp"
#include "output.hpp"
#include "program_config.hpp"
#include "run.hpp"
#include "signals.hpp"

#include "wsengine/error.hpp"

#include <caf/event_based_actor.hpp>

#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unistd.h>
#include <utility>
#include <vector>

namespace wsengine::cli {

namespace {

using namespace cluster;

// -- what is to be added --------------------------------------------------------------------------

specification make_specification(const std::string& key, const std::string& url,
                                 const std::string& client_type) {
  specification result;
  result.key = key;
  result.options.request.url = url;
  result.client_type = client_type;
  return result;
}

// Each line has a key and a URL; empty ones and those that begin with # are left out.
std::vector<specification> read_specifications(std::istream& from, const std::string& client_type) {
  std::vector<specification> result;
  std::string line;
  for (std::size_t number = 1; std::getline(from, line); ++number) {
    std::istringstream words{line};
    std::string key;
    std::string url;
    std::string more;
    if (!(words >> key) || key.front() == '#')
      continue;
    if (!(words >> url) || words >> more)
      throw std::runtime_error("line " + std::to_string(number) + ": must be a KEY and a URL");
    result.push_back(make_specification(key, url, client_type));
  }
  return result;
}

add_specifications_msg what_to_add(const fleet_arguments& from) {
  if (from.file.empty())
    return {{make_specification(from.words[0], from.words[1], from.client_type)}};
  if (from.file == "-")
    return {read_specifications(std::cin, from.client_type)};
  std::ifstream file{from.file};
  if (!file)
    throw std::runtime_error(from.file + ": cannot be read");
  return {read_specifications(file, from.client_type)};
}

// -- asking ---------------------------------------------------------------------------------------

template <class Out>
using answer = std::promise<caf::expected<Out>>;

/// Asks the director, and notices when it is gone: CAF does not tell who waits for the answer of a
/// node that is lost.
template <class Out, class Message>
void ask(caf::event_based_actor* self, const director_actor& director, const Message& what,
         const std::shared_ptr<answer<Out>>& result) {
  self->set_down_handler([self, result](const caf::down_msg&) {
    result->set_value(make_error(cluster_errc::node_lost, "the director is gone"));
    self->quit();
  });
  self->monitor(director);
  auto finish = [self, director, result](caf::expected<Out> value) {
    self->demonitor(director.address());
    result->set_value(std::move(value));
    self->quit();
  };
  auto failed = [finish](caf::error& cause) { finish(std::move(cause)); };
  if constexpr (std::is_same_v<Out, caf::unit_t>)
    self->request(director, caf::infinite, what).then([finish] { finish(caf::unit); }, failed);
  else
    self->request(director, caf::infinite, what)
      .then([finish](Out& value) { finish(std::move(value)); }, failed);
}

template <class Out, class Message>
caf::expected<Out> ask_and_wait(caf::actor_system& system, const director_actor& director,
                                const Message& what) {
  auto result = std::make_shared<answer<Out>>();
  system.spawn(ask<Out, Message>, director, what, result);
  return result->get_future().get();
}

// -- status ---------------------------------------------------------------------------------------

/// Ends the program at once, but `status --watch` as if all were done.
class interruption {
public:
  explicit interruption(bool is_watching) : is_watching_(is_watching) {}

  /// Waits for so long, or until a signal comes; then true.
  bool wait_for(timespan delay) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, delay, [this] { return asked_; });
  }

private:
  void interrupt(int number) {
    std::lock_guard guard{mutex_};
    if (!is_watching_ || asked_)
      std::_Exit(128 + number);
    asked_ = true;
    changed_.notify_all();
  }

  const bool is_watching_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;
  signal_watch signals_{[this](int number) { interrupt(number); }};
};

caf::error print_status(caf::actor_system& system, const director_actor& director,
                        const fleet_arguments& what) {
  output out{STDOUT_FILENO};
  interruption interrupted{what.watch};
  do {
    auto now = ask_and_wait<fleet_status>(system, director, fleet_status_msg{});
    if (!now)
      return std::move(now.error());
    // Back to the upper left, and nothing below what is written.
    std::string begin = what.watch && !what.json && out.is_terminal() ? "\x1b[H\x1b[J" : "";
    if (!out.write_line(begin + (what.json ? to_json(*now) : to_table(*now))))
      return {};
  } while (what.watch && !interrupted.wait_for(what.interval));
  return {};
}

// -- orders ---------------------------------------------------------------------------------------

template <class Message>
caf::error order(caf::actor_system& system, const director_actor& director, const Message& what) {
  interruption interrupted{false};
  auto done = ask_and_wait<caf::unit_t>(system, director, what);
  return done ? caf::error{} : std::move(done.error());
}

caf::error carry_out(caf::actor_system& system, const director_actor& director,
                     const fleet_arguments& what) {
  const auto& words = what.words;
  switch (what.what) {
    case fleet_arguments::action::status: return print_status(system, director, what);
    case fleet_arguments::action::add: return order(system, director, what_to_add(what));
    case fleet_arguments::action::remove:
      return order(system, director, remove_specifications_msg{words});
    case fleet_arguments::action::drain: return order(system, director, drain_node_msg{words[0]});
    case fleet_arguments::action::admit: return order(system, director, admit_node_msg{words[0]});
    case fleet_arguments::action::move:
      return order(system, director, move_specification_msg{words[0], words[1]});
  }
  return {};
}

} // namespace

int run_fleet(const fleet_arguments& what) {
  program_config<cluster::node_config> cfg{what.transport};
  caf::actor_system system{cfg};
  auto director =
    join<director_actor>(system, what.transport, what.director.host, what.director.port);
  auto problem = director ? carry_out(system, *director, what) : std::move(director.error());
  if (problem)
    std::cerr << "wsengine: " << describe(problem) << '\n';
  return problem ? 1 : 0;
}

} // namespace wsengine::cli
