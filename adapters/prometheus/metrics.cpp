// metrics.cpp: see wsengine/prometheus.hpp.

#include "counting_observer.hpp"
#include "families.hpp"

#include "wsengine/prometheus.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <prometheus/check_names.h>
#include <prometheus/collectable.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace wsengine {

namespace {

/// The labels of our own; "le" is that of histograms.
constexpr std::array<std::string_view, 8> own_labels{"by", "callback", "cause", "fate",
                                                     "le", "result",   "state", "quantile"};

void check(const std::map<std::string, std::string>& labels) {
  for (const auto& [name, value] : labels)
    if (!prometheus::CheckLabelName(name)
        || std::find(own_labels.begin(), own_labels.end(), name) != own_labels.end())
      throw std::invalid_argument("no series can have a label \"" + name + "\"");
}

} // namespace

class metrics::impl final : public prometheus::Collectable {
public:
  std::shared_ptr<counting_observer> watch(const std::map<std::string, std::string>& labels) {
    std::lock_guard guard{mutex_};
    auto& found = observers_[labels];
    if (!found)
      found = std::make_shared<counting_observer>(families_, labels);
    return found;
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    std::lock_guard guard{mutex_};
    for (const auto& [labels, x] : observers_)
      x->update_gauges();
    return families_->registry.Collect();
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<metric_families> families_ = std::make_shared<metric_families>();
  std::map<std::map<std::string, std::string>, std::shared_ptr<counting_observer>> observers_;
};

metrics::metrics() : impl_(std::make_shared<impl>()) {}

metrics::~metrics() = default;

std::shared_ptr<observer> metrics::watch(const std::map<std::string, std::string>& labels) {
  check(labels);
  return impl_->watch(labels);
}

std::shared_ptr<prometheus::Collectable> metrics::collectable() const {
  return impl_;
}

std::string metrics::text() const {
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, impl_->Collect());
  return out.str();
}

} // namespace wsengine
