// wait-for-endpoints: builds everything by hand, in order, and turns what is left into exit codes.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <unistd.h>

#include "waiter/cli/options.hpp"
#include "waiter/run/install.hpp"
#include "waiter/run/own_process.hpp"
#include "waiter/run/wait.hpp"

namespace {

using waiter::core::ExitCode;

std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> own_variables() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (text.rfind("WFE_", 0) == 0) names.emplace_back(text.substr(0, text.find('=')));
  }
  return names;
}

ExitCode print(ExitCode code, const std::string& text) {
  std::FILE* stream = code == ExitCode::ready ? stdout : stderr;
  const bool written = std::fputs(text.c_str(), stream) >= 0 && std::fflush(stream) == 0;
  return written ? code : ExitCode::internal;
}

ExitCode carry_out(waiter::cli::Answer answer) { return print(answer.code, answer.text); }
ExitCode carry_out(waiter::cli::Wait wait) { return waiter::run::wait(std::move(wait.setup)); }
ExitCode carry_out(waiter::run::ExecOptions options) {
  return waiter::run::exec(std::move(options));
}
ExitCode carry_out(waiter::run::GuardOptions options) {
  return waiter::run::guard(std::move(options));
}
ExitCode carry_out(const waiter::cli::Probe& probe) {
  return waiter::run::probe(probe.path, probe.port);
}
ExitCode carry_out(const waiter::cli::Install& install) {
  const auto error = waiter::run::install(install.directory);
  if (!error) return ExitCode::ready;
  return print(ExitCode::usage, "wait-for-endpoints: " + *error + "\n");
}

ExitCode run(int argc, char** argv) {
  waiter::run::prepare_own_process();
  auto plan = waiter::cli::parse_options({argv + (argc > 0 ? 1 : 0), argv + argc},
                                         environment_variable, own_variables());
  return std::visit([](auto& what) { return carry_out(std::move(what)); }, plan);
}

}  // namespace

int main(int argc, char** argv) {
  auto code = ExitCode::internal;
  try {
    code = run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wait-for-endpoints: internal error: %s\n", error.what());
  }
  std::fflush(nullptr);
  // What is left is memory: taking it apart costs more than the whole exit.
  ::_exit(static_cast<int>(code));
}
