#include "fakeapi/run/scenarios_list.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/run/load_file.hpp"
#include "fakeapi/scenario/fault/words.hpp"

namespace fakeapi::run {
namespace {

namespace fs = std::filesystem;

constexpr const char* schema = "scenario.schema.json";  // what tells ours from any other folder
constexpr const char* extension = ".yaml";

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

std::string in_seconds(cluster::Duration duration) {
  return fmt::format("{:.3g}", std::chrono::duration<double>(duration).count());
}

// Without a window it is as long as there is something that happens.
std::string takes(const scenario::Scenario& scenario) {
  if (const auto& between = scenario.expect.between) {
    const std::string from = in_seconds(between->from.time_since_epoch());
    if (between->to == cluster::Instant::max()) return "from " + from + " s";
    return fmt::format("{} to {} s", from, in_seconds(between->to.time_since_epoch()));
  }
  cluster::Duration last{};
  for (const scenario::ScenarioStep& step : scenario.steps)
    last = std::max(last, scenario::nominal_time(step.timing).value_or(cluster::Duration{}));
  return in_seconds(last) + " s";
}

}  // namespace

ScenarioPlaces places_of_this_process(std::string named) {
  ScenarioPlaces places;
  places.named = std::move(named);
  if (const char* variable = std::getenv("FAKEAPI_SCENARIOS")) places.variable = variable;
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) places.program = program.string();
  return places;
}

std::optional<std::string> scenarios_folder(const ScenarioPlaces& places) {
  if (!places.named.empty()) return places.named;
  if (!places.variable.empty()) return places.variable;
  if (places.program.empty()) return std::nullopt;
  const fs::path bin = fs::path(places.program).parent_path();
  const fs::path installed = bin.parent_path() / "share/fakeapi/scenarios";
  if (is_file(installed / schema)) return installed.string();
  for (fs::path above = bin;; above = above.parent_path()) {
    if (is_file(above / "scenarios" / schema)) return (above / "scenarios").string();
    if (above == above.parent_path()) return std::nullopt;
  }
}

std::string shipped_or_path(const std::string& path, const ScenarioPlaces& places) {
  std::error_code ignored;
  const bool is_a_name =
      !path.empty() && path.find('/') == std::string::npos && path.find('.') == std::string::npos;
  if (!is_a_name || fs::exists(path, ignored)) return path;
  const auto folder = scenarios_folder(places);
  if (!folder) return path;
  const fs::path shipped = fs::path(*folder) / (path + extension);
  return is_file(shipped) ? shipped.string() : path;
}

ScenarioLine describe(const scenario::Scenario& scenario) {
  auto least = fault::Faithfulness::real;
  for (const fault::Fault& each : scenario.faults)
    least = std::max(least, fault::faithfulness(each.action));
  return {scenario.name, takes(scenario), std::string(fault::to_string(least)), scenario.about};
}

std::variant<std::vector<ScenarioLine>, std::string> list_scenarios(const std::string& folder) {
  std::error_code failed;
  std::vector<std::string> paths;
  for (fs::directory_iterator next(folder, failed), end; !failed && next != end;
       next.increment(failed)) {
    if (next->path().extension() == extension) paths.push_back(next->path().string());
  }
  if (failed) return fmt::format("cannot read the folder {}: {}", folder, failed.message());
  if (paths.empty()) return fmt::format("there are no scenarios (*{}) in {}", extension, folder);
  std::sort(paths.begin(), paths.end());
  std::vector<ScenarioLine> lines;
  for (const std::string& path : paths) {
    const auto loaded = load_file(path);
    if (const auto* problems = std::get_if<std::vector<std::string>>(&loaded))
      return problems->front();
    lines.push_back(describe(std::get<scenario::Scenario>(loaded)));
  }
  return lines;
}

ExitCode print_scenarios(const ScenarioPlaces& places) {
  const auto folder = scenarios_folder(places);
  const auto listed = folder ? list_scenarios(*folder)
                             : "the shipped scenarios are not beside this program: name their "
                               "folder with --dir or FAKEAPI_SCENARIOS";
  if (const auto* error = std::get_if<std::string>(&listed)) {
    std::fprintf(stderr, "fakeapi: %s\n", error->c_str());
    return ExitCode::usage;
  }
  const auto& lines = std::get<std::vector<ScenarioLine>>(listed);
  ScenarioLine widest;
  for (const ScenarioLine& line : lines) {
    if (line.name.size() > widest.name.size()) widest.name = line.name;
    if (line.takes.size() > widest.takes.size()) widest.takes = line.takes;
    if (line.faithful.size() > widest.faithful.size()) widest.faithful = line.faithful;
  }
  for (const ScenarioLine& line : lines) {
    const std::string text =
        fmt::format("{:<{}}  {:>{}}  {:<{}}  {}\n", line.name, widest.name.size(), line.takes,
                    widest.takes.size(), line.faithful, widest.faithful.size(), line.about);
    std::fputs(text.c_str(), stdout);
  }
  std::fprintf(stderr, "fakeapi: %zu scenarios in %s\n", lines.size(), folder->c_str());
  return ExitCode::ok;
}

}  // namespace fakeapi::run
