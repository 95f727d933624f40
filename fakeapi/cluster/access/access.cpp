// The texts are those of apiserver's responsewriters/errors.go (recording: auth.json).
#include "fakeapi/cluster/access/access.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/base64.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// Of an RSA key of 2048 bits; what the bytes are does not matter, as tokens are looked up.
constexpr std::size_t signature_bytes = 256;

std::string denial(const Identity& user, const Attributes& a) {
  const std::string resource =
      a.subresource.empty() ? a.resource : fmt::format("{}/{}", a.resource, a.subresource);
  const std::string scope = a.namespace_name.empty()
                                ? "at the cluster scope"
                                : fmt::format("in the namespace {}", in_quotes(a.namespace_name));
  return fmt::format("User {} cannot {} resource {} in API group {} {}", in_quotes(user.name),
                     a.verb, in_quotes(resource), in_quotes(a.group), scope);
}

Failure denied(const Identity& user, const Attributes& a, const std::string& reason) {
  const std::string why = reason.empty() ? std::string() : ": " + reason;
  Failure failure = forbidden({});
  if (!a.is_resource) {
    failure.message = fmt::format("forbidden: User {} cannot {} path {}{}", in_quotes(user.name),
                                  a.verb, in_quotes(a.path), why);
    return failure;
  }
  const std::string qualified =
      a.group.empty() ? a.resource : fmt::format("{}.{}", a.resource, a.group);
  failure.details->group = a.group;
  failure.details->kind = a.resource;
  failure.details->name = a.name;
  const std::string what = a.name.empty() ? qualified : qualified + " " + in_quotes(a.name);
  failure.message = fmt::format("{} is forbidden: {}{}", what, denial(user, a), why);
  return failure;
}

// The token of "Authorization: Bearer TOKEN"; other schemes are no authentication at all
// (authentication/request/bearertoken).
std::string_view bearer_token(const Headers& headers) {
  std::string_view value = find_header(headers, "Authorization").value_or("");
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos) return {};
  std::string scheme(value.substr(0, space));
  for (char& c : scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  if (scheme != "bearer") return {};
  value.remove_prefix(space + 1);
  return value.substr(0, value.find(' '));
}

Attributes impersonation(const char* resource, std::string name) {
  Attributes a;
  a.is_resource = true;
  a.verb = "impersonate";
  a.version = "v1";
  a.resource = resource;
  a.name = std::move(name);
  return a;
}

}  // namespace

bool Identity::is_in(const std::string& group) const {
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

Access::Access(const Store& store, std::vector<User> users, std::uint64_t seed, WallTime start)
    : store_(store), users_(std::move(users)), random_(seed), wall_time_(start) {}

std::int64_t Access::seconds_at(Instant now) const {
  return unix_seconds(wall_time(wall_time_, now));
}

// A token dies with its service account, also when another of the same name is made.
std::optional<Identity> Access::service_account(Instant now, const Issued& token) const {
  if (seconds_at(now) >= token.expires_unix_seconds) return std::nullopt;
  const ObjectPtr account =
      store_.find(store_.kinds().of("serviceaccounts"), token.namespace_name, token.name);
  if (!account || account->uid() != token.uid) return std::nullopt;
  Identity identity;
  identity.name = fmt::format("system:serviceaccount:{}:{}", token.namespace_name, token.name);
  identity.uid = token.uid;
  identity.groups = {"system:serviceaccounts", "system:serviceaccounts:" + token.namespace_name,
                     authenticated_group};
  identity.extra["authentication.kubernetes.io/credential-id"] = {"JTI=" + token.id};
  return identity;
}

std::optional<Identity> Access::user_of(Instant now, std::string_view token) const {
  const auto user = std::find_if(users_.begin(), users_.end(), [&](const User& one) {
    return !one.token.empty() && one.token == token && (!one.valid_until || now < *one.valid_until);
  });
  if (user != users_.end()) {
    Identity identity{user->name, user->uid, user->groups, {}};
    if (user->rights == User::Rights::everything && !identity.is_in(masters_group))
      identity.groups.emplace_back(masters_group);
    identity.groups.emplace_back(authenticated_group);
    return identity;
  }
  const auto issued = issued_.find(std::string(token));
  return issued != issued_.end() ? service_account(now, issued->second) : std::nullopt;
}

void Access::expire_tokens(std::string_view user, Instant now) {
  for (User& one : users_) {
    if (one.name == user) one.valid_until = std::min(one.valid_until.value_or(now), now);
  }
}

void Access::renew_token(std::string_view user, std::string token, Instant old_valid_until) {
  expire_tokens(user, old_valid_until);
  const auto old =
      std::find_if(users_.begin(), users_.end(), [&](const User& one) { return one.name == user; });
  if (old == users_.end()) return;
  User renewed = *old;
  renewed.token = std::move(token);
  renewed.valid_until.reset();
  users_.push_back(std::move(renewed));
}

Result<Identity> Access::authenticate(Instant now, const Headers& headers) const {
  const std::string_view token = bearer_token(headers);
  if (token.empty()) return Identity{"system:anonymous", {}, {unauthenticated_group}, {}};
  auto user = user_of(now, token);
  if (!user) return unauthorized();
  return impersonated(*user, headers);
}

Result<Identity> Access::impersonated(const Identity& user, const Headers& headers) const {
  const auto name = find_header(headers, "Impersonate-User");
  if (!name) return user;
  if (auto failure = authorize(user, impersonation("users", std::string(*name)))) return *failure;
  Identity other{std::string(*name), {}, {}, {}};
  for (const auto& [key, value] : headers) {
    if (!find_header({{key, value}}, "Impersonate-Group")) continue;
    if (auto failure = authorize(user, impersonation("groups", value))) return *failure;
    other.groups.push_back(value);
  }
  if (const auto uid = find_header(headers, "Impersonate-Uid")) other.uid = std::string(*uid);
  other.groups.emplace_back(authenticated_group);
  return other;
}

rbac::Decision Access::decide(const Identity& user, const Attributes& attributes) const {
  if (user.is_in(masters_group)) return {true, {}};
  return rbac::authorize(store_, user, attributes);
}

std::optional<Failure> Access::authorize(const Identity& user, const Attributes& attributes) const {
  if (user.is_in(masters_group) || rbac::is_allowed(store_, user, attributes)) return std::nullopt;
  return denied(user, attributes, decide(user, attributes).reason);
}

IssuedToken Access::issue(Instant now, const Object& account, const TokenWish& wish) {
  const std::int64_t from = seconds_at(now);
  const std::int64_t until = from + wish.lifetime_seconds;
  const std::string id = random_uid(random_);
  const json payload = {{"aud", wish.audiences},
                        {"exp", until},
                        {"iat", from},
                        {"iss", default_audience},
                        {"jti", id},
                        {"kubernetes.io",
                         {{"namespace", account.namespace_name()},
                          {"serviceaccount", {{"name", account.name()}, {"uid", account.uid()}}}}},
                        {"nbf", from},
                        {"sub", fmt::format("system:serviceaccount:{}:{}", account.namespace_name(),
                                            account.name())}};
  std::string signature;
  while (signature.size() < signature_bytes) signature += static_cast<char>(random_.below(256));
  IssuedToken token;
  token.text = fmt::format("{}.{}.{}", base64url_encode(R"({"alg":"RS256","kid":"fakeapi"})"),
                           base64url_encode(payload.dump()), base64url_encode(signature));
  token.expires_unix_seconds = until;
  issued_.emplace(token.text,
                  Issued{account.namespace_name(), account.name(), account.uid(), id, until});
  return token;
}

Identity administrator() { return {"system:admin", {}, {masters_group, authenticated_group}, {}}; }

}  // namespace fakeapi::cluster
