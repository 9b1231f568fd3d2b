// server.cpp: fuzzes what a server sends through the whole of an adapter: a connection actor, its
// session, a socket, and the WebSocket library behind it.
//
// The first byte of an input says which adapter it is for, whether it starts with the server's
// answer to the upgrade request or behind a good one, and whether compression was agreed upon; the
// second one, in parts of which size the rest is sent.

#include "real/raw_peer.hpp"

#include "wsengine/beast.hpp"
#include "wsengine/config.hpp"
#include "wsengine/error.hpp"
#ifdef WSENGINE_HAS_WEBSOCKETPP
#include "wsengine/websocketpp.hpp"
#endif

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace {

using namespace wsengine;
namespace asio = boost::asio;
using local = asio::local::stream_protocol;

void check(bool condition) {
  if (!condition)
    std::abort();
}

// Beast takes what no standard gives a meaning to.
bool may_be_told(close_code code) {
  return is_valid(code) || static_cast<std::uint16_t>(code) >= 5000;
}

// Longer than anything takes: whoever waits that long has found a session that hangs.
constexpr auto patience = std::chrono::seconds(20);

constexpr std::size_t most_parts = 64;

struct quiet_config : config {
  quiet_config() {
    wsengine::compat::share_work(*this);
    wsengine::compat::limit_workers(*this, 1);
  }
};

// Where the server listens. Not a port: those are slower.
class listener {
public:
  listener() = default;
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  ~listener() { remove(); }

  [[nodiscard]] const std::string& path() const { return path_; }

  local::socket accept() { return acceptor_.accept(); }

private:
  void remove() const { ::unlink(path_.c_str()); }

  std::string path_ =
    std::filesystem::temp_directory_path() / ("wsengine-fuzz-" + std::to_string(::getpid()));
  asio::io_context context_;
  local::acceptor acceptor_{context_, local::endpoint{path_}};
};

// What is made once.
struct surroundings {
  quiet_config cfg;
  caf::actor_system system{cfg};
  host io{system};

  connector connect(bool websocketpp) {
#ifdef WSENGINE_HAS_WEBSOCKETPP
    if (websocketpp)
      return websocketpp_connector(io);
#endif
    static_cast<void>(websocketpp);
    return beast_connector(io);
  }
};

// How an input is to be used.
struct plan {
  explicit plan(std::uint8_t from)
    : websocketpp((from & 1U) != 0),
      raw((from & 2U) != 0),
      deflate(!websocketpp && (from & 4U) != 0) {}

  bool websocketpp;
  bool raw;
  bool deflate;
};

std::string good_response(const std::string& request, const plan& how) {
  return tests::raw_session::response_to(
    request, how.deflate ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "");
}

// Answers the upgrade request, sends the bytes, and ends the server's direction.
void send(local::socket& socket, const plan& how, std::string_view bytes, std::size_t step) {
  boost::system::error_code ec;
  std::string request;
  asio::read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n", ec);
  auto all = how.raw ? std::string{bytes} : good_response(request, how).append(bytes);
  for (std::size_t i = 0; i < all.size() && !ec; i += step)
    asio::write(socket, asio::buffer(std::string_view{all}.substr(i, step)), ec);
  socket.shutdown(local::socket::shutdown_send, ec);
}

void run(const plan& how, std::string_view bytes, std::size_t step) {
  // CAF's threads outlive a system that ends with the process, so that is left alone.
  static auto& around = *new surroundings;
  static listener server;
  caf::scoped_actor self{around.system};
  auto uut = around.connect(how.websocketpp).spawn(*self);
  dial_msg dial;
  dial.request.url = "ws://localhost/";
  dial.options.unix_socket = server.path();
  dial.options.deflate.enabled = how.deflate;
  dial.options.max_message_size = 1U << 20U;
  dial.options.max_frames_per_message = 100;
  auto dialed = self->request(uut, patience, std::move(dial));
  auto socket = server.accept();
  send(socket, how, bytes, step);
  auto open = false;
  dialed.receive([&](const handshake_response& x) { open = x.status == 101; },
                 [&](const caf::error& x) { check(compat::belongs_to<dial_errc>(x)); });
  // Whatever comes is taken, so that the end is seen.
  if (open)
    self->send(uut, credit_msg{1 << 30, 1 << 30});
  self->request(uut, patience, wait_closed_msg{})
    .receive([&](const close_details& x) { check(open && may_be_told(x.code)); },
             [&](const caf::error& x) { check(!open && compat::belongs_to<dial_errc>(x)); });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2)
    return 0;
  std::string_view bytes{reinterpret_cast<const char*>(data) + 2, size - 2};
  // Each part costs a round trip, so there are not many.
  auto step = std::max(static_cast<std::size_t>(data[1]) * 16 + 1, bytes.size() / most_parts);
  run(plan{data[0]}, bytes, step);
  return 0;
}
