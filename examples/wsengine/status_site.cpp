// status_site.cpp: see status_site.hpp.

#include "status_site.hpp"

#include "status_page.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>

namespace wsengine::cli {

namespace {

constexpr auto plain_text = "text/plain; charset=utf-8";
// See `metrics::text_content_type`; this file is built without metrics, too.
constexpr auto metrics_text = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view engines_prefix = "/engines/";

site_response refusal(unsigned status, std::string text) {
  return {status, plain_text, std::move(text) + "\n"};
}

site_response wrong_method(std::string allow) {
  auto result = refusal(405, "this takes " + allow);
  result.allow = std::move(allow);
  return result;
}

/// What a target such as `/engines/12/restart` asks for.
struct wish {
  std::uint64_t engine = 0;
  site_action what = site_action::restart;
};

std::optional<wish> parse_wish(std::string_view target) {
  if (!target.starts_with(engines_prefix))
    return std::nullopt;
  target.remove_prefix(engines_prefix.size());
  wish result;
  auto [end, ec] = std::from_chars(target.data(), target.data() + target.size(), result.engine);
  auto rest = target.substr(static_cast<std::size_t>(end - target.data()));
  if (ec != std::errc{} || (rest != "/restart" && rest != "/stop"))
    return std::nullopt;
  result.what = rest == "/stop" ? site_action::stop : site_action::restart;
  return result;
}

} // namespace

status_site::status_site(std::string title, std::string token, sources from)
  : title_(std::move(title)),
    token_(std::move(token)),
    from_(std::move(from)) {}

// -- requests -------------------------------------------------------------------------------------

site_response status_site::answer(const site_request& to) const {
  if (!is_for_us(to.host))
    return refusal(403, "this is the status page of 127.0.0.1:" + std::to_string(port_));
  auto target = std::string_view{to.target};
  target = target.substr(0, target.find('?'));
  if (target.starts_with(engines_prefix))
    return act(to);
  auto known = target == "/" || target == "/status.json" || (target == "/metrics" && from_.metrics);
  if (!known)
    return refusal(404, "there is nothing here");
  if (to.method != "GET" && to.method != "HEAD")
    return wrong_method("GET, HEAD");
  if (target == "/status.json")
    return {200, "application/json", from_.status()};
  if (target == "/metrics")
    return {200, metrics_text, from_.metrics()};
  return page();
}

site_response status_site::page() const {
  // Only what is in the page runs; and nobody may put the page into a frame, to have its buttons
  // pressed.
  auto nonce = make_token();
  site_response result{200, "text/html; charset=utf-8", status_page(title_, nonce)};
  result.policy = "default-src 'none'; connect-src 'self'; img-src data:; style-src 'nonce-" + nonce
                  + "'; script-src 'nonce-" + nonce
                  + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  return result;
}

site_response status_site::act(const site_request& to) const {
  auto wanted = parse_wish(to.target);
  if (!wanted)
    return refusal(404, "there is nothing here");
  if (to.method != "POST")
    return wrong_method("POST");
  if (!is_allowed(to.authorization))
    return refusal(403, "this takes the token that the program has printed");
  if (!from_.act(wanted->engine, wanted->what))
    return refusal(404, "there is no such engine any more");
  return {202, plain_text, "done\n"};
}

// -- rules ----------------------------------------------------------------------------------------

bool status_site::is_for_us(std::string_view host) const {
  auto port = ":" + std::to_string(port_);
  return host == "127.0.0.1" + port || host == "localhost" + port;
}

bool status_site::is_allowed(std::string_view authorization) const {
  constexpr std::string_view scheme = "Bearer ";
  if (!authorization.starts_with(scheme))
    return false;
  authorization.remove_prefix(scheme.size());
  // Takes the same time wherever the first difference is.
  return authorization.size() == token_.size()
         && CRYPTO_memcmp(authorization.data(), token_.data(), token_.size()) == 0;
}

std::string make_token() {
  constexpr auto digits = "0123456789abcdef";
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("the system has no random numbers");
  std::string result;
  for (auto x : bytes) {
    result += digits[x / 16];
    result += digits[x % 16];
  }
  return result;
}

} // namespace wsengine::cli
