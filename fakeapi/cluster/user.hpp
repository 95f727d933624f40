// Who a bearer token of the cluster's own stands for.
#pragma once

#include <string>
#include <vector>

namespace fakeapi::cluster {

struct User {
  /// What RBAC objects grant this user from the start. Everything is membership in system:masters.
  enum class Rights { everything, read_endpoints, nothing };
  std::string token;
  std::string name;                 // "admin", "system:serviceaccount:default:default"
  std::vector<std::string> groups;  // besides system:authenticated
  Rights rights = Rights::nothing;
  std::string uid = {};
};

}  // namespace fakeapi::cluster
