// The requests that make up a cluster's life, in the shape in which they were recorded against a
// real API server: bodies hold only what a user or kubelet sends.
#pragma once

#include <cstdint>
#include <string>

#include "fakeapi/scenario/model.hpp"
#include "fakeapi/scenario/timeline.hpp"

namespace fakeapi::scenario {

/// The Node on which every Pod of a scenario is.
inline constexpr const char* node_name = "node-a";

/// Whether an API server has this namespace from its start: then it is not created.
bool exists_from_start(std::string_view namespace_name);

Operate post_namespace(const std::string& name);
/// With a selector for the label app=NAME; each port goes to the same number of the Pods.
Operate post_service(const std::string& namespace_name, const Service& service);
Operate post_pod(const std::string& namespace_name, const Service& service, const std::string& pod);
/// What kubelet reports of a running Pod.
Operate patch_pod_status(const std::string& namespace_name, const std::string& pod,
                         const std::string& address, bool ready);
/// 30 s: the Pod is terminating. 0: it is gone at once.
Operate delete_pod(const std::string& namespace_name, const std::string& pod,
                   int grace_period_seconds);

}  // namespace fakeapi::scenario
