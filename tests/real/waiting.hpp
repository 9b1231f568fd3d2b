// waiting.hpp: requests whose sender waits for the answer, and options for tests that do not want
// to wait long.

#pragma once

#include "wsengine/options.hpp"

#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace wsengine::tests {

/// Asks an actor and waits for the answer, half a minute at most if nothing else is said.
template <class Answer, class Handle, class Message>
caf::expected<Answer> ask_and_wait(caf::actor_system& sys, const Handle& to, const Message& what,
                                   timespan patience = std::chrono::seconds(30)) {
  caf::scoped_actor self{sys};
  caf::expected<Answer> result{caf::make_error(caf::sec::request_timeout)};
  self->request(to, patience, what)
    .receive([&](Answer& x) { result = std::move(x); },
             [&](caf::error& x) { result = std::move(x); });
  return result;
}

/// The same for an answer without content.
template <class Handle, class Message>
caf::error ask_void_and_wait(caf::actor_system& sys, const Handle& to, const Message& what) {
  caf::scoped_actor self{sys};
  caf::error result;
  self->request(to, std::chrono::seconds(30), what)
    .receive([] {}, [&](caf::error& x) { result = std::move(x); });
  return result;
}

/// Options of an engine that comes back soon.
inline engine_options hasty_options(const std::string& url) {
  engine_options result;
  result.request.url = url;
  result.backoff.base = std::chrono::milliseconds(20);
  result.backoff.jitter = 0;
  return result;
}

} // namespace wsengine::tests
