// scripted_stage.hpp: one server of a scripted network.

#pragma once

#include "network_state.hpp"

#include "wsengine/testing/stage.hpp"

#include <memory>
#include <string>

namespace wsengine::testing {

/// The connections of a network that dial one URL, or all that have no server of their own.
class scripted_stage : public stage {
public:
  scripted_stage(std::shared_ptr<network_state> network, std::string url);

  void add(script what) override;
  void fallback(script what) override;
  bool extend(const script& more) override;
  bool play(const script& what) override;

  [[nodiscard]] std::size_t connections() const override;
  [[nodiscard]] bool is_asked() const override;
  [[nodiscard]] std::vector<data_message> received() const override;
  [[nodiscard]] optional<close_details> close_frame() const override;

private:
  /// The record of the newest connection; an empty one when there is none.
  [[nodiscard]] scripted_record newest() const;

  std::shared_ptr<network_state> network_;
  std::string url_;
};

} // namespace wsengine::testing
