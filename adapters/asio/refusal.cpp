// refusal.cpp: see refusal.hpp.

#include "refusal.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>

namespace wsengine::io {

namespace http = boost::beast::http;

std::optional<partial_response> parse_response(std::string_view bytes) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  parser.header_limit(static_cast<std::uint32_t>(max_refusal));
  parser.body_limit(boost::none);
  boost::system::error_code ec;
  // It takes one part after the other, and ends with an error where the bytes do.
  while (!ec && !bytes.empty() && !parser.is_done()) {
    auto taken = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    bytes.remove_prefix(taken);
  }
  if (!parser.is_header_done())
    return std::nullopt;
  const auto& from = parser.get();
  partial_response result;
  result.current = from.version() >= 11;
  result.complete = parser.is_done();
  auto& to = result.response;
  to.status = static_cast<std::uint16_t>(from.result_int());
  for (const auto& field : from)
    to.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
  to.body = from.body().substr(0, max_refused_body);
  return result;
}

std::optional<handshake_response> parse_refusal(std::string_view bytes) {
  auto found = parse_response(bytes);
  if (!found || found->response.status == 101)
    return std::nullopt;
  return std::move(found->response);
}

error_code header_too_large() {
  return http::make_error_code(http::error::header_limit);
}

} // namespace wsengine::io
