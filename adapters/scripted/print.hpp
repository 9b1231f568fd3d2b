// print.hpp: compact text for the records of the testing kit.

#pragma once

#include "wsengine/close.hpp"
#include "wsengine/message.hpp"

#include <string>
#include <string_view>

namespace wsengine::testing {

/// The text in quotes, with escapes for what cannot be printed; long text is cut.
[[nodiscard]] std::string quoted(std::string_view text);

/// As in `text, "a"`.
[[nodiscard]] std::string print(message_kind kind, const payload& data);

/// As in `1001 (going away), "bye"`, without the reason when there is none.
[[nodiscard]] std::string print(const close_details& details);

} // namespace wsengine::testing
