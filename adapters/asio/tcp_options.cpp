// tcp_options.cpp: see tcp_options.hpp.

#include "tcp_options.hpp"

#include <chrono>
#include <netinet/tcp.h>

namespace wsengine::io {

namespace {

template <int Name>
using number = asio::detail::socket_option::integer<IPPROTO_TCP, Name>;

template <class Unit>
int rounded_up(timespan what) {
  return static_cast<int>(std::chrono::ceil<Unit>(what).count());
}

error_code set_keepalive(tcp_socket& socket, const tcp_keepalive_options& options) {
  using std::chrono::seconds;
  error_code ec;
  if (!options.enabled)
    return ec;
  socket.set_option(number<TCP_KEEPIDLE>{rounded_up<seconds>(options.idle)}, ec);
  if (!ec)
    socket.set_option(number<TCP_KEEPINTVL>{rounded_up<seconds>(options.interval)}, ec);
  if (!ec)
    socket.set_option(number<TCP_KEEPCNT>{static_cast<int>(options.count)}, ec);
  if (!ec)
    socket.set_option(asio::socket_base::keep_alive{true}, ec);
  return ec;
}

} // namespace

error_code set_tcp_options(tcp_socket& socket, const connection_options& options) {
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  auto ec = set_keepalive(socket, options.tcp_keepalive);
  if (!ec && options.tcp_user_timeout > timespan::zero())
    socket.set_option(
      number<TCP_USER_TIMEOUT>{rounded_up<std::chrono::milliseconds>(options.tcp_user_timeout)},
      ec);
  return ec;
}

} // namespace wsengine::io
