#include "fakeapi/run/trial/trials.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/lanes/event.hpp"
#include "fakeapi/lanes/html.hpp"
#include "fakeapi/lanes/picture.hpp"
#include "fakeapi/lanes/svg.hpp"
#include "fakeapi/lanes/text.hpp"
#include "fakeapi/run/files.hpp"
#include "fakeapi/run/load_file.hpp"
#include "fakeapi/run/sandbox.hpp"
#include "fakeapi/run/trial/again.hpp"
#include "fakeapi/run/trial/junit.hpp"
#include "fakeapi/scenario/world/world.hpp"

namespace fakeapi::run {
namespace {

void say(const std::string& line) { std::fprintf(stderr, "fakeapi: %s\n", line.c_str()); }

ExitCode fail(const Failure& failure) {
  say(failure.message);
  return failure.code;
}

std::vector<lanes::Event> events_of(const std::string& log) {
  auto parsed = lanes::parse_log(log);
  auto* events = std::get_if<std::vector<lanes::Event>>(&parsed);
  return events == nullptr ? std::vector<lanes::Event>() : std::move(*events);
}

/// Whether write_file() will be able to: it puts a new file in the place of the old.
bool can_write(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    return ::access(path.c_str(), W_OK) == 0;
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  return ::access(folder.c_str(), W_OK | X_OK) == 0;
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
    if (auto failure = prepare_report()) return failure;
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

  // What could not be written in the end is told before anything runs.
  std::optional<Failure> prepare_report() const {
    if (!options_.junit.empty() && !can_write(options_.junit))
      return cannot("write", options_.junit);
    if (options_.report.empty()) return std::nullopt;
    if (::mkdir(options_.report.c_str(), 0755) != 0 && errno != EEXIST)
      return cannot("make the folder", options_.report);
    if (::access((options_.report + "/").c_str(), W_OK | X_OK) != 0)
      return cannot("write into the folder", options_.report);
    std::map<std::string, std::string> paths;
    for (std::size_t i = 0; i < scenarios_.size(); ++i) {
      const auto [other, is_new] = paths.emplace(scenarios_[i].name, options_.scenarios[i]);
      if (is_new) continue;
      return Failure{ExitCode::usage,
                     fmt::format("--report: {} and {} would be written to the same files; give one "
                                 "of them another name, or a folder of its own",
                                 other->second, options_.scenarios[i])};
    }
    return std::nullopt;
  }

  static Failure cannot(const char* what, const std::string& path) {
    return {ExitCode::usage, fmt::format("cannot {} {}: {}", what, path, std::strerror(errno))};
  }

  std::optional<Failure> run_one(std::size_t index, int round) {
    const scenario::Scenario& scenario = scenarios_[index];
    TrialOptions trial;
    trial.command = options_.command;
    trial.seed = options_.seed.value_or(scenario.seed) + static_cast<std::uint64_t>(round);
    trial.server = options_.server;
    trial.keeps_log = !options_.report.empty();
    if (!options_.quiet)
      say(fmt::format("{} (seed {}): {}", scenario.name, trial.seed, scenario.about));
    if (auto failure = check_draws(index, trial.seed)) return failure;
    auto result = run_trial(scenario, trial, [this](const std::string& line) {
      if (!options_.quiet) say(line);
    });
    if (auto* failure = std::get_if<Failure>(&result)) return std::move(*failure);
    Verdict verdict = std::get<Verdict>(std::move(result));
    tell(verdict, index);
    if (const auto failure = write_report(scenario, verdict)) return failure;
    verdict.log.clear();
    verdicts_.push_back(std::move(verdict));
    return std::nullopt;
  }

  // Other draws may make impossible what the scenario's own seed, with which it was read, allows.
  std::optional<Failure> check_draws(std::size_t index, std::uint64_t seed) const {
    if (seed == scenarios_[index].seed) return std::nullopt;
    scenario::Report report(options_.scenarios[index]);
    scenario::expand(scenarios_[index], seed, report);
    if (report.empty()) return std::nullopt;
    return Failure{ExitCode::usage, fmt::format("{} (with seed {})",
                                                scenario::to_string(report.take().front()), seed)};
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
    say("  again:   " + again(options_, options_.scenarios[index], verdict.seed));
  }

  static void tell_habits(const Verdict& verdict) {
    for (const scenario::Finding& habit : verdict.habits)
      say(fmt::format("  beside that, \"{}\" was not kept: {}", habit.expectation, habit.reason));
  }

  // Nothing was expected, so what happened is the answer.
  static void show(const Verdict& verdict) {
    const bool colour = ::isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    const lanes::TextStyle style{colour, 100};
    std::fputs(lanes::to_text(lanes::make_picture(events_of(verdict.log)), style).c_str(), stderr);
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
    const std::vector<lanes::Event> events = events_of(verdict.log);
    const lanes::Picture picture = lanes::make_picture(events);
    const std::pair<const char*, std::string> files[] = {
        {".jsonl", verdict.log},
        {".html", lanes::to_html(events)},
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
