// Scenario files from disk.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "fakeapi/scenario/load.hpp"

namespace fakeapi::run {

/// A scenario file, or a recorded trace (*.json); "" is an empty cluster. The texts say what is
/// wrong, one a line, each with its file, line and column.
std::variant<scenario::Scenario, std::vector<std::string>> load_file(const std::string& path);

}  // namespace fakeapi::run
