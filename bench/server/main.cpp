// main.cpp: the load server of the bench: one thread that is never the bottleneck.
//
// It listens on 127.0.0.1, on PORT without and on PORT + 1 with TLS; see route.hpp for what it
// does.

#include "common/meter.hpp"
#include "server/listener.hpp"
#include "server/tls.hpp"

#include <charconv>
#include <exception>
#include <iostream>
#include <string_view>

namespace {

// The port that the command line names; 0 when it names none.
std::uint16_t port_from(int argc, char** argv) {
  if (argc != 3 || std::string_view{argv[1]} != "--port")
    return 0;
  std::string_view word{argv[2]};
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), port);
  return error == std::errc{} && end == word.data() + word.size() && port < 65'535 ? port : 0;
}

void serve(std::uint16_t port) {
  using namespace wsengine::bench;
  raise_file_limit();
  asio::io_context io{1};
  auto context = make_server_context();
  listener plain{io, port};
  listener secure{io, static_cast<std::uint16_t>(port + 1), &context};
  plain.accept();
  secure.accept();
  std::cout << R"({"event":"listening","port":)" << port << R"(,"tls_port":)" << port + 1 << '}'
            << std::endl;
  io.run();
}

} // namespace

int main(int argc, char** argv) {
  auto port = port_from(argc, argv);
  if (port == 0) {
    std::cerr << "usage: " << argv[0] << " --port PORT\n";
    return 2;
  }
  try {
    serve(port);
  } catch (const std::exception& problem) {
    std::cerr << argv[0] << ": " << problem.what() << '\n';
    return 1;
  }
}
