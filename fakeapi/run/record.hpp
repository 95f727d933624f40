// fakeapi record: what a real cluster does becomes a scenario that replays it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "fakeapi/run/serve.hpp"

namespace fakeapi::run {

struct RecordOptions {
  std::string kubeconfig;               // "": as kubectl finds it
  std::string context;                  // "": the current one
  std::vector<std::string> namespaces;  // none: the context's
  bool all_namespaces = false;
  std::optional<std::chrono::milliseconds> length;  // none: until SIGINT or SIGTERM
  std::vector<std::string> from;                    // files to import in place of a cluster
  std::string output;
  bool redact = false;
};

/// What goes wrong is printed on standard error, and then the output is as it was before.
ExitCode record(const RecordOptions& options);

}  // namespace fakeapi::run
