// option_table.hpp: a table of options that reports every mistake of a command line, not just the
// first.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace wsengine::cli {

/// Takes the value of an option. Returns what is wrong with it, or nothing.
using option_setter = std::function<std::optional<std::string>(const std::string& value)>;

/// One option.
struct option {
  std::string name;
  /// What stands for the value in the help; empty for a flag. FILE, PATH and DIR are names of files
  /// and folders.
  std::string value_name;
  std::string help;
  option_setter set;
  bool repeatable = false;
  /// Whether complaints must not repeat the value.
  bool confidential = false;
  /// All values that there are, when they can be listed.
  std::vector<std::string> values = {};
};

/// Options that belong together.
struct option_group {
  std::string title;
  std::vector<option> options;
};

/// The same options to read about, when what they set is gone.
[[nodiscard]] std::vector<option_group> without_setters(std::vector<option_group> groups);

/// What a command line was split into.
struct split_line {
  std::vector<std::string> positionals;
  /// The names of the options that were given.
  std::vector<std::string> given;
  std::vector<std::string> problems;

  [[nodiscard]] bool was_given(const std::string& name) const;

  /// Complains about whatever is no option.
  void refuse_positionals();

  /// Takes the one word that is no option into `to`; `name` is what the help calls it. Complains
  /// when it is missing, and about more than one.
  void take_positional(std::string& to, const std::string& name);
};

/// Options of a command.
class option_table {
public:
  explicit option_table(const std::vector<option_group>& groups);

  /// Splits the words of a command line and calls the setters.
  [[nodiscard]] split_line parse(const std::vector<std::string>& words) const;

private:
  [[nodiscard]] const option* find(const std::string& name) const;
  [[nodiscard]] std::string unknown(const std::string& word) const;
  void sort_in(const std::string& word, split_line& result) const;
  void take(const std::string& name, const std::vector<std::string>& values,
            split_line& result) const;

  std::vector<option> options_;
};

} // namespace wsengine::cli
