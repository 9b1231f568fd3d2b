// fixture.hpp: a test of a whole client in virtual time: engine, reader, handlers, network.

#pragma once

#include "wsengine/testing/message_log.hpp"
#include "wsengine/testing/scripted_connection.hpp"
#include "wsengine/testing/virtual_system.hpp"
#include "wsengine/testing/world.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace wsengine::testing {

/// What a fixture is made of; it outlives the words.
struct fixture_parts {
  explicit fixture_parts(std::unique_ptr<caf::actor_system_config> config)
    : time(std::move(config)) {}

  virtual_system time;
  scripted_network network;
};

/// A world in virtual time: no thread, no socket, no sleep; the same run every time. Each word
/// takes effect at once, and time stands still but for `advance`.
///
/// ```
/// wsengine::testing::fixture test;
/// test.server.accepts();
/// test.start();
/// test.expect_open();
/// test.server.sends(text("x"));
/// test.expect_message("x");
/// test.server.drops();
/// test.expect_close(1006);
/// test.advance(1s);
/// test.expect_reopen();
/// ```
///
/// An expectation that fails throws `failed_expectation`, with all messages that actors have sent
/// each other. Derive from it and override `fail` for a framework's own way.
class fixture : private fixture_parts, public world {
public:
  /// `config` is for programs with message types of their own.
  explicit fixture(std::unique_ptr<caf::actor_system_config> config = nullptr);

  ~fixture() override;

  // -- what there is ------------------------------------------------------------------------------

  [[nodiscard]] caf::actor_system& system() override { return time.system(); }

  [[nodiscard]] connector connect() override { return network.make_connector(); }

  /// The server at a URL of its own. It is there from the first call of this function on.
  [[nodiscard]] scripted_server& server_at(const std::string& url);

  /// The network with the records of all connections.
  [[nodiscard]] scripted_network& connections() noexcept { return network; }

  // -- time ---------------------------------------------------------------------------------------

  /// The time since the start of the test.
  [[nodiscard]] timespan now() const { return time.now(); }

  /// Lets time pass: every alarm at its moment, and what it leads to.
  void advance(timespan delay) override;

  bool eventually(const std::function<bool()>& condition) override;

  /// Lets the actors run; needed only behind what the test does by itself.
  void settle() override;

  // -- the story ----------------------------------------------------------------------------------

  /// Who sent what to whom.
  [[nodiscard]] const message_log& messages() const noexcept { return log_; }

  [[nodiscard]] std::string story() const override;

  /// How many actors have not terminated, those of the test included.
  [[nodiscard]] std::size_t actors_alive() const { return time.actors_alive(); }

protected:
  [[nodiscard]] bool sees_messages() const override { return true; }

private:
  void took(const caf::abstract_actor& to, const caf::mailbox_element& what);

  std::map<std::string, scripted_server> servers_;
  message_log log_;
  std::set<std::pair<caf::actor_id, std::uint64_t>> delivered_;
};

} // namespace wsengine::testing
