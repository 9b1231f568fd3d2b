// fleet_table.cpp: see fleet_table.hpp.

#include "fleet_table.hpp"

#include "wsengine/engine_actor.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <vector>

namespace wsengine::cli {

namespace json = boost::json;

namespace {

// -- text -----------------------------------------------------------------------------------------

using row = std::vector<std::string>;

// Columns as wide as their widest entry; the last one may be as long as it likes.
std::string align(const std::vector<row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& x : rows)
    for (std::size_t i = 0; i < x.size(); ++i)
      widths[i] = std::max(widths[i], x[i].size());
  std::string result;
  for (const auto& x : rows) {
    std::string line;
    for (std::size_t i = 0; i < x.size(); ++i) {
      line += x[i];
      line.append(widths[i] - x[i].size() + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + '\n';
  }
  return result;
}

std::string decimal(double value, const char* unit) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%s", value, unit);
  return text;
}

std::string seconds(timespan value) {
  return decimal(std::chrono::duration<double>(value).count(), " s");
}

std::string state_of(const cluster::fleet_node& x) {
  if (!x.connected)
    return "lost";
  return x.draining ? "draining" : "connected";
}

row row_of(const cluster::fleet_node& x) {
  return {x.name,
          state_of(x),
          std::to_string(x.sessions),
          seconds(x.lease_left),
          decimal(x.load, ""),
          decimal(static_cast<double>(x.resident_bytes) / (1U << 20U), " MiB")};
}

row row_of(const cluster::fleet_session& x) {
  return {x.key,
          x.node.empty() ? "-" : x.node,
          to_string(x.state),
          x.engine ? to_string(*x.engine) : "-",
          std::to_string(x.failures),
          x.url,
          x.state == cluster::specification_state::live ? "" : x.last_error};
}

// -- JSON -----------------------------------------------------------------------------------------

json::value milliseconds(timespan value) {
  return std::chrono::ceil<std::chrono::milliseconds>(value).count();
}

json::object to_object(const cluster::fleet_node& x) {
  return {{"name", x.name},
          {"connected", x.connected},
          {"draining", x.draining},
          {"sessions", x.sessions},
          {"lease_left_ms", milliseconds(x.lease_left)},
          {"load", x.load},
          {"resident_bytes", x.resident_bytes}};
}

json::object to_object(const cluster::fleet_session& x) {
  json::object result{{"key", x.key},         {"url", x.url},
                      {"node", nullptr},      {"state", to_string(x.state)},
                      {"engine", nullptr},    {"failures", x.failures},
                      {"last_error", nullptr}};
  if (!x.node.empty())
    result["node"] = x.node;
  if (x.engine)
    result["engine"] = to_string(*x.engine);
  if (!x.last_error.empty())
    result["last_error"] = x.last_error;
  return result;
}

} // namespace

std::string to_table(const cluster::fleet_status& what) {
  std::string result;
  if (what.quiet_left > timespan::zero())
    result +=
      "The director has begun; nothing is started for " + seconds(what.quiet_left) + " more.\n\n";
  std::vector<row> nodes{{"NODE", "STATE", "SESSIONS", "LEASE", "LOAD", "MEMORY"}};
  for (const auto& x : what.nodes)
    nodes.push_back(row_of(x));
  std::vector<row> sessions{{"KEY", "NODE", "STATE", "ENGINE", "FAILURES", "URL", "LAST ERROR"}};
  for (const auto& x : what.sessions)
    sessions.push_back(row_of(x));
  result += align(nodes) + '\n' + align(sessions);
  result.pop_back();
  return result;
}

std::string to_json(const cluster::fleet_status& what) {
  json::array nodes;
  for (const auto& x : what.nodes)
    nodes.push_back(to_object(x));
  json::array sessions;
  for (const auto& x : what.sessions)
    sessions.push_back(to_object(x));
  return json::serialize(json::object{{"quiet_left_ms", milliseconds(what.quiet_left)},
                                      {"nodes", std::move(nodes)},
                                      {"sessions", std::move(sessions)}});
}

} // namespace wsengine::cli
