// The init container's mode: waits until all dependencies are ready, and says so with the exit
// code.
#pragma once

#include "waiter/core/engine.hpp"
#include "waiter/net/cluster_access.hpp"
#include "waiter/run/log.hpp"

namespace waiter::run {

struct WaitOptions {
  core::EngineOptions engine;  // but the seed, which is drawn here
  net::ClusterAccess access;   // checked
  LogFormat log_format = LogFormat::text;
};

/// Runs until the verdict, the timeout, SIGTERM or SIGINT. A broken invariant or a system that
/// refuses what the event loop needs is an exception.
core::ExitCode wait(WaitOptions options);

}  // namespace waiter::run
