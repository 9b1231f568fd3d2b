// scene.hpp: one run: an engine, its clients, its users and its network, in virtual time.

#pragma once

#include "draw.hpp"
#include "mail.hpp"
#include "plan.hpp"
#include "players.hpp"
#include "referee.hpp"

#include "wsengine/engine_actor.hpp"
#include "wsengine/spawn_engine.hpp"
#include "wsengine/testing/asked.hpp"
#include "wsengine/testing/message_log.hpp"
#include "wsengine/testing/scripted_connection.hpp"
#include "wsengine/testing/virtual_system.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace wsengine::simulation {

/// How a run ended.
struct outcome {
  /// The rule that was broken; empty when none was.
  std::string rule;
  /// The same with what it was about.
  std::string failure;
  /// How many steps were made before that.
  std::size_t steps = 0;
  /// Every step with what it led to, when that was asked for.
  std::vector<std::string> trace;
};

/// Plays plans. Use it for one run only.
class scene : private audience {
public:
  /// `tracing` costs time: every message becomes text.
  scene(const plan& what, bool tracing);

  ~scene() override;

  /// Makes all steps, then ends everything and looks at what is left.
  outcome run();

private:
  using void_answer = std::shared_ptr<testing::asked<caf::unit_t>>;

  // -- audience (scene.cpp) -----------------------------------------------------------------------

  std::size_t begins(std::size_t client, const call_args& args) override;
  void ends(std::size_t call, bool succeeded) override;
  mood draw_mood(testing::callback which) override;
  void holds(std::size_t call, const caf::actor_addr& who) override;
  void may_close() override { referee_.may_close(); }
  void interrupts(std::size_t call) override { referee_.interrupted(call); }
  void handler_crashes() override;
  void may_dial() override { referee_.may_dial(); }
  void client_dies(std::size_t client) override;

  // -- the cast (scene.cpp) -----------------------------------------------------------------------

  void spawn();
  caf::expected<engine_actor> spawn_for_client(const engine_hooks& hooks);
  engine_hooks make_hooks();
  connector make_connector();
  caf::actor new_client();
  void observe(const caf::abstract_actor& to, const caf::mailbox_element& what);
  void look_at(const compat::content& what, bool is_answer);
  void look_at_request(const compat::content& what);
  void serves(std::size_t client);
  void say(std::string text);

  // -- steps (scene_steps.cpp) --------------------------------------------------------------------

  void perform(const step& what);
  bool perform_time(act what);
  bool perform_user(act what);
  void quiet();
  void stop();
  void signal(session_signal what);
  void pause();
  void resume();
  void kill_holder(const caf::error& reason);
  void set_client();
  void kill_client(const caf::error& reason);
  void end_engine(caf::error reason);
  void release(bool succeed);
  void settle();
  void pass(timespan delay);

  // -- traffic (scene_traffic.cpp) ----------------------------------------------------------------

  void start();
  void write();
  void send();
  void request();
  bool perform_network(act what);
  void plan_next();
  void answer_dial();
  void peer_sends();
  void peer_answers();
  void change_close();
  void peer(testing::script what);
  message_number next_number();

  // -- rules (scene_rules.cpp) --------------------------------------------------------------------

  void check_rest();
  void check_stops();
  void check_pauses();
  void check_bereaved();
  void collect_answers();
  [[nodiscard]] engine_state state();
  void finish();
  void end_calls();
  void leave();
  void check_answers();

  // -- data ---------------------------------------------------------------------------------------

  struct stop_request {
    void_answer answer;
    timespan at{0};
    timespan starved{0};
  };

  struct held_call {
    std::size_t call = 0;
    caf::actor_addr who;
  };

  struct holder {
    caf::actor actor;
    std::shared_ptr<testing::asked<lease>> got;
  };

  const plan& plan_;
  const engine_options& options_;
  bool tracing_;
  testing::virtual_system time_;
  testing::message_log log_;
  testing::scripted_network network_;
  referee referee_;
  mail mail_;
  // What a step draws, and what does not belong to any.
  draw luck_{0};
  draw provider_luck_;
  outcome result_;

  engine_actor engine_;
  caf::actor client_;
  std::size_t client_number_ = 0;
  std::size_t clients_ = 0;
  // Which client an actor is, the one that the engine has, and those that are dead.
  std::map<caf::actor_id, std::size_t> client_ids_;
  std::size_t served_ = 0;
  std::set<std::size_t> dead_;
  // Those that were replaced; calls to them may still be held.
  std::vector<caf::actor> old_clients_;
  std::deque<held_call> held_;
  std::vector<holder> holders_;
  bool calm_ = false;

  // The session that opened last.
  session which_;
  // Which connection an actor is.
  std::map<caf::actor_id, std::size_t> connections_;
  // How many messages the peer was told to send on each connection.
  std::vector<std::size_t> numbers_;
  // Which request a message of the peer's answers.
  std::map<message_number, std::string> keys_;
  // The key of the last request.
  std::string last_key_;
  // Whether connections end by themselves by the present plan, and whether the present one does.
  bool plan_ends_ = false;
  bool ends_by_itself_ = false;
  // How long time has passed though actors had something to do.
  timespan starved_{0};

  std::vector<std::shared_ptr<testing::asked<session>>> starts_;
  std::vector<stop_request> stops_;
  std::vector<std::shared_ptr<testing::asked<stop_report>>> waits_;
};

/// Plays a plan.
outcome play(const plan& what, bool tracing = false);

} // namespace wsengine::simulation
