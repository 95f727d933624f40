// Who a bearer token of the cluster's own stands for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fakeapi/cluster/clock.hpp"

namespace fakeapi::cluster {

struct User {
  /// What RBAC objects grant this user from the start. Everything is membership in system:masters.
  enum class Rights { everything, read_endpoints, nothing };
  std::string token;
  std::string name;                 // "admin", "system:serviceaccount:default:default"
  std::vector<std::string> groups;  // besides system:authenticated
  Rights rights = Rights::nothing;
  std::string uid = {};
  std::optional<Instant> valid_until = {};  // of the token; nothing: for ever
};

}  // namespace fakeapi::cluster
