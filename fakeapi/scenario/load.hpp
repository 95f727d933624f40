// The way in for scenario files: a text becomes a scenario, or the list of all that is wrong with
// it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fakeapi/scenario/language/problem.hpp"
#include "fakeapi/scenario/model.hpp"
#include "fakeapi/scenario/read.hpp"

namespace fakeapi::scenario {

using Loaded = std::variant<Scenario, std::vector<Problem>>;

/// Reads a scenario (docs/scenarios.md). The file's name is for messages and the scenario's name;
/// nothing is opened but through `files`. The problems are never an empty list. The same text gives
/// the same scenario.
Loaded load_scenario(std::string_view text, std::string_view file_name, const FileReader& files);

/// Files that name no other.
std::variant<std::string, ReadError> no_files(const std::string& path);

/// "scenarios/flapping.yaml" -> "flapping".
std::string timeline_name(std::string_view file_name);

}  // namespace fakeapi::scenario
