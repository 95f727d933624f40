// Who sends a request, as authentication found out.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace fakeapi::cluster {

struct Identity {
  std::string name;  // "admin", "system:serviceaccount:default:default"
  std::string uid;
  std::vector<std::string> groups;
  std::map<std::string, std::vector<std::string>> extra;

  bool is_in(const std::string& group) const;
};

/// Authenticated identities are in the first group, requests without any credentials in the second.
inline constexpr const char* authenticated_group = "system:authenticated";
inline constexpr const char* unauthenticated_group = "system:unauthenticated";
/// May do everything, whatever RBAC says (authorization/authorizerfactory, privileged groups).
inline constexpr const char* masters_group = "system:masters";

}  // namespace fakeapi::cluster
