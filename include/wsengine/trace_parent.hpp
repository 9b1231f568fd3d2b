// trace_parent.hpp: a trace context on its way in a message; almost always there is none.

#pragma once

#include "wsengine/compat.hpp"
#include "wsengine/trace_context.hpp"

#include <caf/intrusive_ptr.hpp>
#include <caf/ref_counted.hpp>

#include <string>
#include <utility>

namespace wsengine {

/// The span that causes what a message asks for or tells; empty when nobody traces. As large as a
/// pointer. Copies share the context and may be used on any thread.
class trace_parent {
public:
  /// Nobody.
  trace_parent() = default;

  /// That span; nobody when the context is not valid.
  explicit trace_parent(trace_context what) {
    if (what.valid())
      value_.reset(new shared{std::move(what)}, false);
  }

  [[nodiscard]] bool empty() const noexcept { return value_ == nullptr; }

  explicit operator bool() const noexcept { return !empty(); }

  /// The context; null for nobody.
  [[nodiscard]] const trace_context* get() const noexcept {
    return value_ ? &value_->context : nullptr;
  }

  const trace_context& operator*() const noexcept { return value_->context; }
  const trace_context* operator->() const noexcept { return &value_->context; }

  friend bool operator==(const trace_parent& lhs, const trace_parent& rhs) noexcept {
    if (lhs.empty() || rhs.empty())
      return lhs.empty() == rhs.empty();
    return *lhs == *rhs;
  }

private:
  struct shared : caf::ref_counted {
    explicit shared(trace_context what) : context(std::move(what)) {}

    const trace_context context;
  };

  caf::intrusive_ptr<const shared> value_;
};

/// The `traceparent`, and behind a space the `tracestate` if there is one; empty for nobody.
[[nodiscard]] std::string to_string(const trace_parent& what);

/// Reads what `to_string` has written; nobody when it is something else.
[[nodiscard]] trace_parent parse_trace_parent(std::string_view text);

/// Serialises the text.
template <class Inspector>
auto inspect(Inspector& f, trace_parent& value) {
  return compat::inspect_as(
    f, [&] { return to_string(value); },
    [&](const std::string& text) { value = parse_trace_parent(text); });
}

} // namespace wsengine
