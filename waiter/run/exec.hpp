// The mode `exec`: waits, then starts a command. By itself it replaces this process (execve: the
// same PID, its signals, its exit code). Where a lost dependency shall end or restart the command
// it stays as its parent, with the duties of PID 1.
#pragma once

#include <string>
#include <vector>

#include "waiter/run/driver.hpp"

namespace waiter::run {

struct ExecOptions {
  enum class OnLost {
    nothing,  // execve: nobody is left to watch
    term,     // SIGTERM to the command, SIGKILL after kill_after, exit code 69
    restart   // so, and it is started again when the dependencies are met again
  };
  Setup setup;                       // Mode::wait for `nothing`, else Mode::follow
  std::vector<std::string> command;  // at least the program
  OnLost on_lost = OnLost::nothing;
  core::Duration kill_after = std::chrono::seconds(30);  // kubelet's default grace period
};

/// Does not return where the command replaces this process.
core::ExitCode exec(ExecOptions options);

}  // namespace waiter::run
