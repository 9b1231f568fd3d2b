// connecting.cpp: see connecting.hpp.

#include "connecting.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace wsengine::io {

connecting::connecting(asio_unit& unit, connecting_user& user, const connection_options& options)
  : unit_(unit),
    user_(user),
    race_(options.resolution_delay, options.connect_stagger),
    v4_lookup_(unit.context()),
    timer_(unit.context()) {}

void connecting::start(const std::string& host, std::uint16_t port) {
  error_code not_an_address;
  auto address = asio::ip::make_address(host, not_an_address);
  if (not_an_address)
    return look_up(host, std::to_string(port));
  start({tcp::endpoint{address, port}}, {});
}

void connecting::start(endpoints first, endpoints second) {
  found_ = {std::move(first), std::move(second)};
  race_.resolved(family::v6, found_[0].size(), clock::now());
  race_.resolved(family::v4, found_[1].size(), clock::now());
  step();
}

void connecting::stop() {
  over_ = true;
  timer_.cancel();
  v4_lookup_.cancel();
  if (v6_lookup_)
    v6_lookup_->cancel();
  error_code ignored;
  for (auto& socket : attempts_)
    socket->close(ignored);
}

// -- names ----------------------------------------------------------------------------------------

void connecting::look_up(const std::string& host, const std::string& port) {
  auto answer = [this](family which) {
    return [this, which, keep = hold()](error_code ec, const resolver::results_type& found) {
      asio_unit::turn turn{unit_};
      on_resolved(which, ec, found);
    };
  };
  v6_lookup_ = std::make_unique<second_resolver>(unit_.lookups().get_executor());
  v6_lookup_->async_resolve(
    tcp::v6(), host, port, resolver::numeric_service,
    asio::bind_executor(unit_.context().get_executor(), answer(family::v6)));
  v4_lookup_.async_resolve(tcp::v4(), host, port, resolver::numeric_service, answer(family::v4));
}

void connecting::on_resolved(family which, error_code ec, const resolver::results_type& found) {
  if (over_)
    return;
  auto index = static_cast<std::size_t>(which);
  lookup_errors_[index] = ec;
  for (const auto& x : found)
    found_[index].push_back(x.endpoint());
  race_.resolved(which, found_[index].size(), clock::now());
  step();
}

// -- the race -------------------------------------------------------------------------------------

void connecting::step() {
  while (auto which = race_.next(clock::now())) {
    if (attempts_.empty())
      user_.on_connecting();
    attempt(*which);
  }
  if (race_.hopeless())
    return give_up();
  if (auto when = race_.wake())
    wait_until(*when);
}

void connecting::wait_until(eyeballs::time_point when) {
  timer_.expires_at(when);
  timer_.async_wait([this, keep = hold()](error_code ec) {
    asio_unit::turn turn{unit_};
    if (!ec && !over_)
      step();
  });
}

void connecting::attempt(eyeballs::candidate which) {
  const auto& where = found_[static_cast<std::size_t>(which.which)][which.index];
  auto& socket = *attempts_.emplace_back(std::make_unique<tcp_socket>(unit_.context()));
  error_code ignored;
  socket.open(where.protocol(), ignored);
  // Reading and writing never wait. Asio wants that for the connect, too: one system call for both.
  socket.non_blocking(true, ignored);
  socket.async_connect(where, [this, &socket, keep = hold()](error_code ec) {
    asio_unit::turn turn{unit_};
    if (!over_)
      on_attempted(socket, ec);
  });
}

void connecting::on_attempted(tcp_socket& socket, error_code ec) {
  if (ec) {
    last_error_ = ec;
    race_.failed();
    return step();
  }
  auto winner = std::move(socket);
  stop();
  user_.on_connected(std::move(winner));
}

void connecting::give_up() {
  over_ = true;
  if (race_.started())
    return user_.on_not_connected(dial_errc::connect_failed, last_error_.message());
  // Hosts without IPv6 are the rule: what was wrong with IPv4 says more.
  auto ec = lookup_errors_[1] ? lookup_errors_[1] : lookup_errors_[0];
  user_.on_not_connected(dial_errc::resolve_failed, ec.message());
}

} // namespace wsengine::io
