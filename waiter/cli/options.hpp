// Command line and environment -> what is to be done. Everything that can be wrong about them is
// found here.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "waiter/core/exit_code.hpp"
#include "waiter/run/exec.hpp"
#include "waiter/run/guard.hpp"

namespace waiter::cli {

/// Nothing to run: print `text` and exit with `code` (--help, --version, rbac, or an error that the
/// user must mend).
struct Answer {
  core::ExitCode code = core::ExitCode::ready;
  std::string text;
};
/// `wait` and `check`.
struct Wait {
  run::Setup setup;
};
struct Probe {
  std::string path;  // /startupz
  std::uint16_t port = 0;
};
struct Install {
  std::string directory;
};

using Plan = std::variant<Answer, Wait, run::ExecOptions, run::GuardOptions, Probe, Install>;

/// `words` is the command line without the program's name, `variables` the names of the
/// environment variables that begin with WFE_.
Plan parse_options(const std::vector<std::string>& words, const net::Environment& environment,
                   const std::vector<std::string>& variables);

}  // namespace waiter::cli
