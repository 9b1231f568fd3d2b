// tls_socket.cpp: the client's end of TLS, against a server on the same thread.

#define CAF_SUITE tls_socket

#include "tls_socket.hpp"

#include "real/certificates.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <memory>
#include <poll.h>
#include <span>
#include <string>
#include <string_view>

using namespace wsengine;
namespace ssl = boost::asio::ssl;

namespace {

// How long something may take that happens within this process, in milliseconds.
constexpr int patience = 30'000;

std::string some_bytes(std::size_t size) {
  std::string result(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    result[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return result;
}

// OpenSSL's own server, whose socket does not block either.
class server_end {
public:
  server_end(const tests::certificate& who, int max_version) {
    context_.use_certificate_chain(boost::asio::buffer(who.pem));
    context_.use_private_key(boost::asio::buffer(who.key), ssl::context::pem);
    SSL_CTX_set_max_proto_version(context_.native_handle(), max_version);
  }

  void accept(io::tcp_socket socket) {
    socket_ = std::make_unique<io::tcp_socket>(std::move(socket));
    socket_->non_blocking(true);
    ssl_.reset(SSL_new(context_.native_handle()));
    SSL_set_fd(ssl_.get(), static_cast<int>(socket_->native_handle()));
    SSL_set_accept_state(ssl_.get());
  }

  SSL* operator*() const { return ssl_.get(); }

  io::tcp_socket& socket() { return *socket_; }

  // What it has sent so far, in bytes on the wire.
  std::uint64_t sent() const { return BIO_number_written(SSL_get_wbio(ssl_.get())); }

  void write(std::string_view text) {
    std::size_t n = 0;
    CAF_REQUIRE_EQUAL(SSL_write_ex(ssl_.get(), text.data(), text.size(), &n), 1);
    CAF_REQUIRE_EQUAL(n, text.size());
  }

  // What has come since the last call.
  std::string read() {
    std::string result;
    std::array<char, 4096> chunk;
    std::size_t n = 0;
    while (SSL_read_ex(ssl_.get(), chunk.data(), chunk.size(), &n) == 1)
      result.append(chunk.data(), n);
    ERR_clear_error();
    return result;
  }

private:
  struct deleter {
    void operator()(SSL* what) const noexcept { SSL_free(what); }
  };

  ssl::context context_{ssl::context::tls_server};
  std::unique_ptr<io::tcp_socket> socket_;
  std::unique_ptr<SSL, deleter> ssl_;
};

struct fixture {
  boost::asio::io_context context{1};
  ssl::context trust{ssl::context::tls_client};
  tests::certificate who = tests::make_certificate("DNS:localhost");
  std::unique_ptr<io::tls_socket> client;
  std::unique_ptr<server_end> server;

  // Two ends that have shaken hands.
  void connect(int max_version = TLS1_3_VERSION) {
    server = std::make_unique<server_end>(who, max_version);
    client = std::make_unique<io::tls_socket>(context, trust.native_handle());
    io::tcp::acceptor acceptor{context, {boost::asio::ip::address_v4::loopback(), 0}};
    client->next_layer().connect(acceptor.local_endpoint());
    client->next_layer().non_blocking(true);
    io::tcp_socket accepted{context};
    acceptor.accept(accepted);
    accepted.set_option(io::tcp::no_delay{true});
    server->accept(std::move(accepted));
    auto ours = false;
    until([&] {
      io::error_code ec;
      if (!ours)
        client->shake_hands(ec);
      ours = ours || !ec;
      CAF_REQUIRE(!ec || ec == boost::asio::error::would_block);
      auto theirs = SSL_do_handshake(**server) == 1;
      ERR_clear_error();
      return ours && theirs;
    });
  }

  // Tries again whenever something has come for either end, or room for what they write.
  template <class Condition>
  void until(Condition holds) {
    while (!holds()) {
      auto client_waits_to_write = client->awaited() == io::tcp_socket::wait_write;
      std::array<pollfd, 2> ends{{
        {static_cast<int>(client->next_layer().native_handle()),
         static_cast<short>(client_waits_to_write ? POLLOUT | POLLIN : POLLIN), 0},
        {static_cast<int>(server->socket().native_handle()), POLLIN, 0},
      }};
      CAF_REQUIRE(::poll(ends.data(), ends.size(), patience) > 0);
    }
  }

  // Waits until all that the server has sent is here, and `more` bytes.
  void until_arrived(std::size_t more = 0) {
    until([&] {
      auto taken = BIO_number_read(SSL_get_rbio(client->native_handle()));
      return taken + client->next_layer().available() == server->sent() + more;
    });
  }

  // Reads once.
  std::string read(io::error_code& ec, std::size_t most = 256) {
    std::string result(most, '\0');
    result.resize(client->read_some(std::as_writable_bytes(std::span{result}), ec));
    return result;
  }

  // Reads until there is something, or an error.
  std::string await(io::error_code& ec) {
    std::string result;
    until([&] {
      result = read(ec);
      return ec != boost::asio::error::would_block;
    });
    return result;
  }

  std::size_t write(std::string_view text, io::error_code& ec) {
    std::array<boost::asio::const_buffer, 1> parts{boost::asio::buffer(text)};
    return client->write_some(parts, ec);
  }

  // Sends a text to either end, one after the other.
  void exchange(std::string_view to_client, std::string_view to_server) {
    server->write(to_client);
    io::error_code ec;
    CAF_CHECK_EQUAL(await(ec), to_client);
    CAF_CHECK_EQUAL(write(to_server, ec), to_server.size());
    std::string got;
    until([&] { return (got += server->read()) == to_server; });
  }

  // Reads the tickets with which a server begins.
  void read_tickets() {
    until_arrived();
    io::error_code ec;
    CAF_CHECK_EQUAL(read(ec), "");
    CAF_CHECK(ec == boost::asio::error::would_block);
    // The second one finds out that nothing has come.
    CAF_CHECK_EQUAL(read(ec), "");
    CAF_CHECK(ec == boost::asio::error::would_block);
    CAF_CHECK_EQUAL(client->next_layer().available(), 0u);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tls_socket_tests, fixture)

// -- reading --------------------------------------------------------------------------------------

CAF_TEST(one call reads all records that have come) {
  connect();
  read_tickets();
  for (const auto* text : {"one ", "two ", "three"})
    server->write(text);
  until_arrived();
  io::error_code ec;
  CAF_CHECK_EQUAL(read(ec), "one two three");
  CAF_CHECK(!ec);
  CAF_CHECK_EQUAL(read(ec), "");
  CAF_CHECK(ec == boost::asio::error::would_block);
  CAF_CHECK(client->awaited() == io::tcp_socket::wait_read);
}

CAF_TEST(what there was no space for is read without a wait) {
  connect();
  read_tickets();
  server->write("one ");
  server->write("two");
  until_arrived();
  io::error_code ec;
  CAF_CHECK_EQUAL(read(ec, 2), "on");
  CAF_CHECK_EQUAL(client->next_layer().available(), 0u);
  CAF_CHECK_EQUAL(read(ec, 4), "e tw");
  CAF_CHECK_EQUAL(read(ec, 4), "o");
  CAF_CHECK(!ec);
}

CAF_TEST(a record that comes in pieces is read when it is complete) {
  connect();
  read_tickets();
  // As the server would send it, but caught on its way.
  auto* wire = BIO_new(BIO_s_mem());
  auto* own = SSL_get_wbio(**server);
  BIO_up_ref(own);
  SSL_set0_wbio(**server, wire);
  server->write("in pieces");
  char* record = nullptr;
  auto size = static_cast<std::size_t>(BIO_get_mem_data(wire, &record));
  for (std::size_t i = 0; i < size; ++i) {
    io::error_code ec;
    CAF_REQUIRE_EQUAL(read(ec), "");
    CAF_REQUIRE(ec == boost::asio::error::would_block);
    server->socket().write_some(boost::asio::buffer(record + i, 1));
    until([&] { return client->next_layer().available() == 1; });
  }
  io::error_code ec;
  CAF_CHECK_EQUAL(read(ec), "in pieces");
  SSL_set0_wbio(**server, own);
}

CAF_TEST(a good - bye is an end and a connection that ends without one is cut off) {
  for (auto says_good_bye : {true, false}) {
    connect();
    read_tickets();
    server->write("the last");
    if (says_good_bye)
      SSL_shutdown(**server);
    until_arrived();
    server->socket().shutdown(io::tcp_socket::shutdown_send);
    // What came before the end comes first.
    io::error_code ec;
    CAF_CHECK_EQUAL(await(ec), "the last");
    CAF_CHECK(!ec);
    CAF_CHECK_EQUAL(await(ec), "");
    if (says_good_bye)
      CAF_CHECK(ec == boost::asio::error::eof);
    else
      CAF_CHECK(ec == ssl::error::stream_truncated);
  }
}

CAF_TEST(bytes that are no record are a fault whose reason is kept behind what came before) {
  connect();
  read_tickets();
  server->write("good");
  std::string_view garbage = "this is not TLS at all";
  server->socket().write_some(boost::asio::buffer(garbage));
  until_arrived(garbage.size());
  io::error_code ec;
  CAF_CHECK_EQUAL(read(ec), "good");
  CAF_CHECK(!ec);
  CAF_CHECK_EQUAL(read(ec), "");
  CAF_CHECK(ec.category() == boost::asio::error::get_ssl_category());
  CAF_CHECK_NOT_EQUAL(ec.message().find("wrong version number"), std::string::npos);
}

// -- writing --------------------------------------------------------------------------------------

CAF_TEST(what the socket does not take is written later and nothing twice) {
  connect();
  auto all = some_bytes(8U << 20U);
  std::size_t done = 0;
  io::error_code ec;
  while (!ec) {
    // The rest may grow between two calls, as what a session has to send does.
    auto n = write(std::string_view{all}.substr(done, 100'000), ec);
    CAF_REQUIRE((n == 0) == static_cast<bool>(ec));
    done += n;
  }
  CAF_REQUIRE(ec == boost::asio::error::would_block);
  CAF_CHECK(client->awaited() == io::tcp_socket::wait_write);
  CAF_CHECK(client->begun() > 0);
  CAF_CHECK(client->begun() <= 16'384);
  std::string got;
  until([&] {
    got += server->read();
    done += write(std::string_view{all}.substr(done, 200'000), ec);
    return got.size() == all.size();
  });
  CAF_CHECK(got == all);
  CAF_CHECK_EQUAL(client->begun(), 0u);
}

CAF_TEST(several parts are written by one call) {
  connect();
  std::array<boost::asio::const_buffer, 4> parts{boost::asio::buffer("one ", 4),
                                                 boost::asio::buffer("two", 3)};
  io::error_code ec;
  CAF_CHECK_EQUAL(client->write_some(parts, ec), 7u);
  CAF_CHECK(!ec);
  std::string got;
  until([&] { return (got += server->read()) == "one two"; });
}

CAF_TEST(a connection that was reset says so) {
  connect();
  server->socket().set_option(boost::asio::socket_base::linger{true, 0});
  server->socket().close();
  io::error_code ec;
  std::string result;
  while (!ec || ec == boost::asio::error::would_block) {
    pollfd end{static_cast<int>(client->next_layer().native_handle()), POLLIN, 0};
    CAF_REQUIRE(::poll(&end, 1, patience) > 0);
    read(ec);
  }
  CAF_CHECK(ec == boost::asio::error::connection_reset);
  CAF_CHECK_EQUAL(write("too late", ec), 0u);
  CAF_CHECK(ec && ec != boost::asio::error::would_block);
}

// -- handshakes within a session ------------------------------------------------------------------

CAF_TEST(both ends may change their keys) {
  connect();
  read_tickets();
  for (auto kind : {SSL_KEY_UPDATE_NOT_REQUESTED, SSL_KEY_UPDATE_REQUESTED}) {
    CAF_REQUIRE_EQUAL(SSL_key_update(**server, kind), 1);
    exchange("new keys", "as you like");
  }
}

CAF_TEST(a server may negotiate again with TLS 1.2) {
  connect(TLS1_2_VERSION);
  CAF_REQUIRE_EQUAL(SSL_renegotiate(**server), 1);
  until([&] {
    SSL_do_handshake(**server);
    ERR_clear_error();
    io::error_code ec;
    CAF_CHECK_EQUAL(read(ec), "");
    CAF_REQUIRE(ec == boost::asio::error::would_block);
    static_cast<void>(server->read());
    return SSL_renegotiate_pending(**server) == 0;
  });
  exchange("who are you", "the same");
}

// -- the end --------------------------------------------------------------------------------------

CAF_TEST(a good-bye waits for that of the peer) {
  connect();
  read_tickets();
  io::error_code ec;
  client->shut_down(ec);
  CAF_CHECK(ec == boost::asio::error::would_block);
  CAF_CHECK(client->awaited() == io::tcp_socket::wait_read);
  CAF_CHECK_EQUAL(server->read(), "");
  CAF_CHECK_EQUAL(SSL_get_shutdown(**server) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
  SSL_shutdown(**server);
  until([&] {
    client->shut_down(ec);
    return ec != boost::asio::error::would_block;
  });
  CAF_CHECK(!ec);
}

CAF_TEST_FIXTURE_SCOPE_END()
