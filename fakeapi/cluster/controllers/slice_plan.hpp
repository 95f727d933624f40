// Which slices a Service should have, given those it has: as few writes as possible, as the real
// reconciler does it. It decides; the controller writes.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/store.hpp"

namespace fakeapi::cluster {

/// A slice to be written: its whole content. Without a name it is created.
struct SliceDraft {
  std::string name;
  std::shared_ptr<nlohmann::json> content;
};

struct SlicePlan {
  std::vector<SliceDraft> create;
  std::vector<SliceDraft> update;
  std::vector<ObjectPtr> remove;
};

/// For one address family. `existing` are the slices of this Service and family that this
/// controller manages.
SlicePlan plan_slices(const Store& store, const Object& service, const std::vector<ObjectPtr>& pods,
                      const std::vector<ObjectPtr>& existing, const std::string& family);

/// The labels that a slice of the Service has.
nlohmann::json slice_labels(const nlohmann::json& service);

inline constexpr const char* slice_controller_name = "endpointslice-controller.k8s.io";

}  // namespace fakeapi::cluster
