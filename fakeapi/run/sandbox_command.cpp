#include "fakeapi/run/sandbox_command.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

#include "fakeapi/run/exit_code.hpp"
#include "fakeapi/run/sandbox.hpp"

namespace fakeapi::run {

int sandbox(const std::vector<std::string>& command) {
  if (const auto error = enter_sandbox()) {
    std::fprintf(stderr, "fakeapi: %s\n", error->message.c_str());
    return static_cast<int>(ExitCode::internal);
  }
  std::vector<char*> arguments;
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments.front(), arguments.data());
  const int failed = errno;
  std::fprintf(stderr, "fakeapi: cannot run %s: %s\n", command.front().c_str(),
               std::strerror(failed));
  constexpr int not_executable = 126;
  constexpr int not_found = 127;
  return failed == ENOENT ? not_found : not_executable;
}

}  // namespace fakeapi::run
