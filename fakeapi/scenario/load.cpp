// Text, tree, typed values, states, operations: each stage runs only on what the one before
// understood fully, so that one mistake does not come back as ten.
#include "fakeapi/scenario/load.hpp"

#include "fakeapi/scenario/expand.hpp"
#include "fakeapi/scenario/read.hpp"

namespace fakeapi::scenario {

std::string timeline_name(std::string_view file_name) {
  const auto slash = file_name.rfind('/');
  if (slash != std::string_view::npos) file_name.remove_prefix(slash + 1);
  return std::string(file_name.substr(0, file_name.rfind('.')));
}

Loaded load_scenario(std::string_view text, std::string_view file_name) {
  Report report(file_name);
  const Node root = parse_yaml(text, report);
  if (!report.empty()) return report.take();
  const Scenario scenario = read_scenario(root, report);
  if (!report.empty()) return report.take();
  const std::vector<PodName> pods = pods_of(scenario);
  const std::vector<ResolvedStep> steps = resolve(scenario, pods, report);
  if (!report.empty()) return report.take();
  Timeline timeline = expand(scenario, pods, steps);
  timeline.name = timeline_name(file_name);
  return timeline;
}

}  // namespace fakeapi::scenario
