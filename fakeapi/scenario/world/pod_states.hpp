// Reads the `pods` of a step: which Pods, and in which state.
#pragma once

#include <vector>

#include "fakeapi/scenario/language/check.hpp"
#include "fakeapi/scenario/model.hpp"

namespace fakeapi::scenario {

/// What names are checked against. A null list of Pods: the Services are not understood, so no name
/// is called wrong.
struct KnownPods {
  const std::vector<PodName>* pods;
  const std::vector<Service>* services;
};

std::vector<PodEntry> read_pod_entries(const Node& node, const Checked& checked,
                                       const KnownPods& known, Report& report);

}  // namespace fakeapi::scenario
