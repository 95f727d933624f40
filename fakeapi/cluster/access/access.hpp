// Who is asking, and whether they may: authentication by bearer token, impersonation, and one
// function that authorises. Nothing else asks about rights.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "fakeapi/cluster/access/identity.hpp"
#include "fakeapi/cluster/access/rbac.hpp"
#include "fakeapi/cluster/api/route.hpp"
#include "fakeapi/cluster/clock.hpp"
#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/message.hpp"
#include "fakeapi/cluster/random.hpp"
#include "fakeapi/cluster/store.hpp"
#include "fakeapi/cluster/user.hpp"
#include "fakeapi/cluster/wall_time.hpp"

namespace fakeapi::cluster {

/// A token of a service account (authentication.k8s.io/v1 TokenRequest).
struct IssuedToken {
  std::string text;
  std::int64_t expires_unix_seconds = 0;
};

struct TokenWish {
  std::vector<std::string> audiences;
  std::int64_t lifetime_seconds = 3600;
};

inline constexpr const char* default_audience = "https://kubernetes.default.svc.cluster.local";

class Access {
 public:
  Access(const Store& store, std::vector<User> users, std::uint64_t seed, WallTime start);

  /// No token is system:anonymous; a token that nobody has, or has no longer, is 401. Impersonation
  /// is applied where the user may.
  Result<Identity> authenticate(Instant now, const Headers& headers) const;

  /// The user of a token, for a TokenReview.
  std::optional<Identity> user_of(Instant now, std::string_view token) const;

  /// Why not, or nothing.
  std::optional<Failure> authorize(const Identity& user, const Attributes& attributes) const;
  rbac::Decision decide(const Identity& user, const Attributes& attributes) const;

  /// The user has another token from now on; the old ones are valid until then.
  void renew_token(std::string_view user, std::string token, Instant old_valid_until);
  /// None of the user's tokens is valid any more.
  void expire_tokens(std::string_view user, Instant now);

  IssuedToken issue(Instant now, const Object& service_account, const TokenWish& wish);

 private:
  struct Issued {
    std::string namespace_name, name, uid, id;
    std::int64_t expires_unix_seconds;
  };

  std::int64_t seconds_at(Instant now) const;
  std::optional<Identity> service_account(Instant now, const Issued& token) const;
  Result<Identity> impersonated(const Identity& user, const Headers& headers) const;

  const Store& store_;
  std::vector<User> users_;
  Random random_;
  WallTime wall_time_;  // at Instant{}
  std::unordered_map<std::string, Issued> issued_;
};

/// The cluster's own hand.
Identity administrator();

}  // namespace fakeapi::cluster
