// advice.hpp: what somebody may do about a failure.

#pragma once

#include "wsengine/options.hpp"

#include <caf/error.hpp>

#include <string>
#include <string_view>

namespace wsengine::cli {

/// A remark behind the complaint about a URL that cannot be one, such as "; did you mean
/// ws://HOST?"; empty when there is nothing to say.
[[nodiscard]] std::string advice_for_url(std::string_view url);

/// What to check when the first session did not open: a sentence that names the options that help;
/// empty when there is nothing to say.
[[nodiscard]] std::string advice_for(const caf::error& cause, const engine_options& options);

} // namespace wsengine::cli
