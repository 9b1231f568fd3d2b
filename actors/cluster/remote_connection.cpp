// remote_connection.cpp: see remote_connection.hpp, and that of the interface.

#include "cluster/remote_connection.hpp"

#include "wsengine/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace wsengine::internal {

namespace {

// What a request is answered with when the connection is lost before its own answer came.
template <class In>
void answer_lost(caf::response_promise& to, const std::string& why) {
  if constexpr (std::is_same_v<In, dial_msg>)
    to.deliver(make_error(dial_errc::connect_failed, why));
  else if constexpr (std::is_same_v<In, write_msg> || std::is_same_v<In, write_batch_msg>)
    to.deliver(make_error(connection_errc::write_unknown, why));
  else if constexpr (std::is_same_v<In, ping_msg>)
    to.deliver(make_error(connection_errc::ping_failed, why));
  else if constexpr (std::is_same_v<In, close_msg>)
    to.deliver(make_error(connection_errc::close_failed, why));
  else if constexpr (std::is_same_v<In, wait_closed_msg>)
    to.deliver(close_details{close_code::abnormal, why});
  else
    to.deliver(make_closed_error(why, {close_code::abnormal, why}));
}

// The same for a request that comes when it is lost already: nothing of it has gone out.
template <class In>
void answer_over(caf::response_promise& to, const std::string& why) {
  if constexpr (std::is_same_v<In, close_msg>)
    to.deliver(caf::unit);
  else if constexpr (std::is_same_v<In, write_msg> || std::is_same_v<In, write_batch_msg>)
    to.deliver(make_closed_error(why, {close_code::abnormal, why}));
  else
    answer_lost<In>(to, why);
}

} // namespace

// -- the actor ------------------------------------------------------------------------------------

remote_connection::remote_connection(caf::actor_config& cfg,
                                     cluster::connection_source_actor source)
  : hosted(cfg),
    source_(std::move(source)) {
  set_down_handler([this](const caf::down_msg& what) {
    if (remote_ ? what.source == remote_.address() : what.source == source_.address())
      lost("the connection on the other node is gone: " + describe(what.reason));
  });
  // The end of a feed comes as an error, and so does the answer to a credit.
  set_error_handler([this](caf::error& cause) {
    // A grant that is on its way when a read fails still brings something.
    feed_failed_ = is(cause, connection_errc::read_failed);
    feed(std::move(cause));
    if (!feed_failed_)
      fed_ = nullptr;
  });
}

remote_connection::behavior_type remote_connection::make_behavior() {
  monitor(source_);
  request(source_, caf::infinite, cluster::make_connection_msg{})
    .then([this](connection_actor& connection) { came(std::move(connection)); },
          [this](const caf::error& cause) {
            lost("the other node made no connection: " + describe(cause));
          });
  return {
    [this](message_batch& batch) { feed(std::move(batch)); },
    [this](const credit_msg& what) { return grant(what); },
    [this](write_msg& what) { return pass_write(what); },
    [this](write_batch_msg& what) { return pass<void>(what); },
    [this](const demand_msg& what) { return pass<message_batch>(what); },
    [this](const read_msg& what) { return pass<data_message>(what); },
    [this](dial_msg& what) { return pass<handshake_response>(what); },
    [this](const ping_msg& what) { return pass<timespan>(what); },
    [this](close_msg& what) { return pass<void>(what); },
    [this](const wait_closed_msg& what) { return pass<close_details>(what); },
  };
}

void remote_connection::on_exit() {
  // Its source would end it, too, but only when it hears of our end.
  compat::send_exit(remote_, caf::exit_reason::user_shutdown);
  lost("the connection was given up");
  remote_ = nullptr;
  source_ = nullptr;
}

void remote_connection::came(connection_actor connection) {
  if (lost_)
    return compat::send_exit(connection, caf::exit_reason::user_shutdown);
  demonitor(source_.address());
  remote_ = std::move(connection);
  monitor(remote_);
  for (auto& x : std::exchange(early_, {}))
    x();
}

void remote_connection::lost(const std::string& why) {
  if (std::exchange(lost_, true))
    return;
  why_lost_ = why;
  early_.clear();
  for (auto& [id, who] : std::exchange(waiting_, {}))
    who.when_lost(who.promise, why);
  end_feed();
}

// -- requests -------------------------------------------------------------------------------------

template <class Out, class In>
caf::result<Out> remote_connection::pass(In& what) {
  auto promise = make_response_promise();
  if (lost_) {
    answer_over<std::remove_const_t<In>>(promise, why_lost_);
    return caf::delegated<Out>{};
  }
  auto id = remember({promise, answer_lost<std::remove_const_t<In>>});
  if (remote_)
    ask<Out, std::remove_const_t<In>>(id, std::move(what));
  else
    early_.emplace_back(
      [this, id, kept = std::make_shared<std::remove_const_t<In>>(std::move(what))] {
        ask<Out, std::remove_const_t<In>>(id, std::move(*kept));
      });
  return caf::delegated<Out>{};
}

template <class Out, class In>
void remote_connection::ask(std::uint64_t id, In what) {
  // Who withdraws what waits withdraws the feed, too.
  auto ends_feed = false;
  if constexpr (std::is_same_v<In, demand_msg>)
    ends_feed = what.max_messages == 0;
  auto failed = [this, id](caf::error& cause) {
    // The connection is dead, though its node is not.
    if (cause == caf::sec::request_receiver_down)
      return lost("the connection on the other node is gone");
    if (auto promise = take_promise(id); promise.pending())
      promise.deliver(std::move(cause));
  };
  auto sent = request(remote_, caf::infinite, std::move(what));
  if constexpr (std::is_void_v<Out>)
    sent.then(
      [this, id] {
        if (auto promise = take_promise(id); promise.pending())
          promise.deliver(caf::unit);
      },
      failed);
  else
    sent.then(
      [this, id, ends_feed](Out& answer) {
        if (ends_feed)
          fed_ = nullptr;
        if (auto promise = take_promise(id); promise.pending())
          promise.deliver(std::move(answer));
      },
      failed);
}

// The other side has to tell the writers of parts apart, so it gets parts under their names.
caf::result<void> remote_connection::pass_write(write_msg& what) {
  auto writer = caf::actor_cast<caf::actor_addr>(current_sender());
  if (what.last && in_parts_.erase(writer) == 0)
    return pass<void>(what);
  if (lost_)
    return make_closed_error(why_lost_, {close_code::abnormal, why_lost_});
  if (!remote_)
    return make_error(connection_errc::not_open, "the session is not open yet");
  if (!what.last)
    in_parts_.insert(writer);
  delegate(remote_, std::move(what));
  return caf::delegated<void>{};
}

// -- the feed -------------------------------------------------------------------------------------

caf::result<void> remote_connection::grant(const credit_msg& what) {
  if (lost_)
    return make_closed_error(why_lost_, {close_code::abnormal, why_lost_});
  if (fed_ && fed_ != current_sender() && !feed_failed_)
    return make_error(connection_errc::read_pending, "somebody else reads");
  feed_failed_ = false;
  fed_ = current_sender();
  auto send_it = [this, what] { send(remote_, what); };
  if (remote_)
    send_it();
  else
    early_.emplace_back(send_it);
  return caf::unit;
}

template <class T>
void remote_connection::feed(T what) {
  // Typed actors send only what typed actors take.
  if (fed_)
    compat::enqueue(fed_, caf::strong_actor_ptr{ctrl()}, caf::make_message(std::move(what)),
                    context());
}

void remote_connection::end_feed() {
  // Without us as the sender: we may be on our way out of memory.
  if (auto to = std::exchange(fed_, nullptr))
    caf::anon_send(caf::actor_cast<caf::actor>(to),
                   make_closed_error(why_lost_, {close_code::abnormal, why_lost_}));
}

// -- who waits ------------------------------------------------------------------------------------

std::uint64_t remote_connection::remember(waiting who) {
  waiting_.emplace(++last_id_, std::move(who));
  return last_id_;
}

caf::response_promise remote_connection::take_promise(std::uint64_t id) {
  auto found = waiting_.extract(id);
  return found ? std::move(found.mapped().promise) : caf::response_promise{};
}

} // namespace wsengine::internal

namespace wsengine::cluster {

connector remote_connector(connection_source_actor source, io_unit* unit) {
  return {unit, [source = std::move(source), unit](caf::local_actor& engine) -> connection_actor {
            caf::actor_config cfg{unit};
            return engine.system().spawn_class<internal::remote_connection, caf::no_spawn_options>(
              cfg, source);
          }};
}

} // namespace wsengine::cluster
