// Reads the `pods` of a step: which Pods, and in which state.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/scenario/language/check.hpp"
#include "fakeapi/scenario/model.hpp"

namespace fakeapi::scenario {

/// How many Pods a Service has from a time on.
struct ScaleAt {
  cluster::Duration at{};
  std::string service;
  int pods = 0;
};

/// What names are checked against. A null list of Pods: the Services are not understood, so no name
/// is called wrong.
struct KnownPods {
  const std::vector<PodName>* pods;
  const std::vector<Service>* services;
  const std::vector<ScaleAt>* scales = nullptr;  // of the whole file
};

std::vector<PodEntry> read_pod_entries(const Node& node, const Checked& checked,
                                       const KnownPods& known, Report& report);

}  // namespace fakeapi::scenario
