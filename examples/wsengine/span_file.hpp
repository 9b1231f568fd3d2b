// span_file.hpp: the file of `--otlp`, and the tracer that fills it.

#pragma once

#include "tracing_arguments.hpp"

#include "wsengine/otlp.hpp"
#include "wsengine/tracing.hpp"

#include <fstream>
#include <memory>
#include <string>

namespace wsengine::cli {

/// Must outlive the actor system: its last spans come when that ends.
class span_file {
public:
  /// Does nothing without a file. Returns what is wrong.
  std::string open(const tracing_arguments& what);

  /// For `engine_hooks::traces`; null without a file.
  [[nodiscard]] std::shared_ptr<const tracer> traces() const { return traces_; }

  /// What to tell the user at the end; empty when all spans were written.
  [[nodiscard]] std::string complaint() const;

private:
  std::ofstream file_;
  std::shared_ptr<otlp_file> sink_;
  std::shared_ptr<const tracer> traces_;
};

} // namespace wsengine::cli
