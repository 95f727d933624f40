// What could be done to hold the command together and to show it its service account, as a value
// that can be told to the user.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/run/subject/launch.hpp"

namespace fakeapi::run {

struct Isolation {
  /// Process 1 of the command's PID namespace is ours: the kernel ends all others with it. Without
  /// it a guardian does the same, as long as nobody kills the guardian with SIGKILL.
  bool pid_namespace = false;
  /// Made in a user namespace: the command has its user's number as before and no rights beyond
  /// it; setuid programs (sudo) give none.
  bool user_namespace = false;
  /// The service-account directory is at its fixed path, for the command alone.
  bool mounts = false;
  /// What is weaker than it could be, why, and what to do: one line each; empty when all is well.
  std::vector<std::string> why_not;
};

}  // namespace fakeapi::run

namespace fakeapi::run::subject {

/// A way that was tried in vain.
struct Refused {
  Way way = Way::namespaces;
  std::string why;
};

/// Why it was, with what can be done about it. Step::none: the kernel made no such process.
std::string refusal_text(Way way, Step step, int error);

/// The line for something that the reaper could not do.
std::string degraded_line(const News& news, const std::string& mount_point,
                          const std::string& shadowed);

/// Before any news: what follows from the way that was taken. `is_root`: who would have had rights
/// that a user namespace takes; `mount_point` is empty where nothing is to be mounted.
Isolation isolation_of(Way way, const std::vector<Refused>& refused, bool is_root,
                       const std::string& mount_point);

/// No program ran: what failed, and what to do.
std::string not_started_text(const std::string& program, Step step, int error);

}  // namespace fakeapi::run::subject
