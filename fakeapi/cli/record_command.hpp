// The flags of `fakeapi record`.
#pragma once

#include <string>

#include <CLI/App.hpp>

#include "fakeapi/run/record.hpp"

namespace fakeapi::cli {

struct Record {
  run::RecordOptions options;
  std::string length;

  void declare(CLI::App& app);
  /// What is wrong with the flags is printed.
  run::ExitCode execute();
};

}  // namespace fakeapi::cli
