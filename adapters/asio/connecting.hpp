// connecting.hpp: finds the addresses of a host and connects to the first that answers.

#pragma once

#include "asio_unit.hpp"
#include "eyeballs.hpp"
#include "net.hpp"

#include "wsengine/error.hpp"
#include "wsengine/options.hpp"

#include <boost/asio/thread_pool.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wsengine::io {

/// Whoever wants to be connected. Calls come on the I/O thread, and never within `start`, save for
/// `on_connecting`.
class connecting_user {
public:
  virtual ~connecting_user() = default;

  /// An address is known, and the first attempt begins.
  virtual void on_connecting() = 0;
  /// There is a connection.
  virtual void on_connected(tcp_socket socket) = 0;
  /// There will be none; `dial_errc::resolve_failed` or `connect_failed`.
  virtual void on_not_connected(dial_errc code, std::string text) = 0;
  /// Keeps the user.
  virtual std::shared_ptr<void> hold_user() = 0;
};

/// One race to a host (`eyeballs`). Completion handlers keep it and its user alive.
class connecting : public std::enable_shared_from_this<connecting> {
public:
  connecting(asio_unit& unit, connecting_user& user, const connection_options& options);

  using endpoints = std::vector<tcp::endpoint>;

  /// Starts; `host` is a name or an address.
  void start(const std::string& host, std::uint16_t port);

  /// Starts with addresses that are known, of the family that is tried first and of the other.
  void start(endpoints first, endpoints second);

  /// Ends it without a word to the user.
  void stop();

private:
  using family = eyeballs::family;
  using second_resolver = asio::ip::basic_resolver<tcp, asio::thread_pool::executor_type>;

  void look_up(const std::string& host, const std::string& port);
  void on_resolved(family which, error_code ec, const resolver::results_type& found);
  void step();
  void attempt(eyeballs::candidate which);
  void on_attempted(tcp_socket& socket, error_code ec);
  void wait_until(eyeballs::time_point when);
  void give_up();

  // What a completion handler holds.
  struct keep {
    std::shared_ptr<void> user;
    std::shared_ptr<connecting> self;
  };

  keep hold() { return {user_.hold_user(), shared_from_this()}; }

  asio_unit& unit_;
  connecting_user& user_;
  eyeballs race_;
  // Each family has a thread of its own to be looked up on: the system's resolver blocks.
  resolver v4_lookup_;
  std::unique_ptr<second_resolver> v6_lookup_;
  std::array<endpoints, 2> found_;
  std::array<error_code, 2> lookup_errors_;
  std::vector<std::unique_ptr<tcp_socket>> attempts_;
  error_code last_error_;
  timer timer_;
  bool over_ = false;
};

} // namespace wsengine::io
