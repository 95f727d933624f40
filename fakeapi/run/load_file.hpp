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

/// The same of a text that is read already; the path is for messages, and for files that it names.
std::variant<scenario::Scenario, std::vector<std::string>> load_text(const std::string& text,
                                                                     const std::string& path);

}  // namespace fakeapi::run
