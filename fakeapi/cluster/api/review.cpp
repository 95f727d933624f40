// Reviews: questions that are asked by a create and answered at once, and tokens for service
// accounts (registry/authorization, registry/authentication, registry/core/serviceaccount).
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/render.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// registry/core/serviceaccount/storage/token.go and authentication/validation.
constexpr std::int64_t lifetime_seconds_default = 60 * 60;
constexpr std::int64_t lifetime_seconds_min = 10 * 60;
constexpr std::int64_t lifetime_seconds_max = std::int64_t{1} << 32;

Attributes asked_attributes(const json& spec) {
  Attributes a;
  if (const json* path = find_at(spec, {"nonResourceAttributes"}); path != nullptr) {
    a.verb = string_at(*path, {"verb"});
    a.path = string_at(*path, {"path"});
    return a;
  }
  const json resource = spec.value("resourceAttributes", json::object());
  a.is_resource = true;
  a.verb = string_at(resource, {"verb"});
  a.group = string_at(resource, {"group"});
  a.version = string_at(resource, {"version"});
  a.resource = string_at(resource, {"resource"});
  a.subresource = string_at(resource, {"subresource"});
  a.namespace_name = string_at(resource, {"namespace"});
  a.name = string_at(resource, {"name"});
  return a;
}

// pkg/apis/authorization/validation: exactly one of the two questions.
FieldErrors check_question(const json& spec) {
  FieldErrors errors;
  const bool resource = spec.contains("resourceAttributes");
  const bool path = spec.contains("nonResourceAttributes");
  if (resource && path) {
    errors.push_back(invalid_value("spec.nonResourceAttributes",
                                   in_quotes(spec["nonResourceAttributes"].dump()),
                                   "cannot be specified in combination with resourceAttributes"));
  }
  if (!resource && !path) {
    errors.push_back(invalid_value(
        "spec.resourceAttributes", "null",
        "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
  }
  return errors;
}

json decision_status(const rbac::Decision& decision) {
  json status = {{"allowed", decision.allowed}};
  if (!decision.reason.empty()) status["reason"] = decision.reason;
  return status;
}

json user_info(const Identity& user) {
  json info = {{"username", user.name}};
  if (!user.uid.empty()) info["uid"] = user.uid;
  if (!user.groups.empty()) info["groups"] = user.groups;
  if (!user.extra.empty()) info["extra"] = user.extra;
  return info;
}

// Rules as SelfSubjectRulesReview shows them: those about resources, those about paths.
json rules_status(const std::vector<json>& rules) {
  json resources = json::array();
  json paths = json::array();
  for (const json& rule : rules) {
    json& list = rule.contains("nonResourceURLs") ? paths : resources;
    json shown = {{"verbs", rule.value("verbs", json())}};
    for (const char* key : {"apiGroups", "resources", "resourceNames", "nonResourceURLs"}) {
      if (rule.contains(key)) shown[key] = rule[key];
    }
    list.push_back(std::move(shown));
  }
  return {{"resourceRules", std::move(resources)},
          {"nonResourceRules", std::move(paths)},
          {"incomplete", false}};
}

Identity asked_user(const json& spec) {
  Identity user;
  user.name = string_at(spec, {"user"});
  user.uid = string_at(spec, {"uid"});
  user.groups = spec.value("groups", std::vector<std::string>());
  return user;
}

}  // namespace

Response Api::review(Call& call) {
  const auto request = read_write_request(call, "CreateOptions");
  if (!request) return failure_response(request.failure());
  auto body = read_body(call);
  if (!body) return failure_response(body.failure());
  json& object = *body;
  const json spec = object.value("spec", json::object());
  const std::string& kind = call.kind->kind;
  if (kind == "SelfSubjectReview") {
    object["metadata"]["creationTimestamp"] = registry_.timestamp(call.now);
    object["status"] = {{"userInfo", user_info(*call.user)}};
  } else if (kind == "TokenReview") {
    const auto user = access_.user_of(call.now, string_at(spec, {"token"}));
    object["status"] = {{"user", json::object()}};
    if (user) {
      object["status"] = {{"authenticated", true}, {"user", user_info(*user)}};
      object["status"]["audiences"] = json::array({default_audience});
    } else {
      object["status"]["error"] = "invalid bearer token";
    }
  } else if (kind == "SelfSubjectRulesReview") {
    const std::string space = string_at(spec, {"namespace"});
    if (space.empty()) return failure_response(bad_request("no namespace on request"));
    object["status"] = rules_status(rbac::rules_for(store_, *call.user, space));
  } else {
    if (auto errors = check_question(spec); !errors.empty())
      return failure_response(invalid(*call.kind, {}, std::move(errors)));
    const bool self = kind == "SelfSubjectAccessReview";
    const Identity user = self ? *call.user : asked_user(spec);
    object["status"] = decision_status(access_.decide(user, asked_attributes(spec)));
  }
  return value_response(call, 201, object);
}

Response Api::create_token(Call& call) {
  const auto request = read_write_request(call, "CreateOptions");
  if (!request) return failure_response(request.failure());
  auto body = read_body(call);
  if (!body) return failure_response(body.failure());
  const ObjectPtr account = store_.find(*call.kind, call.namespace_name, call.attributes->name);
  if (!account) return failure_response(not_found(*call.kind, call.attributes->name));
  json& spec = (*body)["spec"];
  TokenWish wish;
  const json seconds = spec.value("expirationSeconds", json());
  wish.lifetime_seconds =
      seconds.is_number_integer() ? seconds.get<std::int64_t>() : lifetime_seconds_default;
  FieldErrors errors;
  if (wish.lifetime_seconds < lifetime_seconds_min) {
    errors.push_back(invalid_value("spec.expirationSeconds", seconds.dump(),
                                   "may not specify a duration less than 10 minutes"));
  }
  if (wish.lifetime_seconds > lifetime_seconds_max) {
    errors.push_back(invalid_value("spec.expirationSeconds", seconds.dump(),
                                   "may not specify a duration larger than 2^32 seconds"));
  }
  if (!errors.empty()) {
    return failure_response(
        invalid_of("TokenRequest", "authentication.k8s.io", {}, std::move(errors)));
  }
  const json audiences = spec.value("audiences", json());
  if (audiences.is_array() && !audiences.empty())
    wish.audiences = audiences.get<std::vector<std::string>>();
  if (wish.audiences.empty()) wish.audiences = {default_audience};
  const IssuedToken token = access_.issue(call.now, *account, wish);
  spec["audiences"] = wish.audiences;
  spec["expirationSeconds"] = wish.lifetime_seconds;
  json& metadata = (*body)["metadata"];
  metadata["name"] = account->name();
  metadata["namespace"] = account->namespace_name();
  metadata["creationTimestamp"] = registry_.timestamp(call.now);
  (*body)["status"] = {{"token", token.text},
                       {"expirationTimestamp", rfc3339(unix_time(token.expires_unix_seconds))}};
  return value_response(call, 201, *body);
}

}  // namespace fakeapi::cluster
