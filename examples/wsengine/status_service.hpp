// status_service.hpp: the status page of a command, with all that is behind it.

#pragma once

#include "reporter.hpp"
#include "status_site.hpp"

#include "wsengine/observer.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace wsengine::cli {

/// Does nothing without a port.
class status_service {
public:
  /// `title` is the heading of the page. The system must outlive the object.
  status_service(caf::actor_system& system, std::optional<std::uint16_t> port, std::string title);

  status_service(const status_service&) = delete;
  status_service& operator=(const status_service&) = delete;

  ~status_service();

  /// For `engine_hooks::watcher`; null without a port.
  [[nodiscard]] std::shared_ptr<observer> watcher() const;

  /// Serves the page and reports where. `act` is called on another thread. Returns what is wrong.
  std::string open(reporter& report, std::function<void(const caf::actor&, site_action)> act);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace wsengine::cli
