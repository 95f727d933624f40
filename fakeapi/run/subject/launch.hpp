// The step from fakeapi to the process beside the command: everything that takes memory is made
// ready before, as the copy of a process may only make system calls.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "fakeapi/run/subject/mounts.hpp"
#include "fakeapi/server/socket.hpp"

namespace fakeapi::run::subject {

/// What holds the command's descendants together; the better ones first.
enum class Way {
  namespaces,      // PID and mount namespace, by the rights of this process
  user_namespace,  // the same in a new user namespace, which gives the rights to anybody
  guardian         // a process that gets every orphan (PR_SET_CHILD_SUBREAPER) and kills them all
};

using Variables = std::vector<std::pair<std::string, std::string>>;

/// What exec needs, with pointers into itself: it stays where it is.
class Program {
 public:
  /// `command` has at least the program. `environment` replaces what this process has.
  Program(std::vector<std::string> command, const Variables& environment);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  const std::string& name() const { return words_.front(); }
  /// Returns only on failure, with errno. Only system calls.
  int execute() const;

 private:
  std::vector<std::string> words_;
  std::vector<std::string> variables_;
  std::vector<std::string> paths_;  // to be tried one after the other
  std::vector<char*> arguments_;
  std::vector<char*> environment_;
};

struct LaunchPlan {
  const Program* program = nullptr;
  std::optional<MountPlan> mounts;
  int output = -1;         // for standard output and error
  bool own_group = false;  // the command leads a process group
  std::string uid_map;     // for /proc/self/uid_map, gid_map
  std::string gid_map;
};

struct Launched {
  pid_t process = -1;     // a child of ours; in its namespace it has the number 1
  int error = 0;          // errno, where there is none
  server::UniqueFd life;  // everything ends when this is closed
  server::UniqueFd news;  // non-blocking
};

/// All signals are to be expected by the caller as before; SIGCHLD comes when the process, and with
/// it everything that it started, is gone.
Launched launch(const LaunchPlan& plan, Way way);

}  // namespace fakeapi::run::subject
