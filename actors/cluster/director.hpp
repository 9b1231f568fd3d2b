// director.hpp: the actor that has specifications run on the nodes of a fleet.

#pragma once

#include "cluster/roster.hpp"
#include "cluster/rules/fleet_board.hpp"

#include "wsengine/cluster/fleet.hpp"

#include <caf/actor_addr.hpp>
#include <caf/response_promise.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wsengine::internal {

/// Asks the actor that it is sent to to look at the clock.
struct look_again {};

WSENGINE_INSPECT_EMPTY(look_again)

} // namespace wsengine::internal

WSENGINE_MESSAGE_TYPE(179, wsengine::internal::look_again)

namespace wsengine::internal {

/// What a director does besides what everybody may ask of it.
using director_self = cluster::director_actor::extend<answers<look_again, void>>;

/// Carries out what `rules::fleet_board` says, and keeps the roster.
class director : public director_self::base {
public:
  director(caf::actor_config& cfg, const cluster::director_options& options);

  const char* name() const override { return "wsengine.director"; }

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  using promise = caf::response_promise;

  struct contact {
    std::string process;
    cluster::member_actor handle;
    // What it knew when it came.
    cluster::roster_version roster;
    cluster::node_vitals vitals;
  };

  // Answered when what it waits for has come about.
  struct awaited {
    std::function<bool()> is_done;
    promise whose;
  };

  // What the nodes say that are asked for a status.
  struct survey {
    cluster::fleet_status result;
    std::map<std::string, engine_state> engines;
    std::size_t missing = 0;
    promise whose;
  };

  // -- members ------------------------------------------------------------------------------------

  caf::result<cluster::lease_grant> enroll(const cluster::enroll_msg& what);
  void admit(const cluster::enroll_msg& what, promise whose);
  caf::result<cluster::lease_grant> renew(const cluster::renew_lease_msg& what);
  [[nodiscard]] cluster::lease_grant grant_for(const std::string& node, std::uint64_t epoch) const;
  caf::result<void> leave(const cluster::leaving_msg& what);
  void handle_down(const caf::down_msg& what);
  void ended(const cluster::key_ended_msg& what);
  void note_finished(const std::string& key);

  // -- the roster ---------------------------------------------------------------------------------

  void begin();
  void learn(cluster::roster_msg& what);
  void add(std::vector<cluster::specification>& what, promise whose);
  void remove(const std::vector<std::string>& keys, promise whose);
  void tell_all(std::vector<cluster::roster_entry> entries, std::vector<std::string> removed,
                promise whose);

  // -- what operators want ------------------------------------------------------------------------

  void drain(const std::string& node, promise whose);
  void readmit(const std::string& node, promise whose);
  void move(const std::string& key, const std::string& node, promise whose);
  caf::result<cluster::fleet_status> status();
  [[nodiscard]] cluster::fleet_status report() const;
  static void finish(const std::shared_ptr<survey>& what);

  // -- doing --------------------------------------------------------------------------------------

  [[nodiscard]] rules::fleet_board::time_point now() const;
  void act();
  void carry_out(const rules::board_order& what);
  void start_failed(const rules::board_order& what, const caf::error& cause);
  void answer_awaited();
  void wake_at(rules::fleet_board::time_point when);
  caf::result<void> once_ready(std::function<void(promise)> what);

  cluster::director_options options_;
  rules::fleet_board::time_point quiet_until_;
  rules::fleet_board board_;
  roster roster_;
  bool ready_ = false;
  std::map<std::string, contact> contacts_;
  std::vector<awaited> awaited_;
  // What was asked for in the quiet time at the beginning.
  std::vector<std::pair<std::function<void(promise)>, promise>> later_;
  rules::fleet_board::time_point next_look_ = rules::fleet_board::time_point::max();
};

} // namespace wsengine::internal
