// result.hpp: the JSON line that a client prints.

#pragma once

#include "common/arguments.hpp"
#include "common/meter.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace wsengine::bench {

/// The fields of one run.
class result {
public:
  /// Begins with what the command line says.
  result(std::string_view client, const arguments& args);

  template <class T>
  void set(std::string_view key, const T& value) {
    fields_[key] = value;
  }

  /// Adds `msgs_per_s` and `cpu_us_per_msg` for so many messages within the span.
  void set_rate(double messages, const meter& span);

  /// The same for `large`, with `MB_per_s`; bytes that go there and back count once.
  void set_volume(const arguments& args, const meter& span);

  /// Adds `p50_us` and `p99_us`.
  void set_percentiles(samples& latencies);

  /// Prints the line, completed by the length of the span and the peak of memory.
  void print(const meter& span);

private:
  boost::json::object fields_;
};

/// Runs a client: reads the command line, and turns what goes wrong into an exit status.
int run_client(int argc, char** argv, void (*run)(const arguments&));

} // namespace wsengine::bench
