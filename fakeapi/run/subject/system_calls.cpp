#include "fakeapi/run/subject/system_calls.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace fakeapi::run::subject {
namespace {

constexpr unsigned first_extra_descriptor = STDERR_FILENO + 1;
// For kernels without close_range: a limit that a program may have raised to millions would cost
// seconds; who opens more than the usual hard limit of open files is not fakeapi.
constexpr unsigned descriptors_max = 65536;

unsigned descriptors_end() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return descriptors_max;
  return static_cast<unsigned>(std::min<rlim_t>(limit.rlim_cur, descriptors_max));
}

// [from, to)
void close_between(unsigned from, unsigned to) {
  if (from >= to) return;
#ifdef SYS_close_range  // Linux 5.9
  if (::syscall(SYS_close_range, from, to - 1, 0) == 0) return;
#endif
  for (unsigned fd = from; fd < std::min(to, descriptors_end()); ++fd)
    ::close(static_cast<int>(fd));
}

int lift(int fd) {
  if (fd > STDERR_FILENO) return fd;
  const int lifted = ::fcntl(fd, F_DUPFD_CLOEXEC, first_extra_descriptor);
  ::close(fd);
  return lifted;
}

}  // namespace

pid_t copy_process(unsigned long namespaces) {
  const unsigned long flags = namespaces | SIGCHLD;
  // The order of the last arguments differs among architectures; all are 0.
#ifdef __s390x__
  return static_cast<pid_t>(::syscall(SYS_clone, nullptr, flags, nullptr, nullptr, nullptr));
#else
  return static_cast<pid_t>(::syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
#endif
}

bool open_pipe(int (&ends)[2]) {
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  for (int& end : ends) end = lift(end);
  if (ends[0] >= 0 && ends[1] >= 0) return true;
  const int error = errno;
  for (const int end : ends) {
    if (end >= 0) ::close(end);
  }
  errno = error;
  return false;
}

void close_all_but(int (&kept)[3]) {
  std::sort(kept, kept + 3);
  unsigned from = first_extra_descriptor;
  for (const int fd : kept) {
    if (fd < static_cast<int>(from)) continue;
    close_between(from, static_cast<unsigned>(fd));
    from = static_cast<unsigned>(fd) + 1;
  }
  close_between(from, ~0U);
}

void reset_dispositions() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number <= SIGRTMAX; ++number) {
    struct sigaction given {};
    if (::sigaction(number, nullptr, &given) != 0) continue;
    const bool ignored = given.sa_handler == SIG_IGN && number != SIGPIPE && number != SIGCHLD;
    if (!ignored) ::sigaction(number, &standard, nullptr);
  }
}

int write_text(const char* path, const char* text, std::size_t size) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  const int error = ::write(fd, text, size) < 0 ? errno : 0;
  ::close(fd);
  return error;
}

}  // namespace fakeapi::run::subject
