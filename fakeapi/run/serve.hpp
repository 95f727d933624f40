// fakeapi serve: a fake cluster behind HTTPS that plays a scenario in real time until it is told
// to stop.
#pragma once

#include <string>

#include "fakeapi/run/cluster_server.hpp"

namespace fakeapi::run {

struct ServeOptions {
  std::string scenario;  // a scenario file or a recorded trace (*.json); "" is an empty cluster
  ServerOptions server;
};

/// Serves until SIGTERM or SIGINT. Prints one line of JSON on standard output when it is ready:
///   {"url":"https://127.0.0.1:6443","dir":"...","namespace":"default","started":12345.678,
///    "page":"https://127.0.0.1:6443/_fakeapi/#token=..."}
/// where `started` is the scenario's zero on CLOCK_MONOTONIC, in seconds. Problems are printed on
/// standard error.
ExitCode serve(const ServeOptions& options);

}  // namespace fakeapi::run
