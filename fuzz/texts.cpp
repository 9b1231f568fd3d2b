// texts.cpp: fuzzes what is parsed from text: URLs, header fields, extensions, command lines.

#include "arguments.hpp"
#include "deflate_offer.hpp"

#include "wsengine/close.hpp"
#include "wsengine/options.hpp"
#include "wsengine/url.hpp"

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

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  switch (data[0] % 4) {
    case 0: fuzz_url(text); break;
    case 1: fuzz_request(text); break;
    case 2: fuzz_extensions(text); break;
    default: fuzz_arguments(text); break;
  }
  check(is_utf8(text) || !text.empty());
  return 0;
}
