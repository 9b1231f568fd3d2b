// net.hpp: the names of Boost's networking types as this adapter uses them.
//
// The executor type is concrete: Asio's type-erased default costs half of the throughput.

#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/wait_traits.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>

namespace wsengine::io {

namespace asio = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

using executor = asio::io_context::executor_type;
using tcp = asio::ip::tcp;
using tcp_socket = asio::basic_stream_socket<tcp, executor>;
using resolver = asio::ip::basic_resolver<tcp, executor>;
using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor>;

} // namespace wsengine::io
