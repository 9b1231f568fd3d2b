// tracing_arguments.cpp: see tracing_arguments.hpp.

#include "tracing_arguments.hpp"

#include "setters.hpp"

namespace wsengine::cli {

option_group tracing_options_for(tracing_arguments& into) {
  return {"Tracing",
          {
            {"otlp", "FILE", "write spans of what happens, as OpenTelemetry's lines of JSON",
             text(into.file)},
            {"trace-sample", "RATIO", "the part of the traces to record, from 0 to 1 (1)",
             decimal(into.sample)},
            {"traceparent", "", "tell the server by a header which trace it is in",
             flag(into.tell_server)},
          }};
}

void check_tracing(const tracing_arguments& what, split_line& line) {
  if (!(what.sample >= 0 && what.sample <= 1))
    line.problems.emplace_back("--trace-sample must be from 0 to 1");
  if (what.file.empty())
    for (const std::string name : {"trace-sample", "traceparent"})
      if (line.was_given(name))
        line.problems.push_back("--" + name + " needs --otlp");
}

} // namespace wsengine::cli
