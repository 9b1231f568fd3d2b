// dialing.cpp: see dialing.hpp.

#include "dialing.hpp"

#include "deflate_offer.hpp"

#include <boost/asio/connect.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace wsengine::io {

namespace {

std::string join(const std::vector<option_problem>& problems) {
  std::string result;
  for (const auto& x : problems)
    result += (result.empty() ? "" : "; ") + x.field + " " + x.problem;
  return result;
}

// Says what is wrong with a response that opened the session (RFC 6455, section 4.1).
std::string fault_of(const handshake_response& response, const handshake_request& request,
                     const deflate_options& deflate) {
  const auto& offered = request.subprotocols;
  const auto& chosen = response.subprotocol;
  if (!chosen.empty() && std::find(offered.begin(), offered.end(), chosen) == offered.end())
    return "the server chose the subprotocol " + chosen + ", which was not offered";
  std::string fault;
  read_deflate_answer(response.extensions, deflate, fault);
  return fault;
}

} // namespace

dialing::dialing(asio_unit& unit, stream_user& owner, dial_user& user,
                 std::unique_ptr<stream>& target, handshake_request request,
                 connection_options options)
  : unit_(unit),
    owner_(owner),
    user_(user),
    stream_(target),
    request_(std::move(request)),
    options_(std::move(options)),
    resolver_(unit.context()),
    timer_(unit.context()) {}

// -- start and end --------------------------------------------------------------------------------

caf::error dialing::start() {
  if (auto problems = validate(request_); !problems.empty())
    return make_error(dial_errc::invalid_request, join(problems));
  std::string problem;
  auto parsed = parse_url(request_.url, &problem);
  if (!parsed)
    return make_error(dial_errc::invalid_request, "url " + problem);
  url_ = std::move(*parsed);
  if (auto trouble = make_stream(); !trouble.empty())
    return make_error(dial_errc::tls_failed, trouble);
  resolve();
  return caf::none;
}

std::string dialing::make_stream() {
  if (!url_.secure) {
    stream_ = make_plain_stream(unit_, owner_);
    return {};
  }
  std::string problem;
  auto trust = unit_.tls().get(options_.tls, problem);
  if (!trust)
    return problem;
  stream_ = make_tls_stream(unit_, owner_, std::move(trust));
  if (!stream_->prepare(options_.tls, url_.host))
    return "the name of the server cannot be verified: " + url_.host;
  return {};
}

void dialing::cancel() {
  phase_ = phase::over;
  timer_.cancel();
  resolver_.cancel();
  if (stream_)
    stream_->drop();
}

void dialing::fail(caf::error reason) {
  cancel();
  user_.on_dial_failed(std::move(reason));
}

void dialing::fail(dial_errc code, std::string text) {
  fail(make_error(code, std::move(text)));
}

std::string_view dialing::current_phase() const noexcept {
  switch (phase_) {
    case phase::resolving: return "resolve";
    case phase::connecting: return "connect";
    case phase::securing: return "tls";
    case phase::upgrading: return "upgrade";
    case phase::idle:
    case phase::over: break;
  }
  return "open";
}

// -- time -----------------------------------------------------------------------------------------

void dialing::enter(phase next, timespan bound) {
  phase_ = next;
  timer_.expires_after(bound);
  timer_.async_wait([this, next, keep = hold()](error_code ec) {
    asio_unit::turn turn{unit_};
    if (!ec && phase_ == next)
      on_timeout();
  });
}

void dialing::on_timeout() {
  switch (phase_) {
    case phase::resolving: return fail(dial_errc::resolve_timeout, "no answer about " + url_.host);
    case phase::connecting:
      return fail(dial_errc::connect_timeout, "no answer from " + url_.authority());
    case phase::securing:
      return fail(dial_errc::tls_timeout, "no TLS handshake with " + url_.authority());
    case phase::upgrading:
      return fail(dial_errc::upgrade_timeout, "no answer to the upgrade from " + url_.authority());
    case phase::idle:
    case phase::over: break;
  }
}

// -- phases ---------------------------------------------------------------------------------------

void dialing::resolve() {
  error_code not_an_address;
  auto address = asio::ip::make_address(url_.host, not_an_address);
  if (!not_an_address)
    return connect(std::array{tcp::endpoint{address, url_.port}});
  enter(phase::resolving, options_.timeouts.resolve);
  resolver_.async_resolve(url_.host, std::to_string(url_.port), resolver::numeric_service,
                          [this, keep = hold()](error_code ec, resolver::results_type found) {
                            asio_unit::turn turn{unit_};
                            on_resolved(ec, found);
                          });
}

void dialing::on_resolved(error_code ec, const resolver::results_type& found) {
  if (phase_ != phase::resolving)
    return;
  if (ec)
    return fail(dial_errc::resolve_failed, url_.host + ": " + ec.message());
  connect(found);
}

template <class Endpoints>
void dialing::connect(const Endpoints& endpoints) {
  enter(phase::connecting, options_.timeouts.connect);
  asio::async_connect(stream_->socket(), endpoints,
                      [this, keep = hold()](error_code ec, const tcp::endpoint&) {
                        asio_unit::turn turn{unit_};
                        on_connected(ec);
                      });
}

void dialing::on_connected(error_code ec) {
  if (phase_ != phase::connecting)
    return;
  if (ec)
    return fail(dial_errc::connect_failed, url_.authority() + ": " + ec.message());
  error_code ignored;
  stream_->socket().set_option(tcp::no_delay{true}, ignored);
  // Reading and writing never wait.
  stream_->socket().non_blocking(true, ignored);
  if (url_.secure)
    secure();
  else
    upgrade();
}

void dialing::secure() {
  enter(phase::securing, options_.timeouts.tls);
  stream_->async_tls();
}

void dialing::on_tls(error_code ec) {
  if (phase_ != phase::securing)
    return;
  if (!ec)
    return upgrade();
  auto fault = stream_->tls_fault();
  fail(dial_errc::tls_failed, url_.host + ": " + (fault.empty() ? ec.message() : fault));
}

void dialing::upgrade() {
  enter(phase::upgrading, options_.timeouts.upgrade);
  stream_->async_upgrade(url_.authority(), url_.target, request_, options_);
}

void dialing::on_upgraded(error_code ec, bool refused, handshake_response response) {
  if (phase_ != phase::upgrading)
    return;
  if (refused)
    return fail(make_refused_error(std::move(response)));
  if (ec)
    return fail(dial_errc::upgrade_failed, ec.message());
  if (auto fault = fault_of(response, request_, options_.deflate); !fault.empty())
    return fail(dial_errc::upgrade_failed, fault);
  phase_ = phase::over;
  timer_.cancel();
  user_.on_dialed(std::move(response));
}

} // namespace wsengine::io
