// environment.hpp: the actor system and the I/O thread that the client under test runs in.

#pragma once

#include "common/arguments.hpp"
#include "common/meter.hpp"
#include "common/result.hpp"

#include "wsengine/all.hpp"
#include "wsengine/otlp.hpp"
#ifdef WSENGINE_HAS_PROMETHEUS
#include "wsengine/prometheus.hpp"
#endif

#include <caf/actor_system.hpp>

#include <fstream>
#include <string>

namespace wsengine::bench {

class environment {
public:
  explicit environment(const arguments& args);

  [[nodiscard]] const arguments& args() const noexcept { return args_; }
  [[nodiscard]] caf::actor_system& system() noexcept { return system_; }
  [[nodiscard]] host& io() noexcept { return io_; }

  /// Where the command line places the client.
  [[nodiscard]] placement where() const;

  /// The options of an engine for the scenario: the defaults, but it dials again at once.
  [[nodiscard]] engine_options options() const;

  /// With `--metrics`, an observer that counts; ends the program when this one cannot. With
  /// `--otlp`, a tracer.
  [[nodiscard]] engine_hooks hooks();

  /// Starts the engine and waits until it has stopped because the client said so.
  void run(const engine_actor& engine);

  /// Begins the JSON line.
  [[nodiscard]] result begin_line() const;

private:
  // Idle workers must not take time from the I/O thread.
  struct quiet_config : config {
    quiet_config();
  };

  const arguments& args_;
  std::ofstream nowhere_;
#ifdef WSENGINE_HAS_PROMETHEUS
  metrics numbers_;
#endif
  quiet_config config_;
  caf::actor_system system_;
  host io_;
};

/// Ends the program: no scenario goes on after an error that it does not expect.
[[noreturn]] void fail(const caf::error& cause);

} // namespace wsengine::bench
