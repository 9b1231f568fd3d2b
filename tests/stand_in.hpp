// stand_in.hpp: an actor that only is there.

#pragma once

#include <caf/event_based_actor.hpp>

/// Stands for any actor where only its handle or its end matter. It is a class because CAF 0.17.6,
/// for a function without further arguments, binds a reference to null, which the sanitizer
/// reports.
class stand_in : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[](int) {}};
  }
};
