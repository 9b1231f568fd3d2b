// shared_options.cpp: see shared_options.hpp.

#include "shared_options.hpp"

#include <mutex>
#include <utility>

namespace wsengine::internal {

std::shared_ptr<const engine_options> share(engine_options what) {
  static std::mutex mutex;
  static std::weak_ptr<const engine_options> last;
  std::lock_guard guard{mutex};
  if (auto known = last.lock(); known && *known == what)
    return known;
  auto result = std::make_shared<const engine_options>(std::move(what));
  last = result;
  return result;
}

} // namespace wsengine::internal
