// json_key.hpp: finds the key of a JSON message. In the library wsengine::json.

#pragma once

#include "wsengine/request.hpp"

#include <cstddef>
#include <string_view>

namespace wsengine {

/// Makes a function for `engine_hooks::request_key` that returns what a JSON pointer (RFC 6901),
/// such as "/id" or "/params/0", leads to: the content of a string, or a number as it is written;
/// nothing for everything else, for bad JSON, and for strings over 1024 bytes. The text `1` and the
/// number 1 are the same key.
///
/// A message is parsed only up to the key, and no further than `max_bytes`: a key behind them is
/// not found. Of members with the same name the first counts. JSON nested more than 32 deep in
/// front of the key is refused. Throws `std::invalid_argument` when `pointer` is none.
[[nodiscard]] key_function json_key(std::string_view pointer, std::size_t max_bytes = 64U << 10U);

} // namespace wsengine
