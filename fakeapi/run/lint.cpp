#include "fakeapi/run/lint.hpp"

#include <cstdio>
#include <variant>

#include <fmt/format.h>

#include "fakeapi/run/files.hpp"
#include "fakeapi/run/load_file.hpp"
#include "fakeapi/scenario/expect/judge.hpp"
#include "fakeapi/scenario/world/words.hpp"

namespace fakeapi::run {
namespace {

using Loaded = std::variant<scenario::Scenario, std::vector<std::string>>;

Loaded load(const std::string& file) {
  if (file != "-") return load_file(file);
  const auto read = read_file("/dev/stdin");
  if (const auto* error = std::get_if<FileError>(&read)) return std::vector{error->message};
  return load_text(std::get<std::string>(read), file);
}

std::string counted(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string summary(const scenario::Scenario& scenario) {
  std::size_t steps = 0;
  for (const scenario::ScenarioStep& step : scenario.steps)
    steps += static_cast<std::size_t>(step.timing.times);
  // Nothing happened yet: there is one finding for each expectation all the same.
  const std::size_t expectations = scenario::judge(scenario.expect, {}).size();
  return counted(steps, "step") + ", " + counted(scenario.faults.size(), "fault") + ", " +
         counted(expectations, "expectation");
}

}  // namespace

ExitCode lint(const LintOptions& options) {
  ExitCode code = ExitCode::ok;
  for (const std::string& file : options.files) {
    const Loaded loaded = load(file);
    if (const auto* problems = std::get_if<std::vector<std::string>>(&loaded)) {
      for (const std::string& problem : *problems) std::fprintf(stderr, "%s\n", problem.c_str());
      code = ExitCode::usage;
      continue;
    }
    const auto& scenario = std::get<scenario::Scenario>(loaded);
    std::printf("%s: %s\n", file.c_str(), summary(scenario).c_str());
    if (!options.show) continue;
    for (const std::string& line : scenario::in_words(scenario)) std::printf("%s\n", line.c_str());
  }
  if (std::fflush(stdout) == 0) return code;
  std::fputs("fakeapi: standard output cannot be written\n", stderr);
  return ExitCode::internal;
}

}  // namespace fakeapi::run
