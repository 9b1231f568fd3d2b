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

std::shared_ptr<const engine_hooks> share(engine_hooks what) {
  static const auto none = std::make_shared<const engine_hooks>();
  auto is_none = !what.message_key && !what.request_key && !what.random && !what.provide
                 && !what.provider && !what.watcher && !what.traces;
  return is_none ? none : std::make_shared<const engine_hooks>(std::move(what));
}

} // namespace wsengine::internal
