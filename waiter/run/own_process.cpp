#include "waiter/run/own_process.hpp"

#include <csignal>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

namespace waiter::run {
namespace {

constexpr int first_extra_descriptor = STDERR_FILENO + 1;
// Where not even /proc is there: the usual soft limit of open files.
constexpr int descriptors_max = 1024;

/// Dispositions belong to the process, of which there is one.
struct Given {
  bool known = false;
  struct sigaction on_pipe {};
  struct sigaction on_child {};
};
Given given;

void close_on_exec(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

}  // namespace

void prepare_own_process() {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(SIGPIPE, &ignore, &given.on_pipe);
  ::sigaction(SIGCHLD, &standard, &given.on_child);
  given.known = true;
}

void give_back_dispositions() {
  if (!given.known) return;
  ::sigaction(SIGPIPE, &given.on_pipe, nullptr);
  ::sigaction(SIGCHLD, &given.on_child, nullptr);
}

void close_descriptors_on_exec() {
  if (::close_range(first_extra_descriptor, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  close_listed_descriptors_on_exec();
}

void close_listed_descriptors_on_exec() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (!folder) {
    for (int number = first_extra_descriptor; number < descriptors_max; ++number) {
      close_on_exec(number);
    }
    return;
  }
  while (const dirent* entry = ::readdir(folder.get())) {
    const int number = std::atoi(entry->d_name);  // "." and ".." are 0
    if (number >= first_extra_descriptor) close_on_exec(number);
  }
}

}  // namespace waiter::run
