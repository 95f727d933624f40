// Scenario files from disk.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "fakeapi/scenario/load.hpp"

namespace fakeapi::run {

/// A scenario file, a recorded trace (*.json), or the name of a shipped scenario; "" is an empty
/// cluster. The texts say what is wrong, one a line, each with its file, line and column.
std::variant<scenario::Scenario, std::vector<std::string>> load_file(const std::string& name);

}  // namespace fakeapi::run
