// The modes `wait` and `check`: runs until the verdict and says it with the exit code.
#pragma once

#include "waiter/run/driver.hpp"

namespace waiter::run {

/// Runs until the verdict, the timeout, SIGTERM or SIGINT. A broken invariant or a system that
/// refuses what the event loop needs is an exception.
core::ExitCode wait(Setup setup);

}  // namespace waiter::run
