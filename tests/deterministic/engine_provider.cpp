// engine_provider.cpp: who is asked before every attempt where to go and with what credentials.

#define CAF_SUITE engine_provider

#include "deterministic/supervised_fixture.hpp"

#include <stdexcept>

namespace {

struct fixture : supervised_fixture {
  ~fixture() override {
    held.clear();
    compat::send_exit(hooks.provider, caf::exit_reason::kill);
    hooks = {};
  }

  /// A provider that answers when it is told to.
  void hold_provider() {
    auto run = [](caf::event_based_actor* self, fixture* log) -> caf::behavior {
      return {
        [log, self](const provide_msg& what) -> caf::result<handshake_request> {
          log->asked_for.push_back(what);
          log->held.push_back(self->make_response_promise());
          return caf::delegated<handshake_request>{};
        },
        [log](const std::string& url) {
          auto promise = log->held.back();
          log->held.pop_back();
          promise.deliver(handshake_request{url, {}, {}});
        },
      };
    };
    hooks.provider = caf::actor_cast<provider_actor>(sys.spawn(run, this));
  }

  void provide(const std::string& url) {
    caf::anon_send(caf::actor_cast<caf::actor>(hooks.provider), url);
    consume_messages();
  }

  std::string dialed(std::size_t index) { return network.record(index).request.url; }

  std::vector<provide_msg> asked_for;
  std::vector<caf::response_promise> held;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(engine_provider_tests, fixture)

// -- a function -----------------------------------------------------------------------------------

CAF_TEST(a function is asked before every attempt) {
  hooks.provide = [this](const provide_msg& what) -> caf::expected<handshake_request> {
    asked_for.push_back(what);
    auto result = what.request;
    result.headers.push_back(bearer_auth(std::to_string(asked_for.size())));
    return result;
  };
  network.add(script{}.accept());
  network.add(script{}.refuse(make_refused_error({401, "", "", {}})));
  open();
  peer(script{}.drop());
  pass(1s);
  pass(2s);
  CAF_REQUIRE_EQUAL(asked_for.size(), 3U);
  CAF_CHECK_EQUAL(asked_for[0].request.url, options.request.url);
  CAF_CHECK(!asked_for[0].restarting);
  CAF_CHECK(!asked_for[0].last_error);
  CAF_CHECK(asked_for[1].restarting);
  CAF_CHECK(is(asked_for[1].last_error, connection_errc::closed));
  CAF_CHECK_EQUAL(asked_for[1].failures, 0U);
  CAF_CHECK_EQUAL(asked_for[2].failures, 1U);
  CAF_CHECK_EQUAL(unsigned{response_of(asked_for[2].last_error)->status}, 401U);
  // Each request is made from the one of the options.
  for (std::size_t i = 0; i < 3; ++i) {
    auto headers = network.record(i).request.headers;
    CAF_CHECK(headers == (header_fields{bearer_auth(std::to_string(i + 1))}));
  }
}

CAF_TEST(a function is asked for each URL) {
  options.more_urls = {"ws://b/"};
  hooks.provide = [](const provide_msg& what) -> caf::expected<handshake_request> {
    return handshake_request{what.request.url + "?token", {}, {}};
  };
  network.add(script{}.refuse(make_error(dial_errc::connect_failed, "refused")));
  open();
  CAF_CHECK_EQUAL(dialed(0), "ws://example.org/feed?token");
  CAF_CHECK_EQUAL(dialed(1), "ws://b/?token");
}

CAF_TEST(an error of a function fails the attempt) {
  hooks.provide = [](const provide_msg&) -> caf::expected<handshake_request> {
    return caf::make_error(caf::sec::runtime_error, std::string{"no token"});
  };
  spawn();
  auto answer = start();
  CAF_CHECK(answer->failed(engine_errc::provider_failed));
  CAF_CHECK_EQUAL(text_of(answer->cause()), "no token");
  CAF_CHECK_EQUAL(phase_of(answer->cause()), "provide");
  CAF_CHECK_EQUAL(network.size(), 0U);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

CAF_TEST(an exception of a function fails the attempt) {
  hooks.provide = [](const provide_msg&) -> caf::expected<handshake_request> {
    throw std::runtime_error{"no token"};
  };
  spawn();
  auto answer = start();
  CAF_CHECK(answer->failed(engine_errc::provider_failed));
  CAF_CHECK_EQUAL(text_of(answer->cause()), "no token");
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

// -- an actor -------------------------------------------------------------------------------------

CAF_TEST(an actor may take its time) {
  hold_provider();
  spawn();
  auto answer = start();
  CAF_CHECK_EQUAL(state(), engine_state::dialing);
  CAF_CHECK_EQUAL(network.size(), 0U);
  provide("ws://fresh/");
  CAF_CHECK(answer->succeeded());
  CAF_CHECK_EQUAL(dialed(0), "ws://fresh/");
}

CAF_TEST(an actor gets what the function has made) {
  hold_provider();
  hooks.provide = [](const provide_msg&) -> caf::expected<handshake_request> {
    return handshake_request{"ws://made/", {}, {}};
  };
  spawn();
  start();
  CAF_REQUIRE_EQUAL(asked_for.size(), 1U);
  CAF_CHECK_EQUAL(asked_for[0].request.url, "ws://made/");
}

CAF_TEST(an actor that takes too long fails the attempt) {
  hold_provider();
  spawn();
  auto answer = start();
  pass(30s);
  CAF_CHECK(answer->failed(engine_errc::open_timeout));
  CAF_CHECK_EQUAL(phase_of(answer->cause()), "provide");
  // What it says later is of no interest.
  provide("ws://late/");
  CAF_CHECK_EQUAL(network.size(), 0U);
  CAF_CHECK_EQUAL(state(), engine_state::stopped);
}

CAF_TEST(an actor that is gone fails the attempt and the next one asks again) {
  hold_provider();
  options.backoff.retry_first_connect = true;
  compat::send_exit(hooks.provider, caf::exit_reason::kill);
  consume_messages();
  spawn();
  auto answer = start();
  CAF_CHECK(answer->pending());
  CAF_CHECK_EQUAL(state(), engine_state::backoff);
  CAF_CHECK(is(status().last_error, engine_errc::provider_failed));
  pass(1s);
  CAF_CHECK_EQUAL(mock.count(callback::restart_error), 2U);
}

CAF_TEST(a stop does not wait for an actor) {
  hold_provider();
  spawn();
  auto answer = start();
  CAF_CHECK(stop()->succeeded());
  CAF_CHECK(answer->failed(engine_errc::stopped));
  provide("ws://late/");
  CAF_CHECK_EQUAL(network.size(), 0U);
}

CAF_TEST(what a provider makes is validated by the connection) {
  hold_provider();
  spawn();
  auto answer = start();
  provide("http://wrong/");
  CAF_CHECK(answer->failed(dial_errc::invalid_request));
}

CAF_TEST_FIXTURE_SCOPE_END()
