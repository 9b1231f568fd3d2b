// program_config.hpp: the actor systems of the commands.

#pragma once

#include "wsengine/compat.hpp"

#include <utility>

namespace wsengine::cli {

/// A configuration of the library for a command: two workers are plenty, and `sharing` keeps them
/// from spinning beside the I/O thread.
template <class Config>
struct program_config : Config {
  template <class... Ts>
  explicit program_config(Ts&&... xs) : Config(std::forward<Ts>(xs)...) {
    compat::share_work(*this);
    compat::limit_workers(*this, 2);
  }
};

} // namespace wsengine::cli
