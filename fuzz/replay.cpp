// replay.cpp: a main function that gives a fuzzer's function what is in files, so that what was
// found once stays found, and then random changes of it: a short run that any compiler builds.
//
//   replay_NAME FOLDER COUNT    all files of the folder, then changes number 1 to COUNT

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using bytes = std::vector<std::uint8_t>;

// As much as libFuzzer is told to try.
constexpr std::size_t most_bytes = 4096;

bytes read_file(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// Makes changes from a number: the same ones on every machine.
class mutator {
public:
  mutator(const std::vector<bytes>& corpus, std::uint64_t number)
    : corpus_(corpus),
      random_(number) {}

  bytes make() {
    auto result = pick();
    for (auto edits = 1 + below(8); edits > 0; --edits)
      edit(result);
    result.resize(std::min(result.size(), most_bytes));
    return result;
  }

private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random_() % n); }

  const bytes& pick() { return corpus_[below(corpus_.size())]; }

  // A position in `what`, its end included.
  std::ptrdiff_t place(const bytes& what) {
    return static_cast<std::ptrdiff_t>(below(what.size() + 1));
  }

  void edit(bytes& what) {
    auto at = what.begin() + place(what);
    switch (below(6)) {
      case 0:
        if (at != what.end())
          *at ^= static_cast<std::uint8_t>(1U << below(8));
        return;
      case 1:
        // Edges of lengths, opcodes and characters.
        if (at != what.end())
          *at = edges[below(std::size(edges))];
        return;
      case 2: what.erase(at, what.begin() + std::max(at - what.begin(), place(what))); return;
      case 3: what.insert(at, 1 + below(16), static_cast<std::uint8_t>(random_())); return;
      case 4: what.resize(static_cast<std::size_t>(at - what.begin())); return;
      default: {
        const auto& from = pick();
        auto first = place(from);
        auto last = std::max(first, place(from));
        what.insert(at, from.begin() + first, from.begin() + last);
      }
    }
  }

  static constexpr std::uint8_t edges[]{0, 1, 0x7d, 0x7e, 0x7f, 0x80, 0xff, '\r', '\n', ':', ' '};

  const std::vector<bytes>& corpus_;
  std::mt19937_64 random_;
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " FOLDER COUNT\n";
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{argv[1]})
    if (entry.is_regular_file())
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<bytes> corpus;
  for (const auto& file : files) {
    // The last one that is named is the one that crashed.
    std::cout << file.filename().string() << std::endl;
    corpus.push_back(read_file(file));
    LLVMFuzzerTestOneInput(corpus.back().data(), corpus.back().size());
  }
  if (corpus.empty())
    return 1;
  auto count = std::stoull(argv[2]);
  for (std::uint64_t number = 1; number <= count; ++number) {
    std::cout << "change " << number << std::endl;
    auto changed = mutator{corpus, number}.make();
    LLVMFuzzerTestOneInput(changed.data(), changed.size());
  }
  std::cout << files.size() << " files, " << count << " changes\n";
  return 0;
}
