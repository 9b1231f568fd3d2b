// socket_session.cpp: see socket_session.hpp.

#include "socket_session.hpp"

#include "wsengine/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace wsengine::testing {

// -- life -----------------------------------------------------------------------------------------

socket_session::socket_session(int descriptor, timespan second, std::function<script()> first)
  : descriptor_(descriptor),
    second_(second),
    first_(std::move(first)) {
  if (pipe(wake_) != 0)
    wake_[0] = wake_[1] = -1;
  thread_ = std::thread{[this] { run(); }};
}

socket_session::~socket_session() {
  {
    std::lock_guard guard{mutex_};
    ending_ = true;
  }
  (void)!write(wake_[1], "x", 1);
  thread_.join();
  ::close(wake_[0]);
  ::close(wake_[1]);
  ::close(descriptor_);
}

bool socket_session::play(script what) {
  std::lock_guard guard{mutex_};
  if (phase_ == phase::over)
    return false;
  commands_.push_back(std::move(what));
  (void)!write(wake_[1], "x", 1);
  return true;
}

bool socket_session::is_asked() const {
  std::lock_guard guard{mutex_};
  return phase_ == phase::asked;
}

std::vector<data_message> socket_session::received() const {
  std::lock_guard guard{mutex_};
  return received_;
}

optional<close_details> socket_session::close_frame() const {
  std::lock_guard guard{mutex_};
  return close_frame_;
}

// -- the thread -----------------------------------------------------------------------------------

void socket_session::run() {
  for (;;) {
    wait();
    std::lock_guard guard{mutex_};
    if (ending_)
      return reset();
    for (auto& x : std::exchange(commands_, {}))
      tracks_.push_back({x.steps(), 0, received_.size(), nothing});
    if (phase_ == phase::over)
      continue;
    take_in();
    advance();
  }
}

// Waits until there is something to do, and reads what has come.
void socket_session::wait() {
  std::array<pollfd, 2> what{pollfd{wake_[0], POLLIN, 0}, pollfd{descriptor_, 0, 0}};
  auto timeout = -1;
  {
    std::lock_guard guard{mutex_};
    if (!stops_reading())
      what[1].events |= POLLIN;
    if (!outbound_.empty())
      what[1].events |= POLLOUT;
    // Who waits for nothing must not be woken by the end of the connection, again and again.
    if (phase_ == phase::over || what[1].events == 0)
      what[1].fd = -1;
    timeout = patience();
  }
  poll(what.data(), what.size(), timeout);
  std::array<char, 64> ignored{};
  if ((what[0].revents & POLLIN) != 0)
    (void)!read(wake_[0], ignored.data(), ignored.size());
  if (what[1].fd < 0 || what[1].revents == 0)
    return;
  auto is_there = (what[1].revents & ~POLLOUT) == 0 || receive();
  std::lock_guard guard{mutex_};
  if (is_there)
    flush();
  else
    phase_ = phase::over;
}

// Milliseconds until something is due; -1 when nothing is.
int socket_session::patience() const {
  auto due = close_due_ ? *close_due_ : clock::time_point::max();
  for (const auto& x : tracks_)
    if (x.wakes)
      due = std::min(due, *x.wakes);
  if (phase_ == phase::over || due == clock::time_point::max())
    return -1;
  return static_cast<int>(std::max<std::int64_t>(
    0, std::chrono::ceil<std::chrono::milliseconds>(due - clock::now()).count()));
}

bool socket_session::receive() {
  std::array<char, 65536> buffer{};
  auto size = recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size < 0)
    return errno == EAGAIN || errno == EINTR;
  if (size == 0)
    return false;
  std::lock_guard guard{mutex_};
  inbound_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

bool socket_session::stops_reading() const {
  return !takes_writes_ && phase_ == phase::open;
}

socket_session::clock::time_point socket_session::later(timespan delay) const {
  auto seconds = std::chrono::duration<double>{delay}.count();
  return clock::now() + std::chrono::duration_cast<clock::duration>(second_ * seconds);
}

// -- what comes -----------------------------------------------------------------------------------

void socket_session::take_in() {
  if (phase_ == phase::connected)
    if (auto request = wire::take_request(inbound_)) {
      request_ = std::move(*request);
      phase_ = phase::asked;
      tracks_.push_back({first_().steps(), 0, 0, nothing});
    }
  if (phase_ != phase::open && phase_ != phase::closing)
    return;
  while (auto frame = wire::take_frame(inbound_))
    take(std::move(*frame));
}

void socket_session::take(wire::frame what) {
  switch (what.code) {
    case wire::opcode::ping:
      if (answers_pings_)
        send(wire::frame_of(wire::opcode::pong, what.payload));
      return;
    case wire::opcode::pong: return;
    case wire::opcode::close: return take_close(what.payload);
    case wire::opcode::text: kind_ = message_kind::text; break;
    case wire::opcode::binary: kind_ = message_kind::binary; break;
    case wire::opcode::continuation: break;
  }
  fragments_ += what.payload;
  if (what.last)
    received_.push_back({kind_, std::exchange(fragments_, {})});
}

void socket_session::take_close(const std::string& payload) {
  // The answer to our own: the session is over.
  if (phase_ == phase::closing) {
    send_last({});
    return;
  }
  close_frame_ = wire::read_close(payload);
  using reaction = steps::on_close_frame::reaction;
  if (close_reaction_.how == reaction::fail)
    reset();
  else if (close_reaction_.how == reaction::answer)
    close_due_ = later(close_reaction_.delay);
}

// -- scripts --------------------------------------------------------------------------------------

void socket_session::advance() {
  for (auto progress = true; progress && phase_ != phase::over;) {
    progress = false;
    for (auto& x : tracks_) {
      if (x.wakes && *x.wakes <= clock::now())
        x.wakes = nothing;
      while (phase_ != phase::over && x.next < x.steps.size() && !x.wakes
             && perform(x, x.steps[x.next])) {
        ++x.next;
        progress = true;
      }
    }
  }
  if (close_due_ && *close_due_ <= clock::now() && phase_ != phase::over) {
    close_due_ = nothing;
    send_last(wire::close_frame(close_reaction_.details ? *close_reaction_.details
                                                        : close_details{close_frame_->code, {}}));
  }
}

// Returns whether the step is done; otherwise it has to wait.
bool socket_session::perform(track& self, const step& what) {
  auto is_open = phase_ == phase::open;
  if (const auto* x = std::get_if<steps::accept>(&what)) {
    if (phase_ != phase::asked)
      return phase_ != phase::connected;
    send(wire::answer(request_, x->response));
    phase_ = phase::open;
  } else if (const auto* x = std::get_if<steps::refuse>(&what)) {
    if (phase_ == phase::asked)
      refuse(x->cause);
  } else if (std::holds_alternative<steps::stall>(what)) {
    return false;
  } else if (const auto* x = std::get_if<steps::after>(&what)) {
    self.wakes = later(x->delay);
  } else if (const auto* x = std::get_if<steps::await_write>(&what)) {
    return perform(self, *x);
  } else if (const auto* x = std::get_if<steps::on_close_frame>(&what)) {
    close_reaction_ = *x;
  } else if (const auto* x = std::get_if<steps::on_write>(&what)) {
    takes_writes_ = x->how == steps::on_write::reaction::take;
  } else if (const auto* x = std::get_if<steps::on_ping>(&what)) {
    answers_pings_ = static_cast<bool>(x->round_trip);
  } else if (!is_open) {
    return false;
  } else if (const auto* x = std::get_if<steps::send>(&what)) {
    auto code = std::exchange(in_parts_, !x->message.last)
                  ? wire::opcode::continuation
                  : static_cast<wire::opcode>(x->message.kind);
    send(wire::frame_of(code, x->message.data.text(), x->message.last));
  } else if (const auto* x = std::get_if<steps::close>(&what)) {
    send(wire::close_frame(x->details));
    phase_ = phase::closing;
  } else if (!std::holds_alternative<steps::fail_read>(what)) {
    reset();
  }
  return true;
}

bool socket_session::perform(track& self, const steps::await_write& what) {
  while (self.seen < received_.size()) {
    const auto& next = received_[self.seen++];
    if (!what.matches || what.matches(next))
      return true;
  }
  return false;
}

void socket_session::refuse(const caf::error& cause) {
  auto response = response_of(cause);
  if (!response)
    return reset();
  send_last(wire::answer(request_, *response));
  // What still comes is read until the client ends the connection, too.
  phase_ = phase::closing;
}

void socket_session::send(const std::string& bytes) {
  if (!sent_last_)
    outbound_ += bytes;
  flush();
}

// Sends these bytes, and then says that there are no more.
void socket_session::send_last(const std::string& bytes) {
  if (!sent_last_)
    outbound_ += bytes;
  sent_last_ = true;
  flush();
}

// Hands over what the system takes: it must not wait, for whoever looks at us waits, too.
void socket_session::flush() {
  while (!outbound_.empty()) {
    auto size =
      ::send(descriptor_, outbound_.data(), outbound_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN)
      return;
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0) {
      phase_ = phase::over;
      return;
    }
    outbound_.erase(0, static_cast<std::size_t>(size));
  }
  if (sent_last_ && phase_ != phase::over)
    shutdown(descriptor_, SHUT_WR);
}

void socket_session::reset() {
  linger at_once{1, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  // A disconnect sends the reset now; the descriptor stays ours until the end.
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  ::connect(descriptor_, &nobody, sizeof(nobody));
  phase_ = phase::over;
}

} // namespace wsengine::testing
