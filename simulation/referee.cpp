// referee.cpp: see referee.hpp.

#include "referee.hpp"

#include <utility>

namespace wsengine::simulation {

using testing::callback;

namespace {

// Messages whose keys are equal keep their order.
constexpr std::size_t key_count = 2;

session_id id_of(const call_args& args) {
  auto read = [](const auto& x) {
    if constexpr (requires { x.which; })
      return x.which.id;
    else if constexpr (requires { x.id; })
      return x.id;
    else
      return session_id{};
  };
  return std::visit(read, args);
}

// Whether a session waits for it.
bool belongs_to_session(callback which) {
  return which != callback::restart_error && which != callback::close_error;
}

} // namespace

callback which_of(const call_args& args) noexcept {
  constexpr auto batch = std::variant_size_v<call_args> - 1;
  return args.index() == batch ? callback::message : static_cast<callback>(args.index());
}

// -- the verdict ----------------------------------------------------------------------------------

void referee::fail(const std::string& rule, const std::string& details) {
  if (!rule_.empty())
    return;
  rule_ = rule;
  details_ = details;
}

std::string referee::failure() const {
  return details_.empty() ? rule_ : rule_ + ": " + details_;
}

void referee::check(bool holds, const char* rule, const std::string& details) {
  if (!holds)
    fail(rule, details);
}

referee::client_state referee::state_of(std::size_t client) const {
  auto found = clients_.find(client);
  return found == clients_.end() ? client_state::present : found->second;
}

// Whether the engine may have given the session up, so that callbacks come late or not at all.
bool referee::lenient(const session_record& of) const {
  return of.excused || state_of(of.client) == client_state::dead
         || (of.cause && clock_() - *of.cause >= options_.timeouts.stop);
}

// A client that was replaced is not told of the end, and neither is the next one, unless it was
// asked to take the session over.
bool referee::owed(const session_record& of) const {
  return of.accepted && of.confirmed && !of.closed && !lenient(of)
         && state_of(of.client) == client_state::present;
}

void referee::check_all_closed(const char* rule) {
  for (const auto& [id, x] : sessions_)
    check(!owed(x), rule, to_string(session_id{id}));
}

void referee::check_quiet(bool running) {
  auto found = sessions_.find(newest_.value);
  if (!running || found == sessions_.end())
    return;
  const auto& of = found->second;
  if (!owed(of))
    return;
  auto missing = traffic_.missing(of.connection, sent(of.connection), true, false);
  check(missing.empty(), "messages are not delivered", missing);
}

void referee::finish() {
  check_all_closed("a session has had no on_close");
}

// -- callbacks ------------------------------------------------------------------------------------

std::size_t referee::begins(std::size_t client, const call_args& args) {
  call now;
  now.which = which_of(args);
  now.client = client;
  now.id = id_of(args);
  check(state_of(client) != client_state::retired, "a client that was replaced is called");
  if (const auto* x = std::get_if<on_open>(&args))
    opens(client, *x);
  else if (const auto* x = std::get_if<on_message>(&args))
    takes(client, *x, now);
  else if (const auto* x = std::get_if<on_messages>(&args))
    takes_batch(client, *x);
  else if (const auto* x = std::get_if<on_read_error>(&args))
    reports_read_error(client, *x);
  else if (const auto* x = std::get_if<on_close>(&args))
    closes(client, *x);
  else if (const auto* x = std::get_if<on_close_error>(&args))
    check(!owed(sessions_[x->id.value]), "on_close_error before on_close");
  else if (const auto* x = std::get_if<on_restart_error>(&args))
    retries(client, *x);
  auto& of = sessions_[now.id.value];
  // Nobody waits for the answer of a client that is about to take in its own death.
  now.over = state_of(client) == client_state::dead;
  if (now.over)
    now.key = nothing;
  else if (now.which == callback::message)
    ++of.messages_in_flight;
  else if (belongs_to_session(now.which))
    ++of.others_in_flight;
  calls_.push_back(now);
  return calls_.size() - 1;
}

void referee::ends(std::size_t number, bool succeeded) {
  auto& what = calls_[number];
  if (std::exchange(what.over, true))
    return;
  settled(what);
  auto& of = sessions_[what.id.value];
  if (what.which == callback::open && of.client == what.client) {
    of.accepted = succeeded;
    if (succeeded)
      ++beginnings_;
  }
}

void referee::settled(const call& what) {
  auto& of = sessions_[what.id.value];
  if (what.which == callback::message) {
    --of.messages_in_flight;
    if (what.key)
      --of.keys_in_flight[*what.key];
  } else if (belongs_to_session(what.which)) {
    --of.others_in_flight;
  }
}

void referee::confirm() {
  auto& of = sessions_[newest_.value];
  if (!of.accepted || of.closed)
    return;
  of.confirmed = true;
  failures_ = 0;
  beginnings_ = 0;
}

void referee::opens(std::size_t client, const on_open& what) {
  auto [found, is_new] = sessions_.try_emplace(what.which.id.value);
  auto& of = found->second;
  bounded_ = bounded_ || is_new;
  newest_ = what.which.id;
  check(!of.closed, "on_open of a session that was closed");
  check(lenient(of) || (of.messages_in_flight == 0 && of.others_in_flight == 0),
        "on_open while another callback of the session is in flight");
  for (const auto& [id, x] : sessions_) {
    if (id == what.which.id.value)
      continue;
    check(!owed(x), "on_open of a session before on_close of the one before");
    check(lenient(x) || x.messages_in_flight == 0,
          "on_open while on_message of another session is in flight");
  }
  of.accepted = of.confirmed = false;
  of.client = client;
  of.connection = connection_of(what.which);
}

void referee::check_may_take(const session_record& of, std::size_t client) {
  check(of.accepted && of.client == client, "on_message before on_open was answered");
  check(!of.closed, "on_message after on_close");
  check(of.others_in_flight == 0, "on_message while another callback is in flight");
  check(of.messages_in_flight < options_.handlers, "more on_message in flight than handlers");
  check(!of.interrupted || options_.handlers > 1, "on_message after the handler has had enough");
}

void referee::takes(std::size_t client, const on_message& what, call& now) {
  auto& of = sessions_[what.id.value];
  auto number = parse_message(what.data.text());
  if (!lenient(of)) {
    check_may_take(of, client);
    takes_each(of, {what.kind, what.data, what.last});
    if (keyed_)
      takes_key(of, number.number, now);
  }
  of.seen.insert(number.number);
  traffic_.begun(number);
}

void referee::takes_batch(std::size_t client, const on_messages& what) {
  auto& of = sessions_[what.id.value];
  check(!what.batch.messages.empty(), "a batch without messages");
  check(what.batch.messages.size() <= options_.read_batch, "a batch that is too large");
  if (!lenient(of))
    check_may_take(of, client);
  for (const auto& x : what.batch.messages) {
    if (!lenient(of))
      takes_each(of, x);
    auto number = parse_message(x.data.text());
    of.seen.insert(number.number);
    traffic_.begun(number);
  }
}

void referee::takes_each(session_record& of, const data_message& what) {
  auto number = parse_message(what.data.text());
  auto text = to_string(number);
  check(is_flag_right(what.data.text(), what.last), "the end of a message is in another place",
        text);
  check(of.connection == number.connection, "a message of another connection", text);
  check(!traffic_.was_begun(number), "a message was delivered twice", text);
  check(!traffic_.was_answered(number), "the answer to a request was delivered, too", text);
  check(!traffic_.is_lent(number), "a message was delivered that a lease holder has", text);
  if (options_.handlers == 1)
    check(of.seen.empty() || *of.seen.rbegin() < number.number, "messages are out of order", text);
}

void referee::takes_key(session_record& of, std::size_t number, call& now) {
  now.key = number % key_count;
  for (auto x : of.seen)
    check(x % key_count != *now.key || x < number, "messages of equal key are out of order");
  check(of.keys_in_flight[*now.key] == 0, "two messages of equal key are in flight");
  ++of.keys_in_flight[*now.key];
}

void referee::reports_read_error(std::size_t client, const on_read_error& what) {
  const auto& of = sessions_[what.id.value];
  if (lenient(of))
    return;
  check(of.accepted && !of.closed && of.client == client, "on_read_error outside of a session");
  check(of.messages_in_flight == 0, "on_read_error while on_message is in flight");
  check(of.others_in_flight == 0, "on_read_error while another callback is in flight");
}

void referee::closes(std::size_t client, const on_close& what) {
  auto& of = sessions_[what.id.value];
  check(!std::exchange(of.closed, true), "on_close came twice");
  newest_ = {};
  begin_rest();
  if (lenient(of))
    return;
  check(of.accepted && of.client == client, "on_close for a client that did not open the session");
  check(of.messages_in_flight == 0 && of.others_in_flight == 0,
        "on_close while another callback is in flight");
  if (!what.peer)
    return;
  // What a connection had when it died was never accepted.
  auto missing =
    traffic_.missing(of.connection, sent(of.connection), false, is_dead(of.connection));
  check(missing.empty(), "on_close before all messages of the peer were delivered", missing);
}

void referee::retries(std::size_t client, const on_restart_error& what) {
  // One that was replaced may hear of an attempt when the next one has heard of later ones.
  if (state_of(client) != client_state::present)
    return;
  check_all_closed("on_restart_error while a session is open");
  if (what.retry != failures_) {
    // A report may be older than what excuses the next one.
    auto missed = std::exchange(may_have_missed_, false);
    auto anew = beginnings_ > 0;
    if (anew)
      --beginnings_;
    auto excused = (missed && (anew || what.retry > failures_)) || (anew && what.retry == 0);
    check(excused, "the count of failed attempts is wrong",
          std::to_string(what.retry) + " instead of " + std::to_string(failures_));
  }
  newest_ = {};
  failures_ = what.retry;
  rest_ = nothing;
  // One URL of several is no attempt: the next one is tried at once.
  if (what.next_delay && *what.next_delay == timespan{0})
    return;
  ++failures_;
  begin_rest();
}

void referee::begin_rest() {
  if (!lagging_)
    rest_ = clock_();
}

// -- what excuses ---------------------------------------------------------------------------------

void referee::may_close() {
  for (auto& [id, x] : sessions_)
    if (!x.closed && !x.cause)
      x.cause = clock_();
}

void referee::client_died(std::size_t client) {
  if (options_.on_client_down == client_down_policy::stop)
    may_close();
  may_have_missed_ = true;
  clients_[client] = client_state::dead;
  // What it had been asked may have died with it.
  bounded_ = false;
  for (auto& [id, x] : sessions_)
    if (x.client == client)
      traffic_.excuse(x.connection);
  for (auto& x : calls_)
    if (x.client == client && !std::exchange(x.over, true))
      settled(x);
}

void referee::client_replaced(std::size_t client) {
  may_have_missed_ = true;
  auto& state = clients_[client];
  if (state == client_state::present)
    state = client_state::replaced;
}

void referee::engine_gone() {
  for (auto& [id, x] : sessions_)
    x.excused = true;
  may_dial();
  // The next one begins to count.
  ++beginnings_;
}

// -- traffic --------------------------------------------------------------------------------------

void referee::read(const message_batch& batch) {
  traffic_.read(batch);
  if (batch.messages.empty() || !bounded_)
    return;
  auto connection = parse_message(batch.messages.front().data.text()).connection;
  check(traffic_.held(connection) <= window_, "the reader holds more than it may",
        std::to_string(traffic_.held(connection)));
}

void referee::lags() {
  lagging_ = true;
  rest_ = nothing;
}

void referee::caught_up() {
  lagging_ = false;
  for (auto& [client, state] : clients_)
    if (state == client_state::replaced)
      state = client_state::retired;
}

void referee::dialed() {
  auto early = rest_ && clock_() - *rest_ < options_.backoff.base;
  check(!early || std::exchange(may_dial_, false), "an attempt without its delay");
  rest_ = nothing;
}

std::size_t referee::connection_of_id(session_id id, std::size_t unknown) const {
  auto found = sessions_.find(id.value);
  return found == sessions_.end() ? unknown : found->second.connection;
}

} // namespace wsengine::simulation
