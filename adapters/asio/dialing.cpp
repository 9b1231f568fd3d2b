// dialing.cpp: see dialing.hpp.

#include "dialing.hpp"

#include "deflate_offer.hpp"
#include "tcp_options.hpp"

#include <boost/asio/ssl/error.hpp>

#include <algorithm>
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

dialing::dialing(asio_unit& unit, const protocol_library& library, stream_user& owner,
                 dial_user& user, std::unique_ptr<stream>& target, handshake_request request,
                 connection_options options, std::unique_ptr<phase_spans> spans)
  : unit_(unit),
    library_(library),
    owner_(owner),
    user_(user),
    stream_(target),
    request_(std::move(request)),
    options_(std::move(options)),
    spans_(std::move(spans)),
    local_socket_(unit.context()),
    timer_(unit.context()) {}

// -- start and end --------------------------------------------------------------------------------

caf::error dialing::start() {
  if (auto problem = parse(); !problem.empty())
    return make_error(dial_errc::invalid_request, problem);
  if (auto trouble = make_stream(); !trouble.empty())
    return make_error(dial_errc::tls_failed, trouble);
  connect();
  return caf::none;
}

std::string dialing::parse() {
  engine_options all;
  all.request = request_;
  all.connection = options_;
  if (auto problems = validate(all); !problems.empty())
    return join(problems);
  if (auto problem = library_.find_unsupported(options_); !problem.empty())
    return problem;
  url_ = parse_url(request_.url).value();
  peer_ = url_.authority();
  const auto& proxy = options_.proxy;
  if (proxy.url.empty() || goes_around(proxy, url_.host, url_.port))
    return {};
  proxy_ = parse_proxy_address(proxy.url);
  peer_ = "the proxy " + proxy.url;
  return {};
}

std::string dialing::make_stream() {
  if (!url_.secure) {
    stream_ = library_.make_plain_stream(unit_, owner_);
    return {};
  }
  std::string problem;
  auto trust = unit_.tls().get(options_.tls, problem);
  if (!trust)
    return problem;
  stream_ = library_.make_tls_stream(unit_, owner_, std::move(trust));
  if (!stream_->prepare(options_.tls, url_))
    return "the name of the server cannot be verified: " + url_.host;
  return {};
}

void dialing::cancel() {
  if (spans_)
    spans_->failed(make_error(dial_errc::cancelled, "the dial was given up"));
  phase_ = phase::over;
  timer_.cancel();
  if (connecting_)
    connecting_->stop();
  error_code ignored;
  local_socket_.close(ignored);
  if (stream_)
    stream_->drop();
}

void dialing::fail(caf::error reason) {
  if (spans_)
    spans_->failed(reason);
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
    case phase::tunneling: return "proxy";
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
  if (spans_)
    spans_->enter(current_phase().data(), peer_);
  timer_.expires_after(bound);
  timer_.async_wait([this, next, keep = hold()](error_code ec) {
    asio_unit::turn turn{unit_};
    if (!ec && phase_ == next)
      on_timeout();
  });
}

void dialing::on_timeout() {
  switch (phase_) {
    case phase::resolving: return fail(dial_errc::resolve_timeout, "no answer about " + peer_);
    case phase::connecting: return fail(dial_errc::connect_timeout, "no answer from " + peer_);
    case phase::tunneling:
      return fail(dial_errc::proxy_timeout, "no way to " + url_.authority() + " by " + peer_);
    case phase::securing:
      return fail(dial_errc::tls_timeout, "no TLS handshake with " + url_.authority());
    case phase::upgrading:
      if (auto said = stream_->refusal())
        return fail(make_refused_error(std::move(*said), "; its body did not end in time"));
      return fail(dial_errc::upgrade_timeout, "no answer to the upgrade from " + url_.authority());
    case phase::idle:
    case phase::over: break;
  }
}

// -- connecting -----------------------------------------------------------------------------------

void dialing::connect() {
  if (!options_.unix_socket.empty())
    return connect_locally();
  enter(phase::resolving, options_.timeouts.resolve);
  connecting_ = std::make_shared<connecting>(unit_, *this, options_);
  if (proxy_)
    connecting_->start(proxy_->host, proxy_->port);
  else
    connecting_->start(url_.host, url_.port);
}

void dialing::on_connecting() {
  enter(phase::connecting, options_.timeouts.connect);
}

void dialing::on_not_connected(dial_errc code, std::string text) {
  auto who = code == dial_errc::resolve_failed && !proxy_ ? url_.host : peer_;
  fail(code, who + ": " + text);
}

void dialing::on_connected(tcp_socket socket) {
  stream_->socket() = std::move(socket);
  if (auto ec = set_tcp_options(stream_->socket(), options_))
    return fail(dial_errc::connect_failed, peer_ + ": options of the socket: " + ec.message());
  connected();
}

void dialing::connect_locally() {
  peer_ = options_.unix_socket;
  enter(phase::connecting, options_.timeouts.connect);
  local_socket_.async_connect(local::endpoint{options_.unix_socket},
                              [this, keep = hold()](error_code ec) {
                                asio_unit::turn turn{unit_};
                                on_connected_locally(ec);
                              });
}

void dialing::on_connected_locally(error_code ec) {
  if (phase_ != phase::connecting)
    return;
  // From here on the socket is only read and written, and closed: that its type says TCP does not
  // matter.
  if (!ec) {
    auto handle = local_socket_.release(ec);
    if (!ec)
      stream_->socket().assign(tcp::v4(), handle, ec);
  }
  if (ec)
    return fail(dial_errc::connect_failed, peer_ + ": " + ec.message());
  connected();
}

void dialing::connected() {
  // Reading and writing never wait. Of a TCP socket that was said before it connected.
  error_code ignored;
  if (auto& socket = stream_->socket(); !socket.non_blocking())
    socket.non_blocking(true, ignored);
  if (spans_ && options_.unix_socket.empty())
    spans_->connected(stream_->socket());
  else if (spans_)
    spans_->connected(options_.unix_socket);
  if (proxy_)
    tunnel_through();
  else
    secure_or_upgrade();
}

// -- the proxy ------------------------------------------------------------------------------------

void dialing::tunnel_through() {
  enter(phase::tunneling, options_.timeouts.proxy);
  tunneling_ = std::make_shared<tunneling>(
    unit_, stream_->socket(), make_tunnel(proxy_->speaks, url_.host, url_.port, options_.proxy),
    [this](const std::string& problem) { on_tunneled(problem); });
  tunneling_->go_on(hold_user());
}

void dialing::on_tunneled(const std::string& problem) {
  if (phase_ != phase::tunneling)
    return;
  if (!problem.empty())
    return fail(dial_errc::proxy_failed, peer_ + ": " + problem);
  secure_or_upgrade();
}

// -- TLS ------------------------------------------------------------------------------------------

void dialing::secure_or_upgrade() {
  if (!url_.secure)
    return upgrade();
  enter(phase::securing, options_.timeouts.tls);
  stream_->async_tls();
}

void dialing::on_tls(error_code ec) {
  if (phase_ != phase::securing)
    return;
  auto fault = stream_->tls_fault();
  if (!ec && fault.empty()) {
    if (spans_)
      spans_->secured(stream_->tls());
    return upgrade();
  }
  fail(dial_errc::tls_failed, url_.host + ": " + (fault.empty() ? ec.message() : fault));
}

// -- the upgrade ----------------------------------------------------------------------------------

void dialing::upgrade() {
  enter(phase::upgrading, options_.timeouts.upgrade);
  stream_->async_upgrade(url_.authority(), url_.target, request_, options_);
}

void dialing::on_upgraded(error_code ec, bool refused, handshake_response response) {
  if (phase_ != phase::upgrading)
    return;
  response.tls = stream_->tls();
  if (refused)
    return fail(make_refused_error(std::move(response)));
  // In TLS 1.3 the server's verdict on our certificate comes behind the handshake.
  if (ec.category() == asio::error::get_ssl_category())
    return fail(dial_errc::tls_failed, url_.host + ": " + ec.message());
  if (ec)
    if (auto said = stream_->refusal())
      return fail(make_refused_error(std::move(*said), "; its body: " + ec.message()));
  if (ec)
    return fail(dial_errc::upgrade_failed, ec.message());
  if (auto fault = fault_of(response, request_, options_.deflate); !fault.empty())
    return fail(dial_errc::upgrade_failed, fault);
  phase_ = phase::over;
  if (spans_)
    spans_->done(response);
  timer_.cancel();
  user_.on_dialed(std::move(response));
}

} // namespace wsengine::io
