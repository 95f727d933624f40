// From the tree of a scenario file to typed values, by the table of keys.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "fakeapi/scenario/language/check.hpp"
#include "fakeapi/scenario/language/tree.hpp"
#include "fakeapi/scenario/model.hpp"

namespace fakeapi::scenario {

/// The text of a file that a scenario names, relative to its own folder, or why there is none.
struct ReadError {
  std::string message;
};
using FileReader = std::function<std::variant<std::string, ReadError>(const std::string& path)>;

/// What is wrong goes to the report; the scenario is good to use only if that stays empty.
Scenario read_scenario(const Node& root, const FileReader& files, Report& report);

}  // namespace fakeapi::scenario
