// span_collector.hpp: keeps spans for a test, whatever thread they end on.

#pragma once

#include "wsengine/span.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace wsengine::tests {

class span_collector : public span_sink {
public:
  void write(span what) override {
    std::lock_guard guard{mutex_};
    all_.push_back(std::move(what));
    changed_.notify_all();
  }

  /// Waits until there is a span of that name; nothing when none comes.
  std::optional<span> wait_for(const std::string& name) {
    std::unique_lock guard{mutex_};
    std::optional<span> result;
    changed_.wait_for(guard, std::chrono::seconds(20), [&] {
      for (const auto& x : all_)
        if (x.name == name)
          result = x;
      return result.has_value();
    });
    return result;
  }

  /// The spans that have this one as their parent, in the order in which they ended.
  std::vector<span> children_of(const span& parent) {
    std::lock_guard guard{mutex_};
    std::vector<span> result;
    for (const auto& x : all_)
      if (x.parent && *x.parent == parent.context.span)
        result.push_back(x);
    return result;
  }

  /// The attribute, if it is a text; else empty.
  static std::string text_of(const span& what, const std::string& key) {
    for (const auto& x : what.attributes)
      if (const auto* text = std::get_if<std::string>(&x.value); text != nullptr && x.key == key)
        return *text;
    return {};
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<span> all_;
};

} // namespace wsengine::tests
