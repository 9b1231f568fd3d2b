// content_reporter.cpp: the contents of messages for the next program, and what goes wrong for
// people.

#include "reporter.hpp"

#include <string>
#include <utility>

namespace wsengine::cli {

namespace {

class content_reporter final : public reporter {
public:
  content_reporter(output& out, output& errors, std::string end)
    : out_(out),
      trouble_(make_human_reporter(errors)),
      end_(std::move(end)) {}

  void opened(session_id, const handshake_response&, bool) override {}

  void message(session_id, const data_message& what) override { print(what); }

  void read_error(session_id id, const caf::error& cause) override {
    trouble_->read_error(id, cause);
  }

  void closed(session_id id, const optional<close_details>& peer) override {
    if (peer && peer->code != close_code::normal)
      trouble_->closed(id, peer);
  }

  void close_error(session_id id, const caf::error& cause) override {
    trouble_->close_error(id, cause);
  }

  void restart_error(const caf::error& cause, std::uint32_t retry,
                     optional<timespan> next_delay) override {
    trouble_->restart_error(cause, retry, next_delay);
  }

  void pong(timespan round_trip) override { trouble_->pong(round_trip); }

  void answered(const std::string&, const data_message& answer) override { print(answer); }

  void request_failed(const std::string& key, const caf::error& cause) override {
    trouble_->request_failed(key, cause);
  }

  void status(const engine_status& what) override { trouble_->status(what); }

  void start_error(const caf::error& cause, const std::string& advice) override {
    trouble_->start_error(cause, advice);
  }

  void stopped(const std::string&) override { out_.end(); }

  void status_page(std::uint16_t port, const std::string& url, const std::string& token) override {
    trouble_->status_page(port, url, token);
  }

  void listening(std::uint16_t, const std::string&) override {}

  void server_opened(std::uint64_t, const std::string&) override {}

  void server_closed(std::uint64_t, const close_details&) override {}

private:
  void print(const data_message& what) {
    std::string content{what.data.text()};
    if (what.last)
      content += end_;
    out_.write_bytes(content);
  }

  output& out_;
  std::unique_ptr<reporter> trouble_;
  const std::string end_;
};

} // namespace

std::unique_ptr<reporter> make_content_reporter(output& out, output& errors, std::string end) {
  return std::make_unique<content_reporter>(out, errors, std::move(end));
}

} // namespace wsengine::cli
