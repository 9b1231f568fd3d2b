// tracing_fixture.hpp: an engine whose spans are collected, in virtual time.

#pragma once

#include "deterministic/sending_fixture.hpp"

#include "wsengine/tracing.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// Keeps all spans. Everything runs on the test's thread.
class span_collector : public span_sink {
public:
  void write(span what) override { all.push_back(std::move(what)); }

  std::vector<span> all;
};

struct tracing_fixture : sending_fixture {
  tracing_fixture() {
    tracing.now = [this] { return span_time{} + (compat::clock_of(sys).now() - began); };
    tracing.random = [this] { return ++last_id; };
  }

  ~tracing_fixture() override {
    // Before the clock goes that its last spans look at.
    kill(caf::actor_cast<caf::actor>(engine));
    hooks = {};
  }

  /// Makes the tracer. Before the engine is spawned.
  void trace() { hooks.traces = make_tracer(tracing, spans); }

  /// The name of a span; "?" for one that is not over or was never recorded.
  std::string name_of_span(span_id id) const {
    for (const auto& x : spans->all)
      if (x.context.span == id)
        return x.name;
    return "?";
  }

  /// A span as in "dial 0-40 < start ~ dial !refused": when it began and ended, in milliseconds,
  /// its parent, its links, and the type of its error.
  std::string line_of(const span& what) const {
    auto ms = [](span_time x) {
      return std::to_string(
        std::chrono::duration_cast<std::chrono::milliseconds>(x.time_since_epoch()).count());
    };
    auto result = what.name + " " + ms(what.start) + "-" + ms(what.end);
    if (what.parent)
      result += " < " + name_of_span(*what.parent);
    for (const auto& x : what.links)
      result += " ~ " + name_of_span(x.to.span);
    if (what.status == span_status::error)
      result += " !" + text_of(what, "error.type");
    return result;
  }

  /// The spans that have ended since the last call.
  strings news() {
    strings result;
    for (; read < spans->all.size(); ++read)
      result.push_back(line_of(spans->all[read]));
    return result;
  }

  /// The last span of that name.
  span last(const std::string& name) const {
    auto found = std::find_if(spans->all.rbegin(), spans->all.rend(),
                              [&](const span& x) { return x.name == name; });
    CAF_REQUIRE(found != spans->all.rend());
    return *found;
  }

  /// The attribute as text; empty when there is none.
  static std::string text_of(const span& what, const std::string& key) {
    return text_in(what.attributes, key);
  }

  static std::string text_in(const attribute_list& all, const std::string& key) {
    for (const auto& x : all)
      if (x.key == key)
        return std::visit(
          [](const auto& value) {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>)
              return value;
            else
              return std::to_string(value);
          },
          x.value);
    return {};
  }

  /// What somebody else traces.
  static trace_parent stranger(std::uint8_t flags = trace_context::sampled_flag) {
    return trace_parent{trace_context{{0xA, 0xB}, {0xC}, flags, "vendor=x"}};
  }

  std::shared_ptr<span_collector> spans = std::make_shared<span_collector>();
  tracing_options tracing;
  caf::actor_clock::time_point began = compat::clock_of(sys).now();
  std::uint64_t last_id = 0;
  std::size_t read = 0;
};
