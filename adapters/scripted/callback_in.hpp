// callback_in.hpp: takes callbacks out of messages to clients.

#pragma once

#include "wsengine/testing/client_mock.hpp"

namespace wsengine::testing {

/// The callback that a message is; nothing when it is none.
inline optional<callback_args> callback_in(const compat::content& what) {
  optional<callback_args> result;
  auto look = [&]<class... Callbacks>(const std::variant<Callbacks...>*) {
    ((what.match_elements<Callbacks>() ? void(result = callback_args{what.get_as<Callbacks>(0)})
                                       : void()),
     ...);
  };
  look(static_cast<const callback_args*>(nullptr));
  return result;
}

} // namespace wsengine::testing
