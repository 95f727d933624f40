// Rights are three levels for now. The texts are those of apiserver's responsewriters/errors.go
// (recording: auth.json).
#include "fakeapi/cluster/access.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

// ClusterRole system:public-info-viewer: everybody, also without a token.
bool is_public(const Attributes& a) {
  constexpr std::array<std::string_view, 4> paths = {"/healthz", "/livez", "/readyz", "/version"};
  return a.verb == "get" && std::find(paths.begin(), paths.end(), a.path) != paths.end();
}

// ClusterRole system:discovery: everybody with a token.
bool is_discovery(const Attributes& a) {
  if (a.verb != "get") return false;
  const std::string_view path = a.path;
  return path == "/api" || path == "/apis" || path.starts_with("/api/") ||
         path.starts_with("/apis/") || path == "/openapi" || path.starts_with("/openapi/") ||
         path.starts_with("/version");
}

bool reads_endpoints(const Attributes& a) {
  constexpr std::array<std::string_view, 5> resources = {"namespaces", "services", "pods",
                                                         "endpoints", "endpointslices"};
  const bool reads = a.verb == "get" || a.verb == "list" || a.verb == "watch";
  return a.is_resource && reads && a.subresource.empty() &&
         std::find(resources.begin(), resources.end(), a.resource) != resources.end();
}

bool allowed(const Identity& user, const Attributes& a) {
  if (user.rights == User::Rights::everything) return true;
  if (!a.is_resource) {
    const bool known = user.name != "system:anonymous";
    return is_public(a) || (known && is_discovery(a));
  }
  return user.rights == User::Rights::read_endpoints && reads_endpoints(a);
}

std::string denial(const Identity& user, const Attributes& a) {
  const std::string resource =
      a.subresource.empty() ? a.resource : fmt::format("{}/{}", a.resource, a.subresource);
  const std::string scope = a.namespace_name.empty()
                                ? "at the cluster scope"
                                : fmt::format("in the namespace {}", in_quotes(a.namespace_name));
  return fmt::format("User {} cannot {} resource {} in API group {} {}", in_quotes(user.name),
                     a.verb, in_quotes(resource), in_quotes(a.group), scope);
}

}  // namespace

Result<Identity> Access::authenticate(const Headers& headers) const {
  const auto header = find_header(headers, "Authorization");
  if (!header)
    return Identity{"system:anonymous", {"system:unauthenticated"}, User::Rights::nothing};
  constexpr std::string_view scheme = "Bearer ";
  if (!header->starts_with(scheme)) return unauthorized();
  const std::string_view token = header->substr(scheme.size());
  const auto user = std::find_if(users_.begin(), users_.end(), [&](const User& one) {
    return !one.token.empty() && one.token == token;
  });
  if (user == users_.end()) return unauthorized();
  Identity identity{user->name, user->groups, user->rights};
  identity.groups.emplace_back("system:authenticated");
  return identity;
}

Identity administrator() {
  return {"system:admin", {"system:masters", "system:authenticated"}, User::Rights::everything};
}

std::optional<Failure> authorize(const Identity& user, const Attributes& a) {
  if (allowed(user, a)) return std::nullopt;
  Failure failure{403, "Forbidden", {}, StatusDetails{}, {}};
  if (!a.is_resource) {
    failure.message = fmt::format("forbidden: User {} cannot {} path {}", in_quotes(user.name),
                                  a.verb, in_quotes(a.path));
    return failure;
  }
  const std::string qualified =
      a.group.empty() ? a.resource : fmt::format("{}.{}", a.resource, a.group);
  failure.details->group = a.group;
  failure.details->kind = a.resource;
  failure.details->name = a.name;
  failure.message = a.name.empty() ? fmt::format("{} is forbidden: {}", qualified, denial(user, a))
                                   : fmt::format("{} {} is forbidden: {}", qualified,
                                                 in_quotes(a.name), denial(user, a));
  return failure;
}

}  // namespace fakeapi::cluster
