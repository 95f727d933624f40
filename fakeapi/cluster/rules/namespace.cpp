// Namespaces and Nodes: cluster-scoped kinds with little to say here.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/rules.hpp"

namespace fakeapi::cluster::rules {
namespace {

using nlohmann::json;

constexpr const char* name_label = "kubernetes.io/metadata.name";

void default_namespace(json& object) {
  const std::string name = string_at(object, {"metadata", "name"});
  // Since v1.21 every Namespace carries its name as a label; removing it brings it back.
  if (!name.empty()) object_at(object["metadata"], "labels")[name_label] = name;
}

void before_create_namespace(json& object, RuleContext&) {
  json& finalizers = object_at(object, "spec")["finalizers"];
  if (!finalizers.is_array()) finalizers = json::array();
  if (std::find(finalizers.begin(), finalizers.end(), "kubernetes") == finalizers.end())
    finalizers.push_back("kubernetes");
  object["status"] = {{"phase", "Active"}};
}

void before_update_namespace(json& object, const json& old, RuleContext&) {
  object["spec"] = old.value("spec", json::object());
  object["status"] = old.value("status", json::object());
}

void before_update_node(json& object, const json& old, RuleContext&) {
  object["status"] = old.value("status", json::object());
}

}  // namespace

Rules namespace_rules() {
  Rules rules;
  rules.defaults = default_namespace;
  rules.before_create = before_create_namespace;
  rules.before_update = before_update_namespace;
  return rules;
}

Rules node_rules() {
  Rules rules;
  rules.before_update = before_update_node;
  return rules;
}

}  // namespace fakeapi::cluster::rules
