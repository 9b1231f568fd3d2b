// scene_traffic.cpp: what goes over the network in a run, see scene.hpp.

#include "scene.hpp"

#include "wsengine/error.hpp"

#include <caf/exit_reason.hpp>

#include <array>
#include <utility>

namespace wsengine::simulation {

using namespace std::chrono_literals;
using testing::script;

// -- users ----------------------------------------------------------------------------------------

void scene::start() {
  referee_.may_dial();
  starts_.push_back(testing::ask<session>(time_.system(), engine_, start_msg{}));
}

void scene::write() {
  if (!which_.connection)
    return;
  auto content = mail_.next_text("write");
  mail_.wrote(content, testing::ask<caf::unit_t>(time_.system(), which_.connection,
                                                 write_msg{message_kind::text, content}));
}

void scene::send() {
  send_msg what{message_kind::text, mail_.next_text("send")};
  what.policy = static_cast<send_policy>(luck_.below(3));
  if (what.policy == send_policy::expire)
    what.expire_after = std::chrono::milliseconds(luck_.below(20000));
  what.resend_unknown = luck_.chance(1, 4);
  // Without an outbox, only one kind has a chance.
  if (!options_.outbox.enabled && luck_.chance(3, 4)) {
    what.policy = send_policy::session;
    what.resend_unknown = false;
  }
  auto answer = testing::ask<send_receipt>(time_.system(), engine_, what);
  mail_.sent(std::move(what), std::move(answer));
}

void scene::request() {
  if (!plan_.conditions.asks)
    return;
  request_msg what;
  // Now and then two wait for the same answer.
  auto again = !last_key_.empty() && luck_.chance(1, 8);
  what.key = last_key_ = again ? last_key_ : mail_.next_text("request");
  what.message = text(what.key);
  what.timeout = std::chrono::milliseconds(luck_.below(30000));
  if (which_.connection && luck_.chance(1, 3))
    what.only = which_.id;
  auto answer = testing::ask<data_message>(time_.system(), engine_, what);
  mail_.asked(what, std::move(answer), time_.now(), starved_);
}

// -- the network ----------------------------------------------------------------------------------

void scene::peer(script what) {
  if (network_.size() > 0)
    network_.play(network_.last(), std::move(what));
}

void scene::plan_next() {
  auto refused = make_error(dial_errc::connect_failed, "refused");
  const std::array plans{
    script{}.accept(),
    script{}.accept(),
    script{}.accept(),
    script{}.after(std::chrono::seconds(luck_.below(40))).accept(),
    script{}.refuse(refused),
    script{}.refuse(refused),
    script{}.stall(),
    script{}.accept().stall_close(),
    script{}.accept().stall_writes(),
    script{}.accept().close({close_code::normal, "at once"}),
    script{}.accept().after(2s).drop(),
    script{}.accept().die(caf::exit_reason::remote_link_unreachable),
  };
  constexpr std::size_t first_that_ends = 9;
  auto drawn = luck_.below(plans.size());
  plan_ends_ = drawn >= first_that_ends;
  network_.fallback(plans[drawn]);
}

void scene::answer_dial() {
  if (luck_.chance(3, 4))
    peer(script{}.accept());
  else
    peer(script{}.refuse(make_error(dial_errc::connect_failed, "refused late")));
}

message_number scene::next_number() {
  numbers_.resize(network_.size());
  auto connection = numbers_.size() - 1;
  return {connection, numbers_[connection]++};
}

void scene::peer_sends() {
  if (network_.size() == 0)
    return;
  script what;
  for (auto left = 1 + luck_.below(4); left > 0; --left) {
    // Parts come where the engine has asked for parts only; the rest may come later or never.
    auto last = options_.connection.max_part_size == 0 || luck_.chance(1, 2);
    what.send(make_peer_message(next_number(), last));
  }
  peer(std::move(what));
}

void scene::peer_answers() {
  if (network_.size() == 0)
    return;
  auto key = mail_.next_to_answer(network_.record(network_.last()).written);
  if (key.empty())
    return;
  auto number = next_number();
  keys_[number] = key;
  referee_.messages().is_answer(number);
  peer(script{}.send(make_peer_message(number, true)));
}

void scene::change_close() {
  switch (luck_.below(4)) {
    case 0: return peer(script{}.stall_close());
    case 1: return peer(script{}.fail_close());
    case 2: return peer(script{}.answer_close(3s));
    default: return peer(script{}.answer_close());
  }
}

bool scene::perform_network(act what) {
  switch (what) {
    case act::plan_next: plan_next(); return true;
    case act::answer_dial: answer_dial(); return true;
    case act::peer_sends: peer_sends(); return true;
    case act::peer_answers: peer_answers(); return true;
    case act::peer_closes:
      referee_.may_close();
      peer(script{}.close({close_code::normal, "bye"}));
      return true;
    case act::peer_drops:
      referee_.may_close();
      peer(script{}.drop());
      return true;
    case act::connection_dies:
      referee_.may_close();
      peer(script{}.die(caf::exit_reason::remote_link_unreachable));
      return true;
    case act::read_fails: peer(script{}.fail_read("a hiccup")); return true;
    case act::stop_taking: peer(script{}.stall_writes()); return true;
    case act::take_again: peer(script{}.take_writes()); return true;
    case act::change_close: change_close(); return true;
    default: return false;
  }
}

} // namespace wsengine::simulation
