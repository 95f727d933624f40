// CustomResourceDefinitions (apiextensions-apiserver pkg/registry/customresourcedefinition,
// pkg/apis/apiextensions/{v1/defaults.go,validation}) and what is common to the objects that they
// define.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::rules {
namespace {

using nlohmann::json;

std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return text;
}

void default_definition(json& object) {
  json& spec = object_at(object, "spec");
  json& names = object_at(spec, "names");
  const std::string kind = string_at(names, {"kind"});
  if (!kind.empty()) {
    set_default(names, "singular", lower_case(kind));
    set_default(names, "listKind", kind + "List");
  }
  set_default(object_at(spec, "conversion"), "strategy", "None");
}

// The storage version is one that was stored, from the start.
void before_create_definition(json& object, RuleContext&) {
  object["status"] = {{"conditions", nullptr},
                      {"acceptedNames", {{"plural", ""}, {"kind", ""}}},
                      {"storedVersions", json::array()}};
  for (const json& version : elements(object["spec"], "versions")) {
    if (version.value("storage", false))
      object["status"]["storedVersions"].push_back(version.value("name", ""));
  }
}

void keep_definition_status(json& object, const json& old, RuleContext&) {
  object["status"] = old.value("status", json::object());
}

void validate_versions(const json& spec, FieldErrors& errors) {
  const auto versions = elements(spec, "versions");
  const auto stored = std::count_if(versions.begin(), versions.end(), [](const json& version) {
    return version.value("storage", false);
  });
  if (stored != 1) {
    errors.push_back(invalid_value("spec.versions", spec.value("versions", json()).dump(),
                                   "must have exactly one version marked as storage version"));
  }
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const std::string path = at("spec.versions", i);
    const std::string name = string_at(versions[i], {"name"});
    for (const std::string& why : names::dns_1035_label(name, false))
      errors.push_back(invalid_value(path + ".name", in_quotes(name), why));
    if (find_at(versions[i], {"schema", "openAPIV3Schema"}) == nullptr)
      errors.push_back(required_value(path + ".schema.openAPIV3Schema", "schemas are required"));
  }
}

void validate_definition(const json& object, const json* old, const RuleContext&,
                         FieldErrors& errors) {
  const json& spec = object.at("spec");
  const std::string group = string_at(spec, {"group"});
  const std::string plural = string_at(spec, {"names", "plural"});
  const std::string name = string_at(object, {"metadata", "name"});
  if (name != plural + "." + group) {
    errors.push_back(invalid_value("metadata.name", in_quotes(name),
                                   "must be spec.names.plural+\".\"+spec.group"));
  }
  if (group.empty()) {
    errors.push_back(required_value("spec.group"));
  } else if (group.find('.') == std::string::npos) {
    errors.push_back(
        invalid_value("spec.group", in_quotes(group), "should be a domain with at least one dot"));
  }
  if (string_at(spec, {"names", "kind"}).empty())
    errors.push_back(required_value("spec.names.kind"));
  if (plural.empty()) errors.push_back(required_value("spec.names.plural"));
  const std::string scope = string_at(spec, {"scope"});
  if (scope != "Cluster" && scope != "Namespaced")
    errors.push_back(not_supported_value("spec.scope", scope, {"Cluster", "Namespaced"}));
  validate_versions(spec, errors);
  if (old == nullptr) return;
  for (const char* key : {"group", "scope"}) {
    if (spec.value(key, json()) != old->at("spec").value(key, json())) {
      errors.push_back(invalid_value(fmt::format("spec.{}", key), spec.value(key, json()).dump(),
                                     "field is immutable"));
    }
  }
}

}  // namespace

Rules custom_definition_rules() {
  Rules rules;
  rules.defaults = default_definition;
  rules.before_create = before_create_definition;
  rules.before_update = keep_definition_status;
  rules.validate = validate_definition;
  return rules;
}

Rules custom_resource_rules(bool has_status) {
  Rules rules;
  if (!has_status) return rules;
  rules.before_create = [](json& object, RuleContext&) { object.erase("status"); };
  rules.before_update = [](json& object, const json& old, RuleContext&) {
    object.erase("status");
    if (const auto status = old.find("status"); status != old.end()) object["status"] = *status;
  };
  return rules;
}

}  // namespace fakeapi::cluster::rules
