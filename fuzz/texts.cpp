// texts.cpp: fuzzes what is parsed from text: URLs, header fields, extensions, command lines, what
// proxies and servers answer, and the lists that say where they are.

#include "arguments.hpp"
#include "deflate_offer.hpp"
#include "refusal.hpp"
#include "tunnel.hpp"

#include "wsengine/close.hpp"
#include "wsengine/options.hpp"
#include "wsengine/proxy.hpp"
#include "wsengine/url.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace wsengine;

void check(bool condition) {
  if (!condition)
    std::abort();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> result{""};
  for (auto c : text)
    if (c == '\n')
      result.emplace_back();
    else
      result.back() += c;
  return result;
}

void fuzz_url(std::string_view text) {
  std::string problem;
  auto parsed = parse_url(text, &problem);
  check(parsed.has_value() == problem.empty());
  if (!parsed)
    return;
  // What was understood is understood again.
  auto again = parse_url(
    (parsed->secure ? "wss://" : "ws://") + parsed->authority() + parsed->target, &problem);
  check(again && again->host == parsed->host && again->port == parsed->port);
}

void fuzz_request(std::string_view text) {
  handshake_request request;
  request.url = "ws://localhost/";
  for (const auto& line : lines_of(text)) {
    auto colon = line.find(':');
    if (colon == std::string::npos)
      request.subprotocols.push_back(line);
    else
      request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  if (!validate(request).empty())
    return;
  for (const auto& [name, value] : request.headers)
    check(!name.empty() && value.find_first_of("\r\n") == std::string::npos);
}

void fuzz_extensions(std::string_view text) {
  deflate_options offered;
  offered.enabled = true;
  std::string fault;
  auto agreed = io::read_deflate_answer(text, offered, fault);
  check(!agreed || fault.empty());
  if (agreed)
    check(agreed->client_window_bits >= 8 && agreed->client_window_bits <= 15
          && agreed->server_window_bits >= 8 && agreed->server_window_bits <= 15);
}

void fuzz_arguments(std::string_view text) {
  auto words = lines_of(text);
  words.insert(words.begin(), "connect");
  auto found = cli::parse_arguments(words);
  if (const auto* good = std::get_if<cli::connect_arguments>(&found))
    check(validate(good->engine).empty());
}

// What a proxy answers, in parts of any size.
void fuzz_tunnel(std::string_view text) {
  if (text.size() < 2)
    return;
  auto speaks = text[0] % 2 == 0 ? proxy_address::protocol::http : proxy_address::protocol::socks5;
  auto step = static_cast<std::size_t>(static_cast<unsigned char>(text[1])) + 1;
  text.remove_prefix(2);
  proxy_options login;
  login.user = "user";
  auto talk = io::make_tunnel(speaks, "example.org", 443, login);
  while (talk->current() == io::tunnel::state::talking && !text.empty()) {
    check(talk->take_output().size() < 2048);
    check(talk->wants() > 0);
    auto part = text.substr(0, std::min(step, talk->wants()));
    talk->take(part);
    text.remove_prefix(part.size());
  }
  check((talk->current() == io::tunnel::state::failed) == !talk->problem().empty());
}

void fuzz_proxy(std::string_view text) {
  std::string problem;
  auto found = parse_proxy(text, &problem);
  check(found.has_value() == problem.empty());
  if (found)
    check(parse_proxy_address(found->url).has_value());
  proxy_options with_list;
  with_list.no_proxy = split_no_proxy(text);
  for (const auto& entry : with_list.no_proxy)
    check(!entry.empty() && why_no_entry(entry).find('\0') == std::string::npos);
  // A list that has an entry for all excepts each of them.
  auto all = std::find(with_list.no_proxy.begin(), with_list.no_proxy.end(), "*");
  for (const auto* host : {"www.example.org", "10.1.2.3", "fe80::1"})
    check(goes_around(with_list, host, 443) || all == with_list.no_proxy.end());
}

void fuzz_response(std::string_view text) {
  auto found = io::parse_response(text);
  if (!found)
    return;
  check(found->response.body.size() <= io::max_refused_body);
  check(io::parse_refusal(text).has_value() == (found->response.status != 101));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  switch (data[0] % 7) {
    case 0: fuzz_url(text); break;
    case 1: fuzz_request(text); break;
    case 2: fuzz_extensions(text); break;
    case 3: fuzz_arguments(text); break;
    case 4: fuzz_tunnel(text); break;
    case 5: fuzz_proxy(text); break;
    default: fuzz_response(text); break;
  }
  check(is_utf8(text) || !text.empty());
  return 0;
}
