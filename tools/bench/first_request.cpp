// first_request COMMAND [ARGUMENT...]: how long it takes from the start of a server's process until
// its first answer over TLS. The command prints a line with its URL when it listens. Printed are
// the milliseconds; the server is ended again.
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <spawn.h>
#include <string>
#include <sys/wait.h>

#include "tools/bench/tls_client.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Child {
  pid_t pid = -1;
  int output = -1;
};

Child start(char** command) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return {};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addclose(&actions, pipe[0]);
  ::posix_spawn_file_actions_addclose(&actions, pipe[1]);
  Child child;
  child.output = pipe[0];
  if (::posix_spawn(&child.pid, command[0], &actions, nullptr, command, environ) != 0)
    child.pid = -1;
  ::close(pipe[1]);
  return child;
}

std::string first_line(int fd) {
  std::string line;
  std::array<char, 4096> bytes{};
  while (line.find('\n') == std::string::npos) {
    const ssize_t got = ::read(fd, bytes.data(), bytes.size());
    if (got <= 0) break;
    line.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  // What is the client's own is made before the clock starts.
  SSL_CTX* context = bench::make_client_context();
  const auto begin = Clock::now();
  const Child child = start(argv + 1);
  if (child.pid < 0) return 3;
  bool answered = false;
  if (const auto port = bench::port_of(first_line(child.output)); port != 0) {
    bench::TlsClient client(context, port);
    answered = client.handshake() &&
               client.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n") &&
               client.read().starts_with("HTTP/1.1 200 ");
  }
  const std::chrono::duration<double, std::milli> taken = Clock::now() - begin;
  ::kill(child.pid, SIGTERM);
  ::waitpid(child.pid, nullptr, 0);
  if (!answered) return 3;
  std::printf("%.3f\n", taken.count());
  return 0;
}
