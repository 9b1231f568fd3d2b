// status_service.cpp: see status_service.hpp.

#include "status_service.hpp"

#include "status_board.hpp"
#include "status_server.hpp"

#ifdef WSENGINE_HAS_PROMETHEUS
#include "wsengine/prometheus.hpp"
#endif

#include <stdexcept>
#include <utility>

namespace wsengine::cli {

class status_service::impl {
public:
  impl(caf::actor_system& system, std::uint16_t port, std::string title)
    : board_(std::make_shared<status_board>(compat::clock_of(system))),
      watcher_(board_),
      port_(port),
      title_(std::move(title)) {
#ifdef WSENGINE_HAS_PROMETHEUS
    watcher_ = make_observer_list({board_, numbers_.watch()});
#endif
  }

  [[nodiscard]] const std::shared_ptr<observer>& watcher() const noexcept {
    return watcher_;
  }

  void open(reporter& report, std::function<void(const caf::actor&, site_action)> act) {
    status_site::sources from;
    from.status = [this] { return board_->json(); };
#ifdef WSENGINE_HAS_PROMETHEUS
    from.metrics = [this] { return numbers_.text(); };
#endif
    from.act = [this, act = std::move(act)](std::uint64_t number, site_action what) {
      auto engine = board_->find(number);
      if (engine)
        act(engine, what);
      return static_cast<bool>(engine);
    };
    auto token = make_token();
    server_.emplace(status_site{title_, token, std::move(from)}, port_);
    report.status_page(server_->port(), server_->url(), token);
  }

private:
  std::shared_ptr<status_board> board_;
#ifdef WSENGINE_HAS_PROMETHEUS
  metrics numbers_;
#endif
  std::shared_ptr<observer> watcher_;
  std::uint16_t port_;
  std::string title_;
  // The last: it uses the others.
  std::optional<status_server> server_;
};

status_service::status_service(caf::actor_system& system, std::optional<std::uint16_t> port,
                               std::string title)
  : impl_(port ? std::make_unique<impl>(system, *port, std::move(title)) : nullptr) {}

status_service::~status_service() = default;

std::shared_ptr<observer> status_service::watcher() const {
  return impl_ ? impl_->watcher() : nullptr;
}

std::string status_service::open(reporter& report,
                                 std::function<void(const caf::actor&, site_action)> act) {
  if (!impl_)
    return {};
  try {
    impl_->open(report, std::move(act));
  } catch (const std::runtime_error& x) {
    return std::string{"--status: "} + x.what();
  }
  return {};
}

} // namespace wsengine::cli
