#include "fakeapi/run/subject/orphans.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fakeapi::run::subject {
namespace {

// A process of another user (a setuid program) may not be killed; it may end by itself.
constexpr int patience_ms = 5'000;
constexpr int pause_ms = 10;
constexpr pid_t pid_max_max = 4 * 1024 * 1024;  // PID_MAX_LIMIT on 64 bits (proc(5))

struct Pass {
  int killed = 0;
  int refused = 0;
};

// 0 where the name is no number.
pid_t number_of(const char* name) {
  std::int64_t number = 0;
  for (; *name != '\0'; ++name) {
    if (*name < '0' || *name > '9' || number > pid_max_max) return 0;
    number = number * 10 + (*name - '0');
  }
  return static_cast<pid_t>(number);
}

// Only a child: its number cannot be another process's before this one has reaped it. waitid knows
// who is a child whatever /proc shows, which may be that of another PID namespace.
void kill_if_child(pid_t process, Pass& pass) {
  siginfo_t ignored{};
  if (::waitid(P_PID, static_cast<id_t>(process), &ignored, WEXITED | WNOHANG | WNOWAIT | __WALL))
    return;
  if (::kill(process, SIGKILL) == 0) {
    ++pass.killed;
  } else {
    ++pass.refused;
  }
}

// proc(5), getdents(2): the folders of /proc that are numbers.
Pass kill_children_in_proc() {
  Pass pass;
  const int folder = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return pass;
  alignas(std::uint64_t) char buffer[8192];
  for (;;) {
    const long size = ::syscall(SYS_getdents64, folder, buffer, sizeof buffer);
    if (size <= 0) break;
    for (long at = 0; at < size;) {
      // struct linux_dirent64: inode, offset (8 bytes each), length (2), type (1), name.
      std::uint16_t length = 0;
      std::memcpy(&length, buffer + at + 16, sizeof length);
      const pid_t process = number_of(buffer + at + 19);
      if (process > 0) kill_if_child(process, pass);
      at += length;
    }
  }
  ::close(folder);
  return pass;
}

// Without a /proc of our numbers: each number is asked for, two seconds at the most.
Pass kill_children_by_number() {
  Pass pass;
  for (pid_t process = 1; process < pid_max_max; ++process) kill_if_child(process, pass);
  return pass;
}

Pass kill_children() {
  const Pass pass = kill_children_in_proc();
  return pass.killed + pass.refused > 0 ? pass : kill_children_by_number();
}

// Whether any child is left.
bool reap(int flags, OnReaped on_reaped, void* context) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(-1, &status, flags | __WALL);
    if (ended > 0) {
      on_reaped(context, ended, status);
      flags = WNOHANG;
    } else if (ended == 0 || errno != EINTR) {
      return ended == 0;
    }
  }
}

}  // namespace

int end_descendants(bool is_process_1, OnReaped on_reaped, void* context) {
  // Asked for again: anywhere else the -1 would be every process of the user.
  if (is_process_1 && ::getpid() == 1) {
    ::kill(-1, SIGKILL);  // all of the namespace but this one (kill(2))
    while (reap(0, on_reaped, context)) {
    }
    return 0;
  }
  // Whoever has descendants has children, and what those leave behind become children: none left
  // means that there is no descendant.
  int waited_ms = 0;
  while (reap(WNOHANG, on_reaped, context)) {
    const Pass pass = kill_children();
    if (pass.killed > 0 && pass.refused == 0) {
      if (!reap(0, on_reaped, context)) return 0;
      continue;
    }
    if (waited_ms >= patience_ms) return pass.refused;
    ::poll(nullptr, 0, pause_ms);
    waited_ms += pause_ms;
  }
  return 0;
}

}  // namespace fakeapi::run::subject
