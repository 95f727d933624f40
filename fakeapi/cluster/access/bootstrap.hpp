// The RBAC objects that a cluster has from the start (plugin/pkg/auth/authorizer/rbac/
// bootstrappolicy): who may look around, who may do everything. Only those that a client meets.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/user.hpp"

namespace fakeapi::cluster {

struct BootstrapObject {
  const char* plural;
  nlohmann::json object;  // in its stored form
};

/// `users` with the right to read endpoints are bound to a ClusterRole for that.
std::vector<BootstrapObject> bootstrap_policy(const std::vector<User>& users);

}  // namespace fakeapi::cluster
