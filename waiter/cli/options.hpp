// Flags and environment -> what is to be done. Everything that can be wrong about them is found
// here.
#pragma once

#include <string>
#include <variant>

#include "waiter/run/wait.hpp"

namespace waiter::cli {

/// Nothing to run: print `text` and exit with `code` (--help, --version, or an error that the user
/// must mend).
struct Answer {
  core::ExitCode code = core::ExitCode::ready;
  std::string text;
};

std::variant<run::Setup, Answer> parse_options(int argc, const char* const* argv,
                                                     const net::Environment& environment);

}  // namespace waiter::cli
