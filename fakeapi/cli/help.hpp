// What the command line tells: the shape of --help on a terminal of 80 columns, and bad input.
#pragma once

#include <string>
#include <string_view>

#include "fakeapi/run/exit_code.hpp"

namespace fakeapi::cli {

/// Breaks a flag's description into lines that stand in the right column of --help, as the parser's
/// library does not.
std::string wrapped(std::string_view description);

/// Tells what is wrong with the user's input; the exit code for that.
run::ExitCode wrong(const std::string& message);

}  // namespace fakeapi::cli
