// Text, tree, typed values, and once through all that happens at a time of its own: each stage runs
// only on what the one before understood fully, so that one mistake does not come back as ten.
#include "fakeapi/scenario/load.hpp"

#include "fakeapi/scenario/world/world.hpp"

namespace fakeapi::scenario {

std::string timeline_name(std::string_view file_name) {
  const auto slash = file_name.rfind('/');
  if (slash != std::string_view::npos) file_name.remove_prefix(slash + 1);
  return std::string(file_name.substr(0, file_name.rfind('.')));
}

std::variant<std::string, ReadError> no_files(const std::string& path) {
  return ReadError{"cannot read " + path};
}

Loaded load_scenario(std::string_view text, std::string_view file_name, const FileReader& files) {
  Report report(file_name);
  const Node root = parse_yaml(text, report);
  if (!report.empty()) return report.take();
  Scenario scenario = read_scenario(root, files, report);
  if (!report.empty()) return report.take();
  scenario.name = timeline_name(file_name);
  expand(scenario, scenario.seed, report);
  if (!report.empty()) return report.take();
  return scenario;
}

}  // namespace fakeapi::scenario
