// secret.hpp: a text that must not show up where values are printed.

#pragma once

#include "wsengine/compat.hpp"

#include <string>
#include <utility>

namespace wsengine {

/// A password or a private key. It prints as "***" wherever CAF or this library print values, such
/// as in logs. It is not encrypted: a message that carries it to another node carries the text.
class secret {
public:
  /// An empty secret.
  secret() = default;

  secret(std::string text) // NOLINT(google-explicit-constructor): any text may be a secret
    : text_(std::move(text)) {}

  secret(const char* text) // NOLINT(google-explicit-constructor): see above
    : text_(text) {}

  /// The text itself; keep it out of messages for people.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

  friend bool operator==(const secret&, const secret&) = default;

  template <class Inspector>
  friend compat::inspection<Inspector> inspect(Inspector& f, secret& value) {
    return compat::inspect_members(f, value, "secret", "text", value.text_);
  }

private:
  std::string text_;
};

/// Returns "***", and nothing for an empty secret.
std::string to_string(const secret& value);

} // namespace wsengine

WSENGINE_MESSAGE_TYPE(14, wsengine::secret)
