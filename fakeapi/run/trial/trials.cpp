#include "fakeapi/run/trial/trials.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/lanes/html.hpp"
#include "fakeapi/lanes/picture.hpp"
#include "fakeapi/lanes/svg.hpp"
#include "fakeapi/lanes/text.hpp"
#include "fakeapi/run/files.hpp"
#include "fakeapi/run/load_file.hpp"
#include "fakeapi/run/sandbox.hpp"
#include "fakeapi/run/trial/junit.hpp"

namespace fakeapi::run {
namespace {

void say(const std::string& line) { std::fprintf(stderr, "fakeapi: %s\n", line.c_str()); }

ExitCode fail(const Failure& failure) {
  say(failure.message);
  return failure.code;
}

/// As a shell would take it.
std::string quoted(const std::string& word) {
  const bool plain =
      !word.empty() && word.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                           "-_=+.,:/@%") == std::string::npos;
  if (plain) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string command_text(const std::vector<std::string>& command) {
  std::string text;
  for (const std::string& word : command) text += (text.empty() ? "" : " ") + quoted(word);
  return text;
}

class Trials {
 public:
  explicit Trials(RunOptions options) : options_(std::move(options)) {}

  ExitCode run() {
    if (const auto code = load()) return *code;
    if (const auto failure = prepare()) return fail(*failure);
    for (std::size_t i = 0; i < scenarios_.size(); ++i) {
      for (int round = 0; round < options_.repeat; ++round) {
        if (const auto failure = run_one(i, round)) return fail(*failure);
      }
    }
    return conclude();
  }

 private:
  std::optional<ExitCode> load() {
    bool good = true;
    for (const std::string& path : options_.scenarios) {
      auto loaded = load_file(path);
      if (auto* scenario = std::get_if<scenario::Scenario>(&loaded)) {
        scenarios_.push_back(std::move(*scenario));
        continue;
      }
      for (const std::string& problem : std::get<std::vector<std::string>>(loaded)) say(problem);
      good = false;
    }
    return good ? std::nullopt : std::optional(ExitCode::usage);
  }

  std::optional<Failure> prepare() {
    if (!options_.report.empty() && ::mkdir(options_.report.c_str(), 0755) != 0 &&
        errno != EEXIST) {
      return Failure{ExitCode::usage, fmt::format("cannot make the folder {}: {}", options_.report,
                                                  std::strerror(errno))};
    }
    const bool listens = std::any_of(scenarios_.begin(), scenarios_.end(), anything_listens);
    const PodNetwork wanted = options_.pods.value_or(PodNetwork::real);
    options_.server.pods = wanted;
    if (!listens || wanted != PodNetwork::real || pod_network_is_here()) return std::nullopt;
    const auto error = enter_sandbox();
    if (!error) return std::nullopt;
    if (options_.pods) return Failure{ExitCode::internal, error->message};
    say(error->message + "; so Pods listen at 127.20.x.y here, and Endpoints hold such addresses");
    options_.server.pods = PodNetwork::loopback;
    return std::nullopt;
  }

  std::optional<Failure> run_one(std::size_t index, int round) {
    const scenario::Scenario& scenario = scenarios_[index];
    TrialOptions trial;
    trial.command = options_.command;
    trial.seed = options_.seed.value_or(scenario.seed) + static_cast<std::uint64_t>(round);
    trial.server = options_.server;
    if (!options_.report.empty()) trial.server.events = report_path(scenario, trial.seed, ".jsonl");
    if (!options_.quiet)
      say(fmt::format("{} (seed {}): {}", scenario.name, trial.seed, scenario.about));
    auto result = run_trial(scenario, trial, [this](const std::string& line) {
      if (!options_.quiet) say(line);
    });
    if (auto* failure = std::get_if<Failure>(&result)) return std::move(*failure);
    Verdict verdict = std::get<Verdict>(std::move(result));
    tell(verdict, index);
    if (const auto failure = write_report(scenario, verdict)) return failure;
    verdict.events.clear();
    verdicts_.push_back(std::move(verdict));
    return std::nullopt;
  }

  void tell(const Verdict& verdict, std::size_t index) const {
    if (verdict.findings.empty()) return show(verdict);
    const auto met = std::count_if(verdict.findings.begin(), verdict.findings.end(),
                                   [](const auto& finding) { return finding.met; });
    say(fmt::format("{} {} (seed {}): {} of {} expectations met",
                    verdict.met() ? "PASSED" : "FAILED", verdict.scenario, verdict.seed, met,
                    verdict.findings.size()));
    for (const scenario::Finding& finding : verdict.findings) {
      say(fmt::format("  {}  {}: {}", finding.met ? "met    " : "NOT MET", finding.expectation,
                      finding.reason));
    }
    tell_habits(verdict);
    if (verdict.met()) return;
    say(fmt::format("  again:   fakeapi run --seed {} {} -- {}", verdict.seed,
                    quoted(options_.scenarios[index]), command_text(options_.command)));
  }

  static void tell_habits(const Verdict& verdict) {
    for (const scenario::Finding& habit : verdict.habits)
      say(fmt::format("  beside that, \"{}\" was not kept: {}", habit.expectation, habit.reason));
  }

  // Nothing was expected, so what happened is the answer.
  static void show(const Verdict& verdict) {
    const bool colour = ::isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    const lanes::TextStyle style{colour, 100};
    std::fputs(lanes::to_text(lanes::make_picture(verdict.events), style).c_str(), stderr);
    say(fmt::format("{} (seed {}) expects nothing; {}", verdict.scenario, verdict.seed,
                    verdict.how_it_ended));
    tell_habits(verdict);
  }

  std::string report_path(const scenario::Scenario& scenario, std::uint64_t seed,
                          const char* extension) const {
    const bool many = options_.repeat > 1;
    return fmt::format("{}/{}{}{}", options_.report, scenario.name,
                       many ? fmt::format("-seed{}", seed) : "", extension);
  }

  std::optional<Failure> write_report(const scenario::Scenario& scenario,
                                      const Verdict& verdict) const {
    if (options_.report.empty()) return std::nullopt;
    const lanes::Picture picture = lanes::make_picture(verdict.events);
    const std::pair<const char*, std::string> files[] = {
        {".html", lanes::to_html(verdict.events)},
        {".svg", lanes::to_svg(picture)},
        {".txt", lanes::to_text(picture, {false, 100})}};
    for (const auto& [extension, text] : files) {
      const auto error = write_file(report_path(scenario, verdict.seed, extension), text, 0644);
      if (error) return Failure{ExitCode::internal, error->message};
    }
    return std::nullopt;
  }

  ExitCode conclude() const {
    if (!options_.junit.empty()) {
      if (const auto error = write_file(options_.junit, to_junit(verdicts_), 0644))
        return fail({ExitCode::internal, error->message});
    }
    const auto met = std::count_if(verdicts_.begin(), verdicts_.end(),
                                   [](const Verdict& verdict) { return verdict.met(); });
    const bool all = met == static_cast<std::ptrdiff_t>(verdicts_.size());
    if (verdicts_.size() > 1) say(fmt::format("{} of {} runs passed", met, verdicts_.size()));
    return all ? ExitCode::ok : ExitCode::not_met;
  }

  RunOptions options_;
  std::vector<scenario::Scenario> scenarios_;
  std::vector<Verdict> verdicts_;
};

}  // namespace

ExitCode run(RunOptions options) { return Trials(std::move(options)).run(); }

}  // namespace fakeapi::run
