// Every exit code of the program in one place. A wait that was interrupted never ends with 0: a 0
// would let a workload start that must not (seen in other tools: an agent that exits 0 on SIGTERM
// while it waits).
#pragma once

namespace waiter::core {

enum class ExitCode : int {
  ready = 0,
  usage = 2,          // bad flags or configuration: found before the first request
  timeout = 124,      // as coreutils' timeout
  internal = 125,     // a broken invariant or an operating system that refuses what it must give
  interrupted = 130,  // 128 + SIGINT
  terminated = 143,   // 128 + SIGTERM
};

}  // namespace waiter::core
