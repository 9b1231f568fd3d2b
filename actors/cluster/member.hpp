// member.hpp: the actor that makes a node a member of a fleet.

#pragma once

#include "cluster/roster.hpp"
#include "cluster/rules/node_lease.hpp"

#include "wsengine/cluster/fleet.hpp"

#include <caf/actor_addr.hpp>
#include <caf/response_promise.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace wsengine::internal {

/// Has a member look for its director again.
struct seek_again {};

WSENGINE_INSPECT_EMPTY(seek_again)

/// Has a member renew its lease, if it is still the one of that epoch.
struct renewal_due {
  std::uint64_t epoch = 0;
};

WSENGINE_INSPECT(renewal_due, epoch)

/// Has a member look whether its lease is over.
struct lease_check {};

WSENGINE_INSPECT_EMPTY(lease_check)

} // namespace wsengine::internal

WSENGINE_MESSAGE_TYPE(176, wsengine::internal::seek_again)
WSENGINE_MESSAGE_TYPE(177, wsengine::internal::renewal_due)
WSENGINE_MESSAGE_TYPE(178, wsengine::internal::lease_check)

namespace wsengine::internal {

/// What a member does besides what everybody may ask of it.
using member_self = cluster::member_actor::extend<answers<seek_again, void>,  //
                                                  answers<renewal_due, void>, //
                                                  answers<lease_check, void>>;

/// Finds the director, holds a lease, and has engines run on its node as long as it does.
class member : public member_self::base {
public:
  member(caf::actor_config& cfg, cluster::member_options options);

  const char* name() const override { return "wsengine.member"; }

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  using promise = caf::response_promise;
  using time_point = rules::lease_tenant::time_point;

  // What runs under a key, or is about to. It is there until its engine is dead.
  struct run {
    // Tells it from others under the same key.
    std::uint64_t number = 0;
    // Null until the node has spawned it.
    engine_actor engine;
    // Its lease is over.
    bool is_fenced = false;
    // Somebody wants it to stop, or it has stopped.
    bool is_ending = false;
    // Why it has ended by itself.
    caf::error cause;
    // Answered when its first session is open.
    promise started;
    // Answered when it is dead.
    std::vector<promise> stoppers;
  };

  // -- the director -------------------------------------------------------------------------------

  void seek();
  void seek_later();
  void enroll();
  void enrolled(time_point asked, const cluster::lease_grant& what);
  void granted(time_point asked, const cluster::lease_grant& what);
  void renew();
  void lose_director();
  void handle_down(const caf::down_msg& what);

  // -- the lease ----------------------------------------------------------------------------------

  [[nodiscard]] time_point now() const;
  [[nodiscard]] bool obeys(std::uint64_t epoch) const;
  void check_lease();
  void fence();

  // -- engines ------------------------------------------------------------------------------------

  caf::result<void> start(const cluster::start_key_msg& what);
  void spawned(const std::string& key, std::uint64_t number, const engine_actor& engine);
  void opened(const std::string& key, std::uint64_t number);
  void end(const std::string& key, std::uint64_t number, caf::error cause);
  caf::result<void> stop(const cluster::stop_key_msg& what);
  void drop(const std::string& key, run& what);
  [[nodiscard]] static caf::error why_not_started(const run& what);
  void buried(const std::string& key, run what);
  void tell_ended(const std::string& key, const caf::error& cause);
  run* find(const std::string& key, std::uint64_t number);
  caf::result<std::vector<cluster::member_session>> sessions();

  // -- leaving ------------------------------------------------------------------------------------

  caf::result<void> leave();
  void end_all();
  void look_whether_left();

  cluster::member_options options_;
  cluster::member_identity who_;
  cluster::director_actor director_;
  // Which attempt to be enrolled is the present one.
  std::uint64_t attempt_ = 0;
  // Zero as long as no director has granted a lease and may give orders.
  std::uint64_t epoch_ = 0;
  std::uint64_t last_epoch_ = 0;
  rules::lease_tenant lease_{rules::lease_terms{}};
  bool draining_ = false;
  std::map<std::string, run> runs_;
  std::uint64_t last_run_ = 0;
  // What has ended since the director was told what runs, and is not to be told yet.
  std::map<std::string, caf::error> endings_;
  // What clients have ended, and the director has not acknowledged.
  std::set<std::string> finished_;
  roster roster_;
  bool is_leaving_ = false;
  bool is_ending_ = false;
  std::vector<promise> leavers_;
};

} // namespace wsengine::internal
