// engine_dialing.cpp: what an engine does to reach a server: URLs in turn, the provider, redirects,
// cookies.

#include "engine.hpp"
#include "rules/redirect.hpp"
#include "rules/retry_after.hpp"

#include "wsengine/error.hpp"
#include "wsengine/url.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace wsengine::internal {

using rules::event;

// -- an attempt -----------------------------------------------------------------------------------

void engine::dial() {
  now_ = {};
  closing_took_too_long_ = false;
  closing_due_ = {};
  retry_alarm_ = 0;
  asked_delay_ = timespan{0};
  now_.which.id = make_session_id();
  now_.which.supervisor = caf::actor_cast<caf::actor>(address());
  alive_ = now_.which.supervisor;
  round_.begin();
  if (must_not_dial())
    return refuse_to_dial();
  if (may_dial())
    dial_url();
}

void engine::dial_url() {
  ++epoch_;
  attempt_began();
  cancelling_ = false;
  redirects_ = 0;
  open_alarm_ = arm(options_->timeouts.open);
  wanted_ = std::make_unique<dial_msg>(dial_msg{request_, options_->connection});
  if (auto index = round_.current(); index > 0)
    wanted_->request.url = options_->more_urls[index - 1];
  watch_dial_begin();
  ask_provider();
}

void engine::url_failed(event how) {
  watch_dial_end(last_error_);
  if (cycle_.state() != engine_state::dialing || !round_.next()) {
    attempt_failed();
    wanted_.reset();
    return feed(how);
  }
  drop_connection();
  // Whoever waits for a first start hears of the last URL only.
  if (cycle_.current().had_session || options_->backoff.retry_first_connect)
    report_url();
  dial_url();
}

// -- the provider ---------------------------------------------------------------------------------

namespace {

// An exception of the user's must not end the engine.
caf::expected<handshake_request> call(const provider_function& provide, const provide_msg& what) {
  try {
    return provide(what);
  } catch (const std::exception& x) {
    return make_error(engine_errc::provider_failed, x.what());
  }
}

} // namespace

void engine::ask_provider() {
  if (!hooks_->provide && !hooks_->provider)
    return connect();
  provide_msg question{wanted_->request, backoff_.failures(), cycle_.current().had_session,
                       last_error_};
  if (hooks_->provide) {
    auto answer = call(hooks_->provide, question);
    if (!answer)
      return provider_failed(answer.error());
    question.request = std::move(*answer);
  }
  if (!hooks_->provider) {
    wanted_->request = std::move(question.request);
    return connect();
  }
  request(hooks_->provider, caf::infinite, std::move(question))
    .then(
      [this, epoch = epoch_](handshake_request& answer) {
        if (epoch != epoch_)
          return;
        wanted_->request = std::move(answer);
        connect();
      },
      [this, epoch = epoch_](const caf::error& cause) {
        if (epoch == epoch_)
          provider_failed(cause);
      });
}

void engine::provider_failed(const caf::error& cause) {
  auto text = text_of(cause);
  last_error_ =
    make_error(engine_errc::provider_failed, text.empty() ? caf::to_string(cause) : text);
  url_failed(event::dial_failed);
}

// -- the connection -------------------------------------------------------------------------------

void engine::connect() {
  auto& connection = now_.which.connection;
  connection = connect_.spawn(*this);
  if (!connection) {
    last_error_ = make_error(dial_errc::connect_failed, "the connector made no connection");
    return url_failed(event::dial_failed);
  }
  link_to(connection);
  auto ours = [this, epoch = epoch_] { return epoch == epoch_; };
  request(connection, caf::infinite, with_cookies())
    .then(
      [this, ours](handshake_response& response) {
        if (ours())
          dialed(response);
      },
      [this, ours](caf::error& cause) {
        if (ours())
          dial_failed(cause);
      });
}

void engine::drop_connection() {
  if (now_.which.connection)
    let_go(caf::actor_cast<caf::actor>(now_.which.connection),
           make_error(engine_errc::stopped, "another one is dialed"));
  now_.which.connection = nullptr;
}

void engine::dial_failed(caf::error& cause) {
  auto response = response_of(cause);
  if (response)
    keep_cookies(*response);
  last_error_ = std::move(cause);
  if (cancelling_)
    last_error_ = make_error(engine_errc::open_timeout, "took too long: " + text_of(last_error_),
                             phase_name{std::string{phase_of(last_error_)}});
  else if (response && follow_redirect(*response))
    return;
  if (response)
    asked_delay_ = std::max(asked_delay_, rules::retry_after(*response, caf::make_timestamp()));
  url_failed(event::dial_failed);
}

// -- redirects ------------------------------------------------------------------------------------

bool engine::follow_redirect(const handshake_response& response) {
  if (options_->max_redirects == 0 || !rules::is_redirect(response))
    return false;
  std::string problem;
  auto target = rules::follow(wanted_->request, response, problem);
  if (redirects_ == options_->max_redirects)
    problem = "there were " + std::to_string(redirects_) + " redirects before";
  else if (target && target->leaves_host && !wanted_->options.unix_socket.empty())
    problem = "it leads away from the Unix-domain socket";
  if (!problem.empty()) {
    last_error_ = make_refused_error(response, "; not followed: " + problem);
    return false;
  }
  if (trace_)
    trace_->redirected(response);
  ++redirects_;
  ++epoch_;
  drop_connection();
  wanted_->request = std::move(target->request);
  if (target->leaves_host)
    forget_identity();
  connect();
  return true;
}

void engine::forget_identity() {
  auto& tls = wanted_->options.tls;
  tls.server_name.clear();
  tls.certificate_file.clear();
  tls.certificate_pem.clear();
  tls.key_file.clear();
  tls.key_pem = {};
}

// -- cookies --------------------------------------------------------------------------------------

void engine::keep_cookies(const handshake_response& response) {
  if (!options_->keep_cookies)
    return;
  if (auto from = parse_url(wanted_->request.url))
    cookies_.take(response.headers, *from, caf::make_timestamp());
}

// What the connection is asked for: the request with what is ours to add.
dial_msg engine::with_cookies() const {
  auto result = *wanted_;
  if (trace_)
    trace_->add_to(result.request.headers);
  if (options_->keep_cookies)
    if (auto to = parse_url(result.request.url))
      cookies_.add_to(result.request.headers, *to, caf::make_timestamp());
  return result;
}

} // namespace wsengine::internal
