// Every exit code of the program in one place. A wait that was interrupted never ends with 0: a 0
// would let a workload start that must not (seen in other tools: an agent that exits 0 on SIGTERM
// while it waits).
#pragma once

namespace waiter::core {

enum class ExitCode : int {
  ready = 0,       // or the child's own code
  not_ready = 1,   // of `check` and `probe`
  usage = 2,       // bad flags or configuration, or a dependency that can never come true
  lost = 69,       // a dependency was lost, and the policy was to end (EX_UNAVAILABLE)
  forbidden = 77,  // a right is missing, with --on-forbidden=fail (EX_NOPERM)
  timeout = 124,   // as coreutils' timeout
  internal = 125,  // a broken invariant or an operating system that refuses what it must give
  cannot_execute = 126,
  no_command = 127,
  interrupted = 130,  // 128 + SIGINT
  terminated = 143,   // 128 + SIGTERM
};

}  // namespace waiter::core
