// descriptors.hpp: what the process has open, to see that nothing is left open.

#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <vector>

namespace wsengine::tests {

/// What the process has open, by what it is (a socket has a number of its own), with how often.
inline std::map<std::string, int> open_descriptors() {
  std::map<std::string, int> result;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    // Others close descriptors meanwhile.
    std::error_code gone;
    auto what = std::filesystem::read_symlink(entry.path(), gone);
    if (!gone)
      ++result[what.string()];
  }
  return result;
}

/// What is open and was not open then.
inline std::vector<std::string> opened_since(const std::map<std::string, int>& then) {
  std::vector<std::string> result;
  for (const auto& [what, count] : open_descriptors())
    if (auto old = then.find(what); old == then.end() || old->second < count)
      result.push_back(what);
  return result;
}

} // namespace wsengine::tests
