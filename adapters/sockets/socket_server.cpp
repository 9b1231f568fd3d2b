// socket_server.cpp: the server of socket_world.hpp.

#include "socket_session.hpp"

#include "wsengine/testing/socket_world.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <deque>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace wsengine::testing {

/// Listens, and keeps the scripts and the sessions.
class socket_server::listener : public stage {
public:
  explicit listener(timespan second);

  ~listener() override;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  void end();

  void add(script what) override;
  void fallback(script what) override;
  bool extend(const script& more) override;
  bool play(const script& what) override;

  [[nodiscard]] std::size_t connections() const override;
  [[nodiscard]] bool is_asked() const override;
  [[nodiscard]] std::vector<data_message> received() const override;
  [[nodiscard]] optional<close_details> close_frame() const override;

private:
  void run();
  script next();
  [[nodiscard]] std::shared_ptr<socket_session> newest() const;

  timespan second_;
  int descriptor_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::deque<script> scripts_;
  script fallback_;
  std::vector<std::shared_ptr<socket_session>> sessions_;
  std::thread thread_;
};

namespace {

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

} // namespace

socket_server::listener::listener(timespan second)
  : second_(second),
    descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  fallback_.accept();
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(where);
  auto* address = reinterpret_cast<sockaddr*>(&where);
  if (descriptor_ < 0 || bind(descriptor_, address, size) != 0 || listen(descriptor_, 16) != 0
      || getsockname(descriptor_, address, &size) != 0)
    throw_errno("the scripted server cannot listen");
  port_ = ntohs(where.sin_port);
  thread_ = std::thread{[this] { run(); }};
}

socket_server::listener::~listener() {
  end();
}

void socket_server::listener::end() {
  if (!thread_.joinable())
    return;
  // Wakes the thread that accepts.
  shutdown(descriptor_, SHUT_RDWR);
  thread_.join();
  ::close(descriptor_);
  // Their threads ask us for scripts: not under our lock.
  std::vector<std::shared_ptr<socket_session>> sessions;
  {
    std::lock_guard guard{mutex_};
    sessions.swap(sessions_);
  }
}

void socket_server::listener::run() {
  for (;;) {
    auto descriptor = accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0)
      return;
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    // Under the lock: the session asks for its script, and so is the newest one before it answers.
    std::lock_guard guard{mutex_};
    sessions_.push_back(
      std::make_shared<socket_session>(descriptor, second_, [this] { return next(); }));
  }
}

script socket_server::listener::next() {
  std::lock_guard guard{mutex_};
  if (scripts_.empty())
    return fallback_;
  auto result = std::move(scripts_.front());
  scripts_.pop_front();
  return result;
}

std::shared_ptr<socket_session> socket_server::listener::newest() const {
  std::lock_guard guard{mutex_};
  return sessions_.empty() ? nullptr : sessions_.back();
}

// -- stage ----------------------------------------------------------------------------------------

void socket_server::listener::add(script what) {
  std::lock_guard guard{mutex_};
  scripts_.push_back(std::move(what));
}

void socket_server::listener::fallback(script what) {
  std::lock_guard guard{mutex_};
  fallback_ = std::move(what);
}

bool socket_server::listener::extend(const script& more) {
  std::lock_guard guard{mutex_};
  if (scripts_.empty())
    return false;
  scripts_.back().append(more);
  return true;
}

bool socket_server::listener::play(const script& what) {
  auto session = newest();
  return session && session->play(what);
}

std::size_t socket_server::listener::connections() const {
  std::lock_guard guard{mutex_};
  return sessions_.size();
}

bool socket_server::listener::is_asked() const {
  auto session = newest();
  return session && session->is_asked();
}

std::vector<data_message> socket_server::listener::received() const {
  auto session = newest();
  return session ? session->received() : std::vector<data_message>{};
}

optional<close_details> socket_server::listener::close_frame() const {
  auto session = newest();
  return session ? session->close_frame() : nothing;
}

// -- server ---------------------------------------------------------------------------------------

socket_server::socket_server(timespan second) : listener_(std::make_shared<listener>(second)) {}

socket_server::~socket_server() {
  listener_->end();
}

std::string socket_server::url(const std::string& path) const {
  return "ws://127.0.0.1:" + std::to_string(listener_->port()) + path;
}

std::shared_ptr<stage> socket_server::make_stage() const {
  return listener_;
}

} // namespace wsengine::testing
