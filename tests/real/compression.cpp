// compression.cpp: see compression.hpp.

#include "real/compression.hpp"

#include <array>
#include <stdexcept>
#include <zlib.h>

namespace wsengine::tests {

namespace {

// Runs a function of zlib's until all input is taken and all output is there.
std::string run(z_stream& stream, int (*step)(z_stream*, int), std::string_view in) {
  std::string result;
  std::array<Bytef, 16384> out{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  stream.avail_in = static_cast<uInt>(in.size());
  do {
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    auto ec = step(&stream, Z_SYNC_FLUSH);
    if (ec != Z_OK && ec != Z_BUF_ERROR)
      throw std::runtime_error{"zlib fails"};
    result.append(reinterpret_cast<const char*>(out.data()), out.size() - stream.avail_out);
  } while (stream.avail_out == 0);
  return result;
}

} // namespace

struct server_deflate::state {
  z_stream stream{};
};

server_deflate::server_deflate(int window_bits) : state_(std::make_unique<state>()) {
  deflateInit2(&state_->stream, 9, Z_DEFLATED, -window_bits, 9, Z_DEFAULT_STRATEGY);
}

server_deflate::~server_deflate() {
  deflateEnd(&state_->stream);
}

std::string server_deflate::operator()(std::string_view message) {
  auto result = run(state_->stream, deflate, message);
  return result.substr(0, result.size() - 4);
}

struct server_inflate::state {
  z_stream stream{};
};

server_inflate::server_inflate(int window_bits) : state_(std::make_unique<state>()) {
  inflateInit2(&state_->stream, -window_bits);
}

server_inflate::~server_inflate() {
  inflateEnd(&state_->stream);
}

std::string server_inflate::operator()(std::string_view payload) {
  return run(state_->stream, inflate, std::string{payload} + std::string{"\0\0\xff\xff", 4});
}

} // namespace wsengine::tests
