// Reads one entry of `timeline`, which may come to several steps: a restart or a rolling update is
// a story of its own.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fakeapi/scenario/world/pod_states.hpp"

namespace fakeapi::scenario {

std::vector<ScenarioStep> read_step(const Node& node, const Checked& checked,
                                    const KnownPods& known, const std::string& namespace_name,
                                    Report& report);

/// A step in JSON or YAML that has no time, for the world of a scenario; or what is wrong with it,
/// with line and column. What would take time (a restart, an update) belongs into a file.
std::variant<std::vector<ScenarioStep>, std::string> read_single_step(std::string_view text,
                                                                      const Scenario& scenario);

/// A Kubernetes object for `apply`: it has a kind, a name and, unless its kind has none, a
/// namespace, which is the scenario's where it says nothing. Lists become their items.
void add_objects(nlohmann::json object, const std::string& namespace_name, Place place,
                 std::vector<std::shared_ptr<const nlohmann::json>>& objects, Report& report);

}  // namespace fakeapi::scenario
