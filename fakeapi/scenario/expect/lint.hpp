// A linter for clients: habits that hurt an API server or the program itself, found in what a
// client asked for. Each rule is a row with its name, what it means and why, and one function.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fakeapi::scenario {

struct Record;

struct LintRule {
  std::string_view name;
  std::string_view what;  // in half a sentence
  std::string_view why;   // and what to do instead
  /// What a client did against the rule, as a sentence with the time; nothing when it did not.
  std::optional<std::string> (*broken)(const Record& record);
};

const std::vector<LintRule>& lint_rules();

}  // namespace fakeapi::scenario
