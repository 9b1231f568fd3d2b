// input.cpp: see input.hpp.

#include "input.hpp"

#include "line_reader.hpp"

#include <caf/actor_cast.hpp>
#include <caf/message.hpp>
#include <caf/send.hpp>

#include <string>
#include <utility>

namespace wsengine::cli {

namespace {

using type = command::type;

/// More pings without a pong than these and the server will not answer them, either.
constexpr std::size_t most_pings = 64;

/// Whether the message was surely not sent because its session is over.
bool missed_session(const caf::error& cause) {
  return is(cause, connection_errc::closed) || is(cause, connection_errc::not_open)
         || is(cause, connection_errc::write_failed) || is(cause, caf::sec::request_receiver_down);
}

unsubscribe_msg farewell_of(const command& what) {
  unsubscribe_msg result{what.name, nothing};
  if (!what.data.empty())
    result.farewell = text(what.data);
  return result;
}

} // namespace

// -- life -----------------------------------------------------------------------------------------

input::input(caf::actor_system& system, engine_actor engine, conversation& talk, reporter& report,
             output& errors, settings how)
  : self_(system),
    engine_(std::move(engine)),
    talk_(talk),
    errors_(errors),
    how_(std::move(how)),
    asker_(spawn_asker(system, engine_, report, errors, questions_)) {}

input::~input() {
  self_->send_exit(asker_, caf::exit_reason::user_shutdown);
  // The actor refers to us.
  self_->wait_for(asker_);
}

void input::run(int fd) {
  for (const auto& text : how_.sends)
    send(message_kind::text, text);
  if (read(fd) && how_.stop_at_end && talk_.wait_for_first_attempt())
    stop_at_end();
}

void input::stop_at_end() {
  questions_.sends.wait();
  if (how_.linger > timespan{0})
    talk_.wait_for_end(how_.linger);
  auto lost = questions_.unsent.load();
  if (lost == 0)
    return stop({"end of input"});
  stop({"end of input; not sent: " + std::to_string(lost), 1});
}

// -- reading --------------------------------------------------------------------------------------

// These return whether the input has come to its end.

bool input::read(int fd) {
  byte_source source{fd, talk_.end_fd()};
  switch (how_.mode) {
    case input_mode::commands:
    case input_mode::lines: return read_lines(fd);
    case input_mode::text: return read_whole(source, message_kind::text);
    case input_mode::binary: return read_whole(source, message_kind::binary);
    case input_mode::chunks: return read_chunks(source);
  }
  return false;
}

bool input::read_lines(int fd) {
  // A binary message is written with two digits for each byte, and a command's name.
  auto longest =
    how_.mode == input_mode::commands ? 2 * how_.longest_message + 64 : how_.longest_message;
  line_reader lines{fd, talk_.end_fd(), longest};
  while (auto line = lines.next()) {
    if (lines.was_too_long())
      not_sent("a line of input is longer than --max-message-size and was dropped");
    else
      take(*line);
    if (talk_.ended())
      return false;
  }
  return lines.ended();
}

bool input::read_whole(byte_source& from, message_kind kind) {
  std::string all;
  while (auto more = from.next(64U << 10U)) {
    all += *more;
    if (all.size() > how_.longest_message) {
      not_sent("standard input is longer than --max-message-size; --input chunks sends it in "
               "several messages");
      stop_once_started({"standard input is too long", 1});
      return false;
    }
  }
  if (from.ended())
    send(kind, all);
  return from.ended();
}

bool input::read_chunks(byte_source& from) {
  while (auto more = from.next(how_.chunk_size)) {
    send(message_kind::binary, *more);
    if (talk_.ended())
      return false;
  }
  return from.ended();
}

void input::take(const std::string& line) {
  if (how_.mode == input_mode::commands)
    execute(parse_command(line));
  else
    send(message_kind::text, line);
}

// -- commands -------------------------------------------------------------------------------------

void input::execute(const command& what) {
  switch (what.what) {
    case type::text: return send(message_kind::text, what.data);
    case type::binary: return send(message_kind::binary, what.data);
    case type::ping: return ping();
    case type::pause:
      if (talk_.wait_for_session())
        ask_engine(caf::make_message(pause_msg{}));
      return;
    case type::resume: return ask_engine(caf::make_message(resume_msg{}));
    case type::status: return ask_engine(caf::make_message(status_msg{}));
    case type::subscribe:
      return ask_engine(caf::make_message(subscribe_msg{{what.name, text(what.data)}}));
    case type::unsubscribe: return ask_engine(caf::make_message(farewell_of(what)));
    case type::request: return request(what);
    case type::restart: return restart();
    case type::exit: return stop_once_started({"exit"});
    case type::close:
      return stop_once_started({"closed with " + to_string(what.details.code), 0, what.details});
    case type::malformed: return complain(what.data);
  }
}

void input::send(message_kind kind, const std::string& data) {
  payload content{data};
  if (how_.by_outbox) {
    // An engine that is not started has no outbox.
    if (!talk_.wait_for_first_attempt())
      return;
    auto what = *how_.by_outbox;
    what.kind = kind;
    what.data = content;
    questions_.sends.asked();
    self_->send(asker_, std::move(what));
    return;
  }
  // Until it is sent: a line must not get lost between two sessions.
  while (auto which = talk_.wait_for_session())
    if (write(*which, kind, content))
      return;
}

bool input::write(const session& which, message_kind kind, const payload& data) {
  bool done = true;
  self_->request(which.connection, caf::infinite, write_msg{kind, data})
    .receive([] {},
             [&](const caf::error& cause) {
               done = !missed_session(cause);
               if (done)
                 not_sent("a message was not sent: " + describe(cause));
               else
                 talk_.closed(which.id);
             });
  return done;
}

void input::ask_engine(caf::message question) {
  questions_.of_engine.asked();
  self_->send(asker_, std::move(question));
  // The next line may change what the answer is about.
  questions_.of_engine.wait();
}

void input::ping() {
  auto which = talk_.wait_for_session();
  if (!which)
    return;
  if (questions_.pings.count() >= most_pings)
    return complain("/ping: too many pings wait for their pongs");
  questions_.pings.asked();
  self_->send(asker_, ping_msg{}, std::move(*which));
}

void input::request(const command& what) {
  auto which = talk_.wait_for_session();
  if (!which)
    return;
  questions_.requests.asked();
  self_->send(asker_, request_msg{text(what.data), what.key, how_.request_timeout, which->id});
}

// What ends the session would leave without an answer what was asked before.
void input::wait_for_answers() {
  questions_.requests.wait_for(how_.patience);
  questions_.pings.wait_for(how_.patience);
}

void input::restart() {
  if (!talk_.wait_for_first_attempt())
    return;
  wait_for_answers();
  if (how_.on_wish)
    how_.on_wish("restart");
  if (auto which = talk_.current()) {
    wsengine::restart(*which);
    // What follows is for the next session.
    talk_.closed(which->id);
  } else {
    compat::send_exit(caf::actor_cast<caf::actor>(engine_), session_signal::restart);
  }
}

// An engine that is not started yet would not stop. Besides, whoever pipes commands in wants to see
// the session that they are for.
void input::stop_once_started(farewell why) {
  if (talk_.wait_for_first_attempt())
    stop(std::move(why));
}

void input::stop(farewell why) {
  questions_.sends.wait_for(how_.patience);
  wait_for_answers();
  if (how_.on_wish)
    how_.on_wish("stop");
  if (talk_.wish(std::move(why)))
    caf::anon_send(engine_, stop_msg{});
}

void input::not_sent(const std::string& why) {
  ++questions_.unsent;
  complain(why);
}

void input::complain(const std::string& what) {
  errors_.write_line("wsengine: " + what);
}

} // namespace wsengine::cli
