// nearest.cpp: see nearest.hpp.

#include "nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace wsengine::cli {

namespace {

/// The optimal string alignment distance, row by row.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> older(to.size() + 1);
  std::vector<std::size_t> old(to.size() + 1);
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(old.begin(), old.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      auto wrong = from[i - 1] == to[j - 1] ? 0U : 1U;
      row[j] = std::min({old[j] + 1, row[j - 1] + 1, old[j - 1] + wrong});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        row[j] = std::min(row[j], older[j - 2] + 1);
    }
    std::swap(older, old);
    std::swap(old, row);
  }
  return old[to.size()];
}

} // namespace

std::string nearest(std::string_view typed, const std::vector<std::string>& words) {
  // With more mistakes than these, every short word would be near to every other.
  auto least = typed.size() / 3 + 1;
  std::string result;
  for (const auto& word : words) {
    auto found = distance(typed, word);
    if (found < least) {
      least = found;
      result = word;
    }
  }
  return result;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& words,
                         std::string_view prefix) {
  auto word = nearest(typed, words);
  return word.empty() ? "" : "; did you mean " + std::string{prefix} + word + "?";
}

} // namespace wsengine::cli
