// main.cpp: wsengine-sim: plays seeds, and shows the shortest way to break a rule.
//
//   wsengine-sim --seeds A..B [--steps N]
//   wsengine-sim --replay SEED [--steps N]

#include "scene.hpp"
#include "shrink.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace wsengine::simulation;

struct arguments {
  std::uint64_t first = 1;
  std::uint64_t last = 200;
  std::size_t steps = 500;
  std::optional<std::uint64_t> replay;
};

template <class T>
bool parse(std::string_view text, T& result) {
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), result);
  return problem == std::errc{} && end == text.data() + text.size();
}

bool parse_range(std::string_view text, arguments& result) {
  auto dots = text.find("..");
  if (dots == std::string_view::npos)
    return parse(text, result.first) && parse(text, result.last);
  return parse(text.substr(0, dots), result.first) && parse(text.substr(dots + 2), result.last)
         && result.first <= result.last;
}

std::optional<arguments> parse(const std::vector<std::string_view>& words) {
  arguments result;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    if (i + 1 == words.size())
      return std::nullopt;
    auto value = words[i + 1];
    std::uint64_t seed = 0;
    if (words[i] == "--seeds" && parse_range(value, result))
      continue;
    if (words[i] == "--steps" && parse(value, result.steps))
      continue;
    if (words[i] == "--replay" && parse(value, seed)) {
      result.replay = seed;
      continue;
    }
    return std::nullopt;
  }
  return result;
}

void print(const outcome& what) {
  for (const auto& line : what.trace)
    std::cout << line << '\n';
}

/// Shows what breaks a rule with as few steps as possible.
void show_failure(const plan& broken, const outcome& how) {
  auto shortest = shrink(broken, [&how](const plan& x) { return play(x).rule == how.rule; });
  std::cout << "seed " << broken.seed << ": " << how.failure << '\n'
            << "the shortest way, " << shortest.steps.size() << " steps:\n";
  print(play(shortest, true));
  std::cout << "all steps: wsengine-sim --replay " << broken.seed << std::endl;
}

int replay(std::uint64_t seed, std::size_t steps) {
  auto result = play(make_plan(seed, steps), true);
  print(result);
  return result.rule.empty() ? 0 : 1;
}

int run(const arguments& what) {
  auto start = std::chrono::steady_clock::now();
  std::size_t failures = 0;
  for (auto seed = what.first; seed <= what.last; ++seed) {
    auto next = make_plan(seed, what.steps);
    auto result = play(next);
    if (result.rule.empty())
      continue;
    ++failures;
    next.steps.resize(result.steps);
    show_failure(next, result);
  }
  std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::printf("%llu seeds of %zu steps in %.1f s: %zu broke a rule\n",
              static_cast<unsigned long long>(what.last - what.first + 1), what.steps,
              taken.count(), failures);
  return failures == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  auto what = parse(std::vector<std::string_view>{argv + 1, argv + argc});
  if (!what) {
    std::cerr << "usage: wsengine-sim [--seeds A..B] [--steps N] [--replay SEED]\n";
    return 2;
  }
  return what->replay ? replay(*what->replay, what->steps) : run(*what);
}
