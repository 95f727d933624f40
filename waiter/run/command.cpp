#include "waiter/run/command.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "waiter/core/invariant.hpp"
#include "waiter/run/own_process.hpp"

namespace waiter::run {
namespace {

constexpr const char* default_path = "/bin:/usr/bin";  // execvp(3)

/// Only calls that are safe between fork and exec (signal-safety(7)): another thread may have held
/// a lock when the process was copied.
int become(const Command& command, const sigset_t& mask, char* const* environment) {
  give_back_dispositions();
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  return command.execute(environment);
}

[[noreturn]] void run_child(const Command& command, const sigset_t& mask, char* const* environment,
                            bool foreground, int report) {
  ::setpgid(0, 0);
  if (foreground) ::tcsetpgrp(STDIN_FILENO, ::getpid());
  const int error = become(command, mask, environment);
  [[maybe_unused]] const auto written = ::write(report, &error, sizeof error);
  ::_exit(static_cast<int>(code_of(error)));
}

std::vector<std::string> candidates(const std::string& program) {
  if (program.find('/') != std::string::npos || program.empty()) return {program};
  const char* variable = std::getenv("PATH");
  std::string_view path = variable == nullptr ? default_path : variable;
  std::vector<std::string> found;
  for (;;) {
    const auto end = path.find(':');
    const std::string folder(path.substr(0, end));
    found.push_back((folder.empty() ? "." : folder) + "/" + program);  // POSIX, 8.3: PATH
    if (end == std::string_view::npos) return found;
    path.remove_prefix(end + 1);
  }
}

/// The child's error number, or 0 when exec has closed the pipe.
int read_report(int report) {
  int error = 0;
  ssize_t size = 0;
  do size = ::read(report, &error, sizeof error);
  while (size < 0 && errno == EINTR);
  return size == static_cast<ssize_t>(sizeof error) ? error : 0;
}

}  // namespace

Command::Command(std::vector<std::string> words) : words_(std::move(words)) {
  core::invariant(!words_.empty(), "a command has at least a program");
  for (std::string& word : words_) arguments_.push_back(word.data());
  arguments_.push_back(nullptr);
  paths_ = candidates(words_.front());
}

int Command::execute(char* const* environment) const {
  int error = ENOENT;
  for (const std::string& path : paths_) {
    ::execve(path.c_str(), arguments_.data(), environment);
    if (errno == ENOENT || errno == ENOTDIR) continue;
    error = errno;
    // Another folder of PATH may have one that may be executed.
    if (error != EACCES) break;
  }
  return error;
}

int replace_process(const Command& command, const sigset_t& mask) {
  close_descriptors_on_exec();
  return become(command, mask, environ);
}

Spawned spawn(const Command& command, const sigset_t& mask, bool foreground) {
  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0) return {0, errno, false};
  close_descriptors_on_exec();
  const pid_t child = ::fork();
  if (child == 0) run_child(command, mask, environ, foreground, report[1]);
  const int fork_error = errno;
  ::close(report[1]);
  int error = 0;
  if (child > 0) {
    // Here as well: a signal to the group may be sent before the child has come to it.
    ::setpgid(child, child);
    error = read_report(report[0]);
    if (error != 0) ::waitpid(child, nullptr, 0);
  }
  ::close(report[0]);
  if (child < 0) return {0, fork_error, false};
  return {error == 0 ? child : 0, error, true};
}

core::ExitCode code_of(int exec_error) {
  const bool missing = exec_error == ENOENT || exec_error == ENOTDIR;
  return missing ? core::ExitCode::no_command : core::ExitCode::cannot_execute;
}

std::string describe_failure(const std::string& program, int exec_error) {
  std::string text = "cannot execute \"" + program + "\": " + std::strerror(exec_error);
  const bool is_path = program.find('/') != std::string::npos;
  if (exec_error == ENOENT && is_path && ::access(program.c_str(), F_OK) == 0) {
    return text + ". The file is there: its interpreter (first line) or dynamic loader is not";
  }
  if (exec_error == ENOENT && !is_path) {
    return text + ". It is in no folder of PATH; name it with its path";
  }
  if (exec_error == ENOENT || exec_error == ENOTDIR) {
    return text + ". Is it in the image, at this path?";
  }
  if (exec_error == EACCES) {
    return text + ". Is it a file that this user may execute, on a volume that is not noexec?";
  }
  if (exec_error == ENOEXEC) return text + ". Is it built for this machine?";
  return text;
}

}  // namespace waiter::run
