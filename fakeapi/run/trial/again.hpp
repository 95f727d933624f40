// The command line that repeats a run, as a person can paste it into a shell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fakeapi/run/trial/trials.hpp"

namespace fakeapi::run {

/// As a shell would take it for one word.
std::string shell_quoted(std::string_view word);

/// With every option on which the outcome depends; reports are not written again.
std::string again(const RunOptions& options, std::string_view scenario_path, std::uint64_t seed);

}  // namespace fakeapi::run
