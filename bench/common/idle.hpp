// idle.hpp: what `idle` measures, the same for every client.

#pragma once

#include "common/arguments.hpp"
#include "common/meter.hpp"
#include "common/result.hpp"

#include <cstddef>
#include <cstdint>

namespace wsengine::bench {

/// How many sessions are being opened at a time.
inline constexpr std::size_t dials_at_once = 128;

/// Measures from its construction, when no session is open yet, until `finish`.
class idle_report {
public:
  idle_report() { span_.start(); }

  /// All sessions are open now: adds the fields to the line.
  void finish(result& line, const arguments& args) {
    span_.stop();
    auto sessions = static_cast<double>(args.n);
    line.set("connects_per_s", sessions / span_.elapsed_s());
    line.set("rss_kib_per_conn", static_cast<double>(rss_kib() - rss_before_) / sessions);
    line.set("threads", threads());
  }

  [[nodiscard]] const meter& span() const noexcept { return span_; }

private:
  std::uint64_t rss_before_ = rss_kib();
  meter span_;
};

} // namespace wsengine::bench
