// replay.cpp: see wsengine/testing/replay.hpp.

#include "wsengine/testing/replay.hpp"

#include "wsengine/error.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

namespace wsengine::testing {

namespace {

/// The error of a dial, from the name of its code.
caf::error dial_error(const recorded_event& what) {
  if (what.response)
    return make_refused_error(*what.response);
  auto prefix = what.name + ": ";
  auto text = what.info.starts_with(prefix) ? what.info.substr(prefix.size()) : what.info;
  for (auto code = static_cast<unsigned>(dial_errc::invalid_request);
       code <= static_cast<unsigned>(dial_errc::proxy_timeout); ++code)
    if (to_string(static_cast<dial_errc>(code)) == what.name)
      return make_error(static_cast<dial_errc>(code), text);
  return make_error(dial_errc::connect_failed, text);
}

/// Builds the script of one connection.
class script_builder {
public:
  void take(const recorded_event& what) {
    if (what.what == "dial") {
      last_ = what.at;
    } else if (what.what == "open") {
      wait_until(what.at).accept(*what.response);
    } else if (what.what == "dial_failed") {
      wait_until(what.at).refuse(dial_error(what));
    } else if (what.what == "received") {
      wait_until(what.at).send(*what.message);
    } else if (what.what == "read_failed") {
      wait_until(what.at).fail_read(what.info);
    } else if (what.what == "close") {
      // The client closes: when and whether is up to the client that is tested.
      closing_ = true;
    } else if (what.what == "close_failed") {
      reacts(what);
    } else if (what.what == "over" && !closing_) {
      end(what);
    }
  }

  [[nodiscard]] script take_script() { return std::move(reaction_.append(result_)); }

private:
  script& wait_until(timespan at) {
    if (at > last_)
      result_.after(at - last_);
    last_ = std::max(last_, at);
    return result_;
  }

  void end(const recorded_event& what) {
    wait_until(what.at);
    if (what.details->code == close_code::abnormal)
      result_.drop();
    else
      result_.close(*what.details);
  }

  void reacts(const recorded_event& what) {
    if (what.name == to_string(connection_errc::close_timeout))
      reaction_.stall_close();
    else
      reaction_.fail_close(what.info);
  }

  // What holds from the start.
  script reaction_;
  script result_;
  timespan last_{0};
  bool closing_ = false;
};

} // namespace

std::vector<script> scripts_of(const std::vector<recorded_event>& recording) {
  std::map<std::size_t, script_builder> builders;
  for (const auto& x : recording)
    if (x.connection > 0)
      builders[x.connection].take(x);
  std::vector<script> result;
  for (auto& [number, builder] : builders)
    result.push_back(builder.take_script());
  return result;
}

std::vector<recorded_event> load_recording(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file)
    throw std::runtime_error{path + ": cannot be opened"};
  optional<recording_problem> problem;
  auto result = read_recording(file, problem);
  if (problem)
    throw std::runtime_error{path + ": " + to_string(*problem)};
  return result;
}

void replay(const std::vector<recorded_event>& recording, scripted_server& server) {
  server.plays_by_default(script{}.stall());
  for (auto& x : scripts_of(recording))
    server.plans(std::move(x));
}

timespan length_of(const std::vector<recorded_event>& recording) {
  timespan result{0};
  for (const auto& x : recording)
    result = std::max(result, x.at);
  return result;
}

std::vector<recorded_close> closes_of(const std::vector<recorded_event>& recording) {
  std::size_t last = 0;
  for (const auto& x : recording)
    last = std::max(last, x.connection);
  std::vector<recorded_close> result;
  std::size_t closed = 0;
  for (const auto& x : recording) {
    // A session that the server ended is closed by us afterwards, as a formality.
    if (x.what == "over")
      closed = std::max(closed, x.connection);
    if (x.what == "close" && x.connection > closed) {
      closed = x.connection;
      result.push_back({x.at, x.connection < last});
    }
  }
  return result;
}

void keep_pace(const std::vector<recorded_event>& recording, engine_options& options,
               engine_hooks& hooks) {
  auto delays = std::make_shared<std::vector<timespan>>();
  timespan longest{std::chrono::milliseconds{1}};
  timespan ended{0};
  auto dials = 0;
  for (const auto& x : recording) {
    if (x.what == "dial" && dials++ > 0) {
      delays->push_back(x.at - ended);
      longest = std::max(longest, delays->back());
    }
    if (x.connection > 0 || (x.what == "answer" && !x.name.starts_with("on_message")))
      ended = x.at;
  }
  options.backoff.base = longest;
  options.backoff.cap = longest;
  options.backoff.factor = 1;
  options.backoff.jitter = 1;
  options.backoff.retry_first_connect = true;
  options.budget = {};
  options.circuit = {};
  hooks.random = [delays, longest, next = std::size_t{0}]() mutable {
    if (next >= delays->size())
      return 0.0;
    auto part =
      static_cast<double>((*delays)[next++].count()) / static_cast<double>(longest.count());
    return std::clamp(1.0 - part, 0.0, 0.999999999);
  };
}

} // namespace wsengine::testing
