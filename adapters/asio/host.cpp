// host.cpp: the pool of I/O threads and its orderly end.

#include "wsengine/host.hpp"

#include "asio_unit.hpp"
#include "census.hpp"

#include <caf/exit_reason.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <vector>

namespace wsengine {

namespace {

// How long killed actors may take to notice. They need one turn of their thread; one that takes
// longer blocks it.
constexpr auto kill_timeout = std::chrono::seconds(5);

} // namespace

// -- implementation -------------------------------------------------------------------------------

class host::impl {
public:
  impl(caf::actor_system& system, host_options options) : system_(system), options_(options) {
    for (std::size_t i = 0; i < std::max<std::size_t>(options.threads, 1); ++i)
      units_.push_back(std::make_unique<io::asio_unit>(system, actors_));
  }

  caf::actor_system& system() const noexcept { return system_; }

  io::asio_unit& next() noexcept { return *units_[turn_++ % units_.size()]; }

  std::size_t threads() const noexcept { return units_.size(); }

  std::size_t actors() const { return actors_.size(); }

  // Ends all actors, then the threads. Returns whether no actor is left.
  bool shut_down() {
    actors_.stop_engines(caf::make_error(caf::exit_reason::user_shutdown));
    actors_.wait_for_engines(options_.shutdown_timeout);
    actors_.kill_all();
    actors_.wait_for_all(kill_timeout);
    for (auto& unit : units_)
      unit->finish();
    return actors_.size() == 0;
  }

private:
  caf::actor_system& system_;
  host_options options_;
  io::census actors_;
  std::vector<std::unique_ptr<io::asio_unit>> units_;
  std::atomic<std::size_t> turn_ = 0;
};

// -- interface ------------------------------------------------------------------------------------

host::host(caf::actor_system& system, host_options options)
  : impl_(std::make_unique<impl>(system, options)) {}

host::~host() {
  if (!impl_->shut_down())
    // An actor survived its kill. It keeps a pointer to its unit, so that must stay.
    static_cast<void>(impl_.release());
}

caf::actor_system& host::system() const noexcept {
  return impl_->system();
}

io_unit& host::next_unit() noexcept {
  return impl_->next();
}

std::size_t host::threads() const noexcept {
  return impl_->threads();
}

std::size_t host::hosted_actors() const noexcept {
  return impl_->actors();
}

} // namespace wsengine
