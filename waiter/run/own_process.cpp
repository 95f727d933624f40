#include "waiter/run/own_process.hpp"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

namespace waiter::run {
namespace {

constexpr const char* openssl_conf = "OPENSSL_CONF";
constexpr int first_extra_descriptor = STDERR_FILENO + 1;
// Where not even /proc is there: the usual soft limit of open files.
constexpr int descriptors_max = 1024;

/// Dispositions and environment belong to the process, of which there is one.
struct Given {
  bool known = false;
  struct sigaction on_pipe {};
  struct sigaction on_child {};
  bool openssl_conf_is_ours = false;
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
  given.openssl_conf_is_ours = std::getenv(openssl_conf) == nullptr;
  ::setenv(openssl_conf, "/dev/null", 0);
  given.known = true;
}

void give_back_dispositions() {
  if (!given.known) return;
  ::sigaction(SIGPIPE, &given.on_pipe, nullptr);
  ::sigaction(SIGCHLD, &given.on_child, nullptr);
}

std::vector<char*> given_environment() {
  const std::size_t name_size = std::strlen(openssl_conf);
  std::vector<char*> variables;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const bool is_conf =
        std::strncmp(*variable, openssl_conf, name_size) == 0 && (*variable)[name_size] == '=';
    if (!is_conf || !given.openssl_conf_is_ours) variables.push_back(*variable);
  }
  variables.push_back(nullptr);
  return variables;
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
