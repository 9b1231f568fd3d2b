// send_options.cpp: see send_options.hpp.

#include "send_options.hpp"

#include "setters.hpp"

#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace wsengine::cli {

namespace {

using problem = std::optional<std::string>;

option_setter outbox(outbox_options& field) {
  return [&field, count = number(field.max_messages, 1, std::numeric_limits<std::uint32_t>::max())](
           const std::string& value) {
    field.enabled = true;
    return count(value);
  };
}

option_setter setup(std::vector<setup_message>& field) {
  return [&field](const std::string& value) -> problem {
    field.push_back({"setup " + std::to_string(field.size() + 1), wsengine::text(value)});
    return {};
  };
}

option_setter expiry(optional<timespan>& field) {
  return [&field](const std::string& value) -> problem {
    timespan parsed{0};
    if (auto fault = duration(parsed)(value))
      return fault;
    field = parsed;
    return {};
  };
}

} // namespace

option_group send_options(connect_arguments& into) {
  constexpr auto any_size = std::numeric_limits<std::int64_t>::max();
  constexpr auto any_count = std::numeric_limits<std::uint32_t>::max();
  auto& engine = into.engine;
  auto& connection = engine.connection;
  std::vector<option> options{
    {"write-queue", "BYTES", "the most bytes that wait to be written (16777216)",
     number(connection.write_queue_bytes, 1, any_size)},
    choice<queue_policy>("queue-policy", "P",
                         "when they are too many: reject, drop_oldest or block_sender (reject)",
                         connection.when_queue_full,
                         {{"reject", queue_policy::reject},
                          {"drop_oldest", queue_policy::drop_oldest},
                          {"block_sender", queue_policy::block_sender}}),
    {"waiting-room", "N", "how many messages wait behind them with block_sender (256)",
     number(connection.waiting_room, 1, any_count)},
    {"outbox", "N", "keep up to N messages for the next session", outbox(engine.outbox)},
    {"outbox-bytes", "BYTES", "the most bytes to keep (16777216)",
     number(engine.outbox.max_bytes, 1, any_size)},
    {"expire-after", "D", "drop what was not sent in that time; needs --outbox",
     expiry(into.expire_after)},
    {"resend-unknown", "", "send again what may have arrived or not; needs --outbox",
     flag(into.resend_unknown)},
    {"setup", "TEXT", "a text message with which each session begins; repeatable",
     setup(engine.setup), true},
  };
  return {"What becomes of what is sent", std::move(options)};
}

std::string name_of_send_field(const std::string& field) {
  static const std::map<std::string, std::string, std::less<>> names = {
    {"connection.write_queue_bytes", "--write-queue"},
    {"connection.waiting_room", "--waiting-room"},
    {"outbox.max_messages", "--outbox"},
    {"outbox.max_bytes", "--outbox-bytes"},
  };
  if (field.starts_with("setup["))
    return "--setup";
  auto found = names.find(field);
  return found == names.end() ? std::string{} : found->second;
}

} // namespace wsengine::cli
