// A directory at a fixed path that may not exist, for one process tree only. What would have to be
// made on the host is made in a tmpfs that shadows the deepest folder that exists and holds all of
// its entries. Planned where memory may be taken, carried out by system calls in the new process,
// inside its own mount namespace.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <variant>
#include <vector>

#include "fakeapi/run/subject/news.hpp"

namespace fakeapi::run::subject {

struct MountPlan {
  struct Entry {
    enum class Kind { folder, file, symlink };
    Kind kind = Kind::file;
    std::string name;
    std::string path;  // where it is to be seen
    std::string link;  // a symlink's text
  };

  std::string source;
  std::string target;    // a real path: no part of it is a symlink
  std::string shadowed;  // empty where the target exists
  std::vector<Entry> entries;
  std::vector<std::string> folders;  // the missing ones, outermost first
  std::string tmpfs_options;
  uid_t owner = 0;
  gid_t group = 0;
  bool writable = false;  // for us, on the host
};

/// How `source` can be seen at `wanted`, or why not. A tmpfs replaces a folder for the command: a
/// new file in it is the command's alone and vanishes, and one of its entries cannot be renamed or
/// removed.
std::variant<MountPlan, std::string> plan_mounts(const std::string& source,
                                                 const std::string& wanted);

struct MountOutcome {
  Step failed = Step::none;  // none: `source` is at its place
  int error = 0;
  int entries_left_out = 0;
  int entry_error = 0;  // of the first one
};

/// Only system calls. Mounts must be private already. Where it fails, nothing is mounted. The
/// working directory stays.
MountOutcome carry_out(const MountPlan& plan);

}  // namespace fakeapi::run::subject
