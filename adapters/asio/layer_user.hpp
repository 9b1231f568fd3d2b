// layer_user.hpp: what whoever drives a buffered layer is told.

#pragma once

#include "net.hpp"

#include <memory>

namespace wsengine::io {

/// Whoever drives a layer. Calls come on the I/O thread, within a turn, and never within the
/// function that started what they report.
class layer_user {
public:
  /// `fill` is done.
  virtual void on_filled(error_code ec) = 0;
  /// Something was sent, or cannot be sent any more.
  virtual void on_sent(error_code ec) = 0;
  /// Beast tears the connection down.
  virtual void on_teardown() = 0;
  /// Keeps the user and with it the layer.
  virtual std::shared_ptr<void> hold() = 0;

protected:
  ~layer_user() = default;
};

} // namespace wsengine::io
