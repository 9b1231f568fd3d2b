// stage.hpp: where the scripts of a server are played: in virtual time, or over real sockets.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/compat.hpp"
#include "wsengine/message.hpp"
#include "wsengine/testing/script.hpp"

#include <cstddef>
#include <vector>

namespace wsengine::testing {

/// Carries out what a `server` is told to do. Connections count from the first that was made to
/// this server.
class stage {
public:
  stage() = default;

  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  virtual ~stage();

  // -- scripts ------------------------------------------------------------------------------------

  /// Adds a script for the next connection that has none.
  virtual void add(script what) = 0;

  /// Replaces the script for connections beyond the last one.
  virtual void fallback(script what) = 0;

  /// Adds steps to the script that was added last; returns false when a connection has taken it.
  virtual bool extend(const script& more) = 0;

  /// Plays a script on the newest connection, next to the one it has. Returns false when there is
  /// none, or when its session is over.
  virtual bool play(const script& what) = 0;

  // -- what came ----------------------------------------------------------------------------------

  /// How many connections there were.
  [[nodiscard]] virtual std::size_t connections() const = 0;

  /// Whether the newest connection waits for the answer to its upgrade request.
  [[nodiscard]] virtual bool is_asked() const = 0;

  /// The messages that came on the newest connection.
  [[nodiscard]] virtual std::vector<data_message> received() const = 0;

  /// The close frame that came on the newest connection, if any.
  [[nodiscard]] virtual optional<close_details> close_frame() const = 0;
};

} // namespace wsengine::testing
