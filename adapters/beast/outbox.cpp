// outbox.cpp: see outbox.hpp.

#include "outbox.hpp"

#include "wsengine/close.hpp"
#include "wsengine/error.hpp"

#include <utility>

namespace wsengine::io {

namespace {

// Says why a message can never be sent; no error when it can.
caf::error fault_of(const data_message& message, std::uint64_t max_message) {
  if (message.data.size() > max_message)
    return make_error(connection_errc::message_too_big, std::to_string(message.data.size())
                                                          + " bytes, the limit is "
                                                          + std::to_string(max_message));
  if (message.kind == message_kind::text && !is_utf8(message.data.text()))
    return make_error(connection_errc::invalid_message, "the text is not UTF-8");
  return caf::none;
}

} // namespace

void outbox::add(data_message message, std::uint64_t max_message, std::uint64_t max_bytes,
                 reply<void> to) {
  if (auto fault = fault_of(message, max_message))
    return to.fail(std::move(fault));
  auto size = message.data.size();
  if (!queue_.empty() && (bytes_ >= max_bytes || size > max_bytes - bytes_))
    return to.fail(make_error(connection_errc::queue_full,
                              std::to_string(bytes_) + " bytes wait to be written, the limit is "
                                + std::to_string(max_bytes)));
  bytes_ += size;
  queue_.push({std::move(message), std::move(to)});
}

const data_message& outbox::start() {
  writing_ = true;
  return queue_.front().message;
}

outbox::entry outbox::leave() {
  auto result = queue_.pop();
  bytes_ -= result.message.data.size();
  writing_ = false;
  return result;
}

void outbox::written() {
  leave().to.ok();
}

void outbox::fail_flight(const std::string& text) {
  leave().to.fail(make_error(connection_errc::write_unknown, text));
}

void outbox::fail_all(const std::string& text) {
  if (writing_)
    fail_flight(text);
  while (!queue_.empty())
    leave().to.fail(make_error(connection_errc::write_failed, text));
}

} // namespace wsengine::io
