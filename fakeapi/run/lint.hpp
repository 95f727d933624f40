// fakeapi lint: what is wrong with scenario files, and what they come to.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/run/exit_code.hpp"

namespace fakeapi::run {

struct LintOptions {
  std::vector<std::string> files;  // "-" is standard input
  bool show = false;               // what happens when, in full
};

/// Problems go to standard error, one a line; what is well is told on standard output. `usage` when
/// any file cannot be used.
ExitCode lint(const LintOptions& options);

}  // namespace fakeapi::run
