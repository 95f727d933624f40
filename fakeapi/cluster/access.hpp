// Who is asking, and whether they may: authentication by bearer token and one function that
// authorises. Objects of RBAC will come behind that function; nothing else asks about rights.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fakeapi/cluster/api/route.hpp"
#include "fakeapi/cluster/cluster.hpp"
#include "fakeapi/cluster/failure.hpp"

namespace fakeapi::cluster {

struct Identity {
  std::string name;
  std::vector<std::string> groups;
  User::Rights rights = User::Rights::nothing;
};

class Access {
 public:
  explicit Access(std::vector<User> users) : users_(std::move(users)) {}

  /// No token is system:anonymous; a token that nobody has is 401.
  Result<Identity> authenticate(const Headers& headers) const;

 private:
  std::vector<User> users_;
};

/// The cluster's own hand.
Identity administrator();

/// Why not, or nothing.
std::optional<Failure> authorize(const Identity& user, const Attributes& attributes);

}  // namespace fakeapi::cluster
