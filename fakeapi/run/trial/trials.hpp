// fakeapi run: scenarios against a command, one after the other, with a verdict on each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fakeapi/run/exit_code.hpp"
#include "fakeapi/run/trial/trial.hpp"

namespace fakeapi::run {

struct RunOptions {
  std::vector<std::string> scenarios;
  std::vector<std::string> command;
  std::optional<std::uint64_t> seed;  // else each scenario's own
  int repeat = 1;                     // with seed, seed + 1 and so on
  std::string junit;                  // a file; "" for none
  std::string report;                 // a folder; "" for none
  bool quiet = false;                 // verdicts only
  /// Nothing: real where it can be had, else loopback, and that is told.
  std::optional<PodNetwork> pods;
  ServerOptions server;
};

/// Everything of its own goes to standard error; standard output is the command's.
ExitCode run(RunOptions options);

}  // namespace fakeapi::run
