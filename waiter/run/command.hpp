// Starting a command: in place of this process, or as a child of it. Either way it finds the
// process as this program was given it.
#pragma once

#include <csignal>
#include <string>
#include <sys/types.h>
#include <vector>

#include "waiter/core/exit_code.hpp"

namespace waiter::run {

/// The words of a command as execve wants them, made before fork: afterwards nothing may be
/// allocated. A program without "/" is looked for in PATH. There is no fallback to a shell for a
/// file that is no program (execvp has one): container runtimes have none either.
class Command {
 public:
  explicit Command(std::vector<std::string> words);  // at least the program
  Command(Command&&) = default;
  Command(const Command&) = delete;  // the pointers are into the words

  const std::string& program() const { return words_.front(); }
  /// Returns the error number when it cannot. Safe between fork and exec.
  int execute(char* const* environment) const;

 private:
  std::vector<std::string> words_;
  std::vector<char*> arguments_;
  std::vector<std::string> paths_;  // where the program may be
};

/// The command takes this process over: its PID, its limits, its descriptors 0, 1 and 2. Returns
/// the error number when it cannot.
int replace_process(const Command& command, const sigset_t& mask);

struct Spawned {
  pid_t pid = 0;  // of a child in a process group of its own; 0 when there is none
  int error = 0;
  bool forked = true;  // false: the system gives no process
};
/// Returns when the command runs or has turned out not to. `foreground`: the terminal on standard
/// input is handed to it. SIGTTOU must be blocked then.
Spawned spawn(const Command& command, const sigset_t& mask, bool foreground);

/// 127 for what is not there, 126 for what cannot be executed (POSIX, Shell Command
/// Language 2.8.2).
core::ExitCode code_of(int exec_error);
/// What failed, on what, and what to do.
std::string describe_failure(const std::string& program, int exec_error);

}  // namespace waiter::run
