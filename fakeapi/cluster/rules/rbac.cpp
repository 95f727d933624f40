// Roles and their bindings (pkg/apis/rbac/validation and v1/defaults.go).
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::rules {
namespace {

using nlohmann::json;

constexpr const char* api_group = "rbac.authorization.k8s.io";

void validate_role(const json& object, const json*, const RuleContext&, FieldErrors& errors) {
  const auto list = elements(object, "rules");
  const bool namespaced = !string_at(object, {"metadata", "namespace"}).empty();
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string path = at("rules", i);
    if (elements(list[i], "verbs").empty())
      errors.push_back(required_value(path + ".verbs", "verbs must contain at least one value"));
    const bool urls = !elements(list[i], "nonResourceURLs").empty();
    if (urls) {
      if (namespaced) {
        errors.push_back(invalid_value(path + ".nonResourceURLs", list[i]["nonResourceURLs"].dump(),
                                       "namespaced rules cannot apply to non-resource URLs"));
      }
      continue;
    }
    if (elements(list[i], "apiGroups").empty()) {
      errors.push_back(
          required_value(path + ".apiGroups", "resource rules must supply at least one api group"));
    }
    if (elements(list[i], "resources").empty()) {
      errors.push_back(
          required_value(path + ".resources", "resource rules must supply at least one resource"));
    }
  }
}

void default_binding(json& object) {
  if (const auto ref = object.find("roleRef"); ref != object.end() && ref->is_object()) {
    if (string_at(*ref, {"apiGroup"}).empty()) (*ref)["apiGroup"] = api_group;
  }
  for (json& subject : elements(object, "subjects")) {
    const std::string kind = string_at(subject, {"kind"});
    if (string_at(subject, {"apiGroup"}).empty() && (kind == "User" || kind == "Group"))
      subject["apiGroup"] = api_group;
  }
}

void validate_subject(const json& subject, const std::string& path, bool namespaced,
                      FieldErrors& errors) {
  if (string_at(subject, {"name"}).empty()) errors.push_back(required_value(path + ".name"));
  const std::string kind = string_at(subject, {"kind"});
  const std::string group = string_at(subject, {"apiGroup"});
  if (kind == "ServiceAccount") {
    if (!group.empty()) errors.push_back(not_supported_value(path + ".apiGroup", group, {""}));
    if (!namespaced && string_at(subject, {"namespace"}).empty())
      errors.push_back(required_value(path + ".namespace"));
  } else if (kind == "User" || kind == "Group") {
    if (group != api_group)
      errors.push_back(not_supported_value(path + ".apiGroup", group, {api_group}));
  } else {
    errors.push_back(
        not_supported_value(path + ".kind", kind, {"Group", "ServiceAccount", "User"}));
  }
}

void validate_binding(const json& object, const json* old, const RuleContext&,
                      FieldErrors& errors) {
  const bool namespaced = !string_at(object, {"metadata", "namespace"}).empty();
  const std::string group = string_at(object, {"roleRef", "apiGroup"});
  if (group != api_group)
    errors.push_back(not_supported_value("roleRef.apiGroup", group, {api_group}));
  const std::string kind = string_at(object, {"roleRef", "kind"});
  if (kind != "ClusterRole" && (!namespaced || kind != "Role")) {
    std::vector<std::string_view> kinds = {"ClusterRole"};
    if (namespaced) kinds.emplace_back("Role");
    errors.push_back(not_supported_value("roleRef.kind", kind, kinds));
  }
  if (string_at(object, {"roleRef", "name"}).empty())
    errors.push_back(required_value("roleRef.name"));
  const auto subjects = elements(object, "subjects");
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    validate_subject(subjects[i], at("subjects", i), namespaced, errors);
  }
  if (old != nullptr && old->value("roleRef", json()) != object.value("roleRef", json()))
    errors.push_back(invalid_value("roleRef", object["roleRef"].dump(), "cannot change roleRef"));
}

}  // namespace

Rules role_rules() {
  Rules rules;
  rules.validate = validate_role;
  return rules;
}

Rules role_binding_rules() {
  Rules rules;
  rules.defaults = default_binding;
  rules.validate = validate_binding;
  return rules;
}

}  // namespace fakeapi::cluster::rules
