// Pods that a file gives as objects: like those of a recorded trace, they listen while their own
// Ready condition is True.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/scenario/model.hpp"
#include "fakeapi/scenario/recording/trace_pods.hpp"

namespace fakeapi::scenario {

class AppliedPods {
 public:
  /// Learns the Services of all that the scenario will ever apply.
  explicit AppliedPods(const Scenario& scenario);

  /// What ceases and begins to listen when this object is as given, or not there any more.
  std::vector<Listen> applied(const nlohmann::json& object);
  std::vector<Listen> removed(const Remove& name);

  /// The Services that are applied, as lanes have them.
  std::vector<ServiceInfo> services() const;

 private:
  std::string own_namespace_;
  std::set<std::string> own_services_;
  std::set<std::string> own_;  // Pods of the scenario's Services: the World says what they do
  std::map<std::string, TracePods> namespaces_;
  std::set<std::string> there_;  // Pods, by namespace/name
};

}  // namespace fakeapi::scenario
