// Scenario files: any text is a scenario or has problems with places in it, and a scenario plays
// the same way twice.
#include <variant>

#include "fakeapi/scenario/load.hpp"
#include "fakeapi/scenario/world/words.hpp"
#include "fakeapi/scenario/world/world.hpp"
#include "fuzz/check.hpp"

namespace {

using namespace fakeapi::scenario;

// Manifests are what a file beside the scenario may hold as well.
std::variant<std::string, ReadError> read_manifest(const std::string& path) {
  if (path != "a") return ReadError{"cannot read " + path};
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: a}}\n---\nkind: List\n";
}

void check_times(const Timeline& timeline) {
  fakeapi::cluster::Duration before{};
  for (const Step& step : timeline.steps) {
    fuzz::check(step.at >= before, "steps come in the order of their times");
    before = step.at;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Loaded loaded = load_scenario(fuzz::text_of(data, size), "x.yaml", read_manifest);
  if (const auto* problems = std::get_if<std::vector<Problem>>(&loaded)) {
    fuzz::check(!problems->empty(), "a text that is no scenario has a problem");
    for (const Problem& problem : *problems)
      fuzz::check(problem.line >= 1 && problem.column >= 1, "a problem has a place");
    return 0;
  }
  const Scenario& scenario = std::get<Scenario>(loaded);
  fuzz::check(scenario.end > fakeapi::cluster::Duration{}, "a scenario ends");
  Report report("");
  const Timeline timeline = expand(scenario, scenario.seed, report);
  fuzz::check(report.empty(), "what was loaded can be played");
  check_times(timeline);
  check_times(expand(scenario, scenario.seed + 1, report));
  in_words(scenario);
  return 0;
}
