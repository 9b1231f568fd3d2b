// token_client.cpp: a client whose token expires, and its tests.
//
// The engine asks the client's provider before each attempt. The provider hands out the token that
// it has, and fetches a new one when the server has refused the old one.

#include "wsengine/all.hpp"
#include "wsengine/testing/fixture.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

using namespace std::chrono_literals;

// -- the client -----------------------------------------------------------------------------------

/// Fetches tokens; a real one asks a login service.
class token_source {
public:
  virtual ~token_source() = default;
  virtual std::string fetch() = 0;
};

/// Gives each attempt its token.
class token_provider {
public:
  explicit token_provider(std::shared_ptr<token_source> source) : source_(std::move(source)) {}

  caf::expected<wsengine::handshake_request> operator()(const wsengine::provide_msg& what) {
    auto refused = wsengine::response_of(what.last_error);
    if (token_.empty() || (refused && refused->status == 401))
      token_ = source_->fetch();
    auto result = what.request;
    result.headers.push_back(wsengine::bearer_auth(token_));
    return result;
  }

private:
  std::shared_ptr<token_source> source_;
  std::string token_;
};

// -- its tests ------------------------------------------------------------------------------------

namespace {

/// Hands out token-1, token-2, and so on.
class numbered_tokens : public token_source {
public:
  std::string fetch() override { return "token-" + std::to_string(++count); }

  int count = 0;
};

struct token_test : wsengine::testing::fixture {
  token_test() {
    hooks.provide = token_provider{tokens};
    options.backoff.retry_first_connect = true;
  }

  /// What the newest connection showed the server.
  std::string shown() {
    auto request = connections().record(connections().last()).request;
    const auto* field = wsengine::find_header(request.headers, "Authorization");
    return field == nullptr ? "" : *field;
  }

  std::shared_ptr<numbered_tokens> tokens = std::make_shared<numbered_tokens>();
};

void a_token_is_kept_while_it_is_good() {
  token_test test;
  test.open();
  test.check(test.shown() == "Bearer token-1", "the first token", "it is " + test.shown());
  test.server.drops();
  test.expect_close(1006);
  test.advance(1s);
  test.expect_reopen();
  test.check(test.shown() == "Bearer token-1", "the same token", "it is " + test.shown());
}

void an_expired_token_is_replaced() {
  token_test test;
  test.open();
  test.server.closes(4001, "token expired");
  test.expect_close(4001);
  test.server.refuses(401);
  test.advance(1s);
  test.expect_restart_error(wsengine::dial_errc::upgrade_refused);
  test.advance(2s);
  test.expect_reopen();
  test.check(test.shown() == "Bearer token-2", "a new token", "it is " + test.shown());
}

void another_refusal_is_no_reason() {
  token_test test;
  test.server.refuses(503);
  test.start();
  test.expect_restart_error(wsengine::dial_errc::upgrade_refused);
  test.advance(1s);
  test.expect_open();
  test.check(test.tokens->count == 1, "one token", "there were more");
}

} // namespace

int main() {
  try {
    a_token_is_kept_while_it_is_good();
    an_expired_token_is_replaced();
    another_refusal_is_no_reason();
  } catch (const wsengine::testing::failed_expectation& x) {
    std::cerr << x.what() << '\n';
    return 1;
  }
  std::cout << "token_client: 3 tests are fine\n";
  return 0;
}
