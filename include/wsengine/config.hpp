// config.hpp: the options of engines as a part of CAF's configuration.

#pragma once

#include "wsengine/options.hpp"
#include "wsengine/register_types.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/config_option_adder.hpp>
#include <caf/config_option_set.hpp>
#include <caf/expected.hpp>

#include <string>

namespace wsengine {

/// What the user of a program says about engines in CAF's configuration file, in the section
/// `wsengine`, or on the command line. Each option is called like the path to its field of
/// `engine_options`, less `request` and `connection`, with hyphens: `connection.ping_interval` is
/// `--wsengine.ping-interval=5s`, and `connection.tls.ca_file` is `--wsengine.tls-ca-file=FILE`. In
/// the file:
///
/// ```
/// [wsengine]
/// ping-interval = 5s
/// ```
///
/// On the command line, an option that is true or false is a flag, which turns it on; only the file
/// can turn off what is on by default. There are no options for headers, set-up messages, and
/// secrets: a program takes those from where it keeps such things.
///
/// For a configuration class of your own:
///
/// ```
/// struct my_config : caf::actor_system_config {
///   wsengine::engine_config wsengine;
///   my_config() {
///     wsengine::register_types(*this);
///     wsengine.add_to(custom_options_);
///   }
/// };
/// ```
class engine_config {
public:
  /// What holds where the user says nothing.
  explicit engine_config(engine_options defaults = {});

  // The configuration's options refer to it.
  engine_config(const engine_config&) = delete;
  engine_config& operator=(const engine_config&) = delete;

  /// Adds all options to those of a configuration, which must not outlive this. Call it before the
  /// configuration is parsed.
  void add_to(caf::config_option_set& options);

  /// The options for an engine, once the configuration was parsed. A value that is none of an
  /// option's words makes `engine_errc::invalid_options`, which names it; whether the others are
  /// good, `validate` and `spawn_engine` say.
  [[nodiscard]] caf::expected<engine_options> options() const;

private:
  // An option that is one of several words.
  struct words {
    std::string tls_min_version;
    std::string when_queue_full;
    std::string order;
    std::string on_handler_crash;
    std::string on_client_down;
  };

  void add_general(caf::config_option_adder& to);
  void add_connection(caf::config_option_adder& to);
  void add_network(caf::config_option_adder& to);
  void add_life(caf::config_option_adder& to);

  engine_options options_;
  words words_;
};

/// A configuration with everything registered, and with options for engines, for programs without
/// one of their own.
class config : public caf::actor_system_config {
public:
  config();

  /// What the user says about engines.
  engine_config engines;
};

} // namespace wsengine
