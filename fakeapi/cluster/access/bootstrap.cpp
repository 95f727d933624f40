#include "fakeapi/cluster/access/bootstrap.hpp"

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/access/identity.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr const char* api_group = "rbac.authorization.k8s.io";
constexpr const char* api_version = "rbac.authorization.k8s.io/v1";
using Texts = std::vector<const char*>;

json rule(const Texts& verbs, const Texts& groups, const Texts& resources) {
  return {{"verbs", verbs}, {"apiGroups", groups}, {"resources", resources}};
}

json url_rule(const Texts& urls) {
  return {{"verbs", json::array({"get"})}, {"nonResourceURLs", urls}};
}

json metadata(const char* name) {
  return {{"name", name},
          {"labels", {{"kubernetes.io/bootstrapping", "rbac-defaults"}}},
          {"annotations", {{"rbac.authorization.kubernetes.io/autoupdate", "true"}}}};
}

BootstrapObject role(const char* name, json rules) {
  return {"clusterroles",
          {{"kind", "ClusterRole"},
           {"apiVersion", api_version},
           {"metadata", metadata(name)},
           {"rules", std::move(rules)}}};
}

json group(const char* name) {
  return {{"kind", "Group"}, {"apiGroup", api_group}, {"name", name}};
}

BootstrapObject binding(const char* name, const char* role_name, json subjects) {
  return {"clusterrolebindings",
          {{"kind", "ClusterRoleBinding"},
           {"apiVersion", api_version},
           {"metadata", metadata(name)},
           {"roleRef", {{"kind", "ClusterRole"}, {"apiGroup", api_group}, {"name", role_name}}},
           {"subjects", std::move(subjects)}}};
}

json user_subject(const User& user) {
  return {{"kind", "User"}, {"apiGroup", api_group}, {"name", user.name}};
}

const Texts reads = {"get", "list", "watch"};
const Texts writes = {"create", "delete", "deletecollection", "patch", "update"};

// What view, edit and admin are about, of the kinds that exist here.
json view_rules(const Texts& verbs) {
  return json::array(
      {rule(verbs, {""},
            {"configmaps", "endpoints", "events", "namespaces", "pods", "pods/status",
             "serviceaccounts", "services", "services/status"}),
       rule(verbs, {"discovery.k8s.io"}, {"endpointslices"}),
       rule(verbs, {"apps"},
            {"daemonsets", "daemonsets/status", "deployments", "deployments/scale",
             "deployments/status", "replicasets", "replicasets/scale", "replicasets/status",
             "statefulsets", "statefulsets/scale", "statefulsets/status"}),
       rule(verbs, {"batch"}, {"jobs", "jobs/status"})});
}

json edit_rules() {
  json rules = view_rules(reads);
  for (const json& one : view_rules(writes)) rules.push_back(one);
  rules.push_back(rule(reads, {""}, {"secrets"}));
  rules.push_back(rule(writes, {""}, {"secrets"}));
  rules.push_back(rule({"create"}, {""}, {"serviceaccounts/token"}));
  rules.push_back(
      rule({"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"},
           {"coordination.k8s.io"}, {"leases"}));
  return rules;
}

json admin_rules() {
  json rules = edit_rules();
  rules.push_back(
      rule({"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"},
           {api_group}, {"rolebindings", "roles"}));
  rules.push_back(rule({"create"}, {"authorization.k8s.io"}, {"localsubjectaccessreviews"}));
  return rules;
}

}  // namespace

std::vector<BootstrapObject> bootstrap_policy(const std::vector<User>& users) {
  std::vector<BootstrapObject> out;
  out.push_back(role("cluster-admin", json::array({rule({"*"}, {"*"}, {"*"}),
                                                   {{"verbs", json::array({"*"})},
                                                    {"nonResourceURLs", json::array({"*"})}}})));
  out.push_back(binding("cluster-admin", "cluster-admin", json::array({group(masters_group)})));
  out.push_back(role(
      "system:discovery",
      json::array({url_rule({"/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi",
                             "/openapi/*", "/readyz", "/version", "/version/"})})));
  out.push_back(
      binding("system:discovery", "system:discovery", json::array({group(authenticated_group)})));
  out.push_back(
      role("system:public-info-viewer",
           json::array({url_rule({"/healthz", "/livez", "/readyz", "/version", "/version/"})})));
  out.push_back(binding("system:public-info-viewer", "system:public-info-viewer",
                        json::array({group(authenticated_group), group(unauthenticated_group)})));
  out.push_back(
      role("system:basic-user",
           json::array({rule({"create"}, {"authorization.k8s.io"},
                             {"selfsubjectaccessreviews", "selfsubjectrulesreviews"}),
                        rule({"create"}, {"authentication.k8s.io"}, {"selfsubjectreviews"})})));
  out.push_back(
      binding("system:basic-user", "system:basic-user", json::array({group(authenticated_group)})));
  out.push_back(role("view", view_rules(reads)));
  out.push_back(role("edit", edit_rules()));
  out.push_back(role("admin", admin_rules()));

  json readers = json::array();
  for (const User& user : users) {
    if (user.rights == User::Rights::read_endpoints) readers.push_back(user_subject(user));
  }
  if (readers.empty()) return out;
  out.push_back(
      role("fakeapi:endpoints-reader",
           json::array({rule(reads, {""}, {"endpoints", "namespaces", "pods", "services"}),
                        rule(reads, {"discovery.k8s.io"}, {"endpointslices"})})));
  out.push_back(
      binding("fakeapi:endpoints-reader", "fakeapi:endpoints-reader", std::move(readers)));
  return out;
}

}  // namespace fakeapi::cluster
