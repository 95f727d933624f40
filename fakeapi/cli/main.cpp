// fakeapi: turns what is left into exit codes.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "fakeapi/cli/commands.hpp"
#include "fakeapi/run/exit_code.hpp"

int main(int argc, char** argv) {
  ::setenv("OPENSSL_CONF", "/dev/null",
           0);  // nothing in the system's openssl.cnf is meant for a fake
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return fakeapi::cli::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fakeapi: internal error: %s\n", error.what());
    return static_cast<int>(fakeapi::run::ExitCode::internal);
  }
}
