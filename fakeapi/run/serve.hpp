// fakeapi serve: a fake cluster behind HTTPS that replays a scenario in real time until it is told
// to stop.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "fakeapi/cluster/watch_list.hpp"
#include "fakeapi/run/pod_network.hpp"

namespace fakeapi::run {

struct ServeOptions {
  std::string scenario;  // a scenario file or a recorded trace (*.json); "" is an empty cluster
  std::string folder;    // where clients find how to be let in
  std::string address = "127.0.0.1";
  int port = 0;  // 0 takes a free one
  PodNetwork pods = PodNetwork::real;
  std::string events;             // an event log is written there; "" for none
  std::size_t watch_history = 0;  // events kept of each kind; 0: all
  cluster::WatchList watch_list = cluster::WatchList::on;
};

/// The program's exit codes.
enum class ExitCode : int {
  ok = 0,
  usage = 2,    // the user's input cannot be used
  internal = 3  // the machine does not give what is needed
};

/// Serves until SIGTERM or SIGINT. Prints one line of JSON on standard output when it is ready:
///   {"url":"https://127.0.0.1:6443","dir":"...","namespace":"default","started":12345.678}
/// where `started` is the scenario's zero on CLOCK_MONOTONIC, in seconds. Problems are printed on
/// standard error.
ExitCode serve(const ServeOptions& options);

}  // namespace fakeapi::run
