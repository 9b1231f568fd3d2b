// Suite deflate_offer: what is offered, and which answers keep to it (RFC 7692, section 7.1).

#define CAF_SUITE deflate_offer

#include "deflate_offer.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <string>

using namespace wsengine;
using io::deflate_agreement;
using io::read_deflate_answer;

namespace {

deflate_options offered() {
  deflate_options result;
  result.enabled = true;
  return result;
}

std::optional<deflate_agreement> good(std::string_view answer, const deflate_options& options) {
  std::string fault;
  auto result = read_deflate_answer(answer, options, fault);
  CAF_CHECK_EQUAL(fault, "");
  return result;
}

void check_bad(std::string_view answer, const deflate_options& options) {
  std::string fault;
  CAF_CHECK(!read_deflate_answer(answer, options, fault));
  if (fault.find("was not offered") == std::string::npos)
    CAF_ERROR("accepted: " << answer);
}

} // namespace

CAF_TEST(the offer names both windows and what is asked for) {
  deflate_options options;
  CAF_CHECK_EQUAL(io::deflate_offer(options), "");
  options.enabled = true;
  CAF_CHECK_EQUAL(io::deflate_offer(options),
                  "permessage-deflate; client_max_window_bits=15; server_max_window_bits=15");
  options = {true, 9, 10, true, true, 6, 8, 0};
  CAF_CHECK_EQUAL(io::deflate_offer(options),
                  "permessage-deflate; client_max_window_bits=9; server_max_window_bits=10; "
                  "client_no_context_takeover; server_no_context_takeover");
}

CAF_TEST(an empty answer means no compression) {
  CAF_CHECK(!good("", offered()));
  CAF_CHECK(!good("", {}));
}

CAF_TEST(answers that keep to the offer) {
  CAF_CHECK(good("permessage-deflate", offered()) == deflate_agreement{});
  CAF_CHECK(good(" permessage-deflate ;server_max_window_bits=8;\tclient_max_window_bits = \"9\" "
                 "; server_no_context_takeover; client_no_context_takeover",
                 offered())
            == (deflate_agreement{9, 8, true, true}));
  CAF_CHECK(good("permessage-deflate; client_max_window_bits=8", offered())
            == (deflate_agreement{8, 15, false, false}));
}

CAF_TEST(what we have announced for ourselves holds whatever the server says) {
  auto options = offered();
  options.client_max_window_bits = 11;
  options.client_no_context_takeover = true;
  CAF_CHECK(good("permessage-deflate", options) == (deflate_agreement{11, 15, true, false}));
}

CAF_TEST(answers that do not keep to the offer) {
  auto options = offered();
  for (const auto* answer :
       {"x-webkit-deflate-frame", "permessage-deflate, permessage-deflate", "permessage-deflate;",
        "permessage-deflate; unknown", "permessage-deflate; server_max_window_bits",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=010",
        "permessage-deflate; server_max_window_bits=",
        "permessage-deflate; client_max_window_bits=1x",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=",
        "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9", ";"})
    check_bad(answer, options);
  check_bad("permessage-deflate", {});
  options.client_max_window_bits = 10;
  check_bad("permessage-deflate; client_max_window_bits=11", options);
}

CAF_TEST(what the server was asked for must be in its answer) {
  auto options = offered();
  options.server_no_context_takeover = true;
  check_bad("permessage-deflate", options);
  CAF_CHECK(good("permessage-deflate; server_no_context_takeover", options));
  options = offered();
  options.server_max_window_bits = 10;
  check_bad("permessage-deflate", options);
  check_bad("permessage-deflate; server_max_window_bits=11", options);
  CAF_CHECK(good("permessage-deflate; server_max_window_bits=9", options));
}
