// The rights that waiting needs, as objects that `kubectl apply` takes.
#pragma once

#include <string>
#include <vector>

#include "waiter/core/engine.hpp"

namespace waiter::cli {

struct Grantee {
  std::string service_account;
  std::string namespace_name;
};

/// A Role and a RoleBinding for each namespace, in YAML. EndpointSlices carry generated names, so
/// their right cannot be narrowed to Services; Endpoints are named as their Service, and are.
std::string rbac_objects(const std::vector<std::vector<core::Dependency>>& groups,
                         core::Source source, const Grantee& grantee);

}  // namespace waiter::cli
