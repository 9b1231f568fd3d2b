// flushable.hpp: something that collects what it has to send until the end of a turn.

#pragma once

namespace wsengine::io {

/// Is told once, at the end of the turn in which it asked for that.
class flushable {
public:
  /// Sends what was collected, as far as that goes without waiting; then may wait for more.
  virtual void flush_now() = 0;

  /// There will be no such turn any more: drops whatever waits for it.
  virtual void forget() = 0;

protected:
  ~flushable() = default;
};

} // namespace wsengine::io
