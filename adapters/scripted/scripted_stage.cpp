// scripted_stage.cpp: see scripted_stage.hpp.

#include "scripted_stage.hpp"

#include "scripted_connection_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <utility>

namespace wsengine::testing {

stage::~stage() = default;

scripted_stage::scripted_stage(std::shared_ptr<network_state> network, std::string url)
  : network_(std::move(network)),
    url_(std::move(url)) {}

// -- scripts --------------------------------------------------------------------------------------

void scripted_stage::add(script what) {
  network_->add(url_, std::move(what));
}

void scripted_stage::fallback(script what) {
  network_->set_fallback(url_, std::move(what));
}

bool scripted_stage::extend(const script& more) {
  return network_->extend(url_, more);
}

bool scripted_stage::play(const script& what) {
  auto index = network_->newest(url_);
  if (!index || newest().state == scripted_state::over)
    return false;
  auto actor = caf::actor_cast<caf::actor>(network_->actor(*index));
  if (!actor)
    return false;
  caf::anon_send(actor, play_msg{what});
  return true;
}

// -- what came ------------------------------------------------------------------------------------

scripted_record scripted_stage::newest() const {
  auto index = network_->newest(url_);
  return index ? network_->record(*index) : scripted_record{};
}

std::size_t scripted_stage::connections() const {
  return network_->dialed(url_);
}

bool scripted_stage::is_asked() const {
  return newest().state == scripted_state::dialing;
}

std::vector<data_message> scripted_stage::received() const {
  return newest().written;
}

optional<close_details> scripted_stage::close_frame() const {
  auto closes = newest().closes;
  if (closes.empty())
    return nothing;
  return closes.front();
}

} // namespace wsengine::testing
