// RBAC: may this user do that, by the Role, ClusterRole and binding objects as they are now
// (plugin/pkg/auth/authorizer/rbac; component-helpers/auth/rbac).
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/access/identity.hpp"
#include "fakeapi/cluster/api/route.hpp"
#include "fakeapi/cluster/store.hpp"

namespace fakeapi::cluster::rbac {

struct Decision {
  bool allowed = false;
  /// Why: the binding that allows it, or the roles that bindings name and that do not exist.
  std::string reason;
};

/// Without a reason, which every request would pay for and only a review or a refusal tells.
bool is_allowed(const Store& store, const Identity& user, const Attributes& attributes);
Decision authorize(const Store& store, const Identity& user, const Attributes& attributes);

/// All rules that hold for the user in a namespace, and those of the whole cluster.
std::vector<nlohmann::json> rules_for(const Store& store, const Identity& user,
                                      const std::string& namespace_name);

}  // namespace fakeapi::cluster::rbac
