// The flags of `fakeapi run`.
#pragma once

#include <string>

#include <CLI/App.hpp>

#include "fakeapi/run/trial/trials.hpp"

namespace fakeapi::cli {

struct Run {
  run::RunOptions options;
  std::string pods;
  std::string as;
  std::string only;
  double speed = 1;

  void declare(CLI::App& app);
  /// Takes everything after -- as the command; the value is how many arguments are left. Its own
  /// flags are nobody else's.
  int take_command(int argc, char** argv);
  /// What is wrong with the flags is printed.
  run::ExitCode execute();
};

}  // namespace fakeapi::cli
