// wait-for-endpoints: builds everything by hand, in order, and turns what is left into exit codes.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <unistd.h>

#include "waiter/cli/options.hpp"
#include "waiter/run/own_process.hpp"

namespace {

std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int run(int argc, char** argv) {
  waiter::run::prepare_own_process();
  auto parsed = waiter::cli::parse_options(argc, argv, environment_variable);
  if (const auto* answer = std::get_if<waiter::cli::Answer>(&parsed)) {
    std::fputs(answer->text.c_str(),
               answer->code == waiter::core::ExitCode::ready ? stdout : stderr);
    return static_cast<int>(answer->code);
  }
  return static_cast<int>(waiter::run::wait(std::get<waiter::run::Setup>(std::move(parsed))));
}

}  // namespace

int main(int argc, char** argv) {
  int code = static_cast<int>(waiter::core::ExitCode::internal);
  try {
    code = run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wait-for-endpoints: internal error: %s\n", error.what());
  }
  std::fflush(nullptr);
  ::_exit(code);  // what is left is memory: taking it apart costs more than the whole exit
}
