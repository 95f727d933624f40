// The way in for scenario files: a text becomes a timeline, or the list of all that is wrong with
// it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fakeapi/scenario/problem.hpp"
#include "fakeapi/scenario/timeline.hpp"

namespace fakeapi::scenario {

using Loaded = std::variant<Timeline, std::vector<Problem>>;

/// Reads a scenario (docs/scenarios.md). The file's name is for messages and the timeline's name;
/// nothing is opened. The problems are never an empty list. The same text gives the same timeline.
Loaded load_scenario(std::string_view text, std::string_view file_name);

/// "scenarios/flapping.yaml" -> "flapping".
std::string timeline_name(std::string_view file_name);

}  // namespace fakeapi::scenario
