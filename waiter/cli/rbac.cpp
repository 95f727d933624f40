#include "waiter/cli/rbac.hpp"

#include <map>
#include <set>

namespace waiter::cli {
namespace {

using Services = std::set<std::string>;

std::string head(const std::string& kind, const std::string& name, const std::string& where) {
  return "apiVersion: rbac.authorization.k8s.io/v1\nkind: " + kind +
         "\nmetadata:\n  name: " + name + "\n  namespace: \"" + where + "\"\n";
}

/// Where a right is by name, a list and a watch must select that name
/// (kubernetes.io/docs/reference/ access-authn-authz/rbac/#referring-to-resources).
std::string rules(core::Source source, const Services& services) {
  if (source != core::Source::endpoints) {
    return "rules:\n  - apiGroups: [discovery.k8s.io]\n    resources: [endpointslices]\n"
           "    verbs: [list, watch]\n";
  }
  std::string text =
      "rules:\n  - apiGroups: [\"\"]\n    resources: [endpoints]\n    resourceNames:\n";
  for (const std::string& service : services) text += "      - \"" + service + "\"\n";
  return text + "    verbs: [get, list, watch]\n";
}

}  // namespace

std::string rbac_objects(const std::vector<std::vector<core::Dependency>>& groups,
                         core::Source source, const Grantee& grantee) {
  std::map<std::string, Services> services;
  for (const auto& group : groups) {
    for (const core::Dependency& dependency : group) {
      services[dependency.namespace_name].insert(dependency.service);
    }
  }
  // Whose rights they are is part of the name: those of another account must not be overwritten.
  const std::string name =
      "\"wait-for-endpoints:" + grantee.namespace_name + ":" + grantee.service_account + "\"";
  std::string text;
  for (const auto& [where, names] : services) {
    text += "---\n" + head("Role", name, where) + rules(source, names);
    text += "---\n" + head("RoleBinding", name, where) +
            "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: " + name +
            "\nsubjects:\n  - kind: ServiceAccount\n    name: \"" + grantee.service_account +
            "\"\n    namespace: \"" + grantee.namespace_name + "\"\n";
  }
  return text;
}

}  // namespace waiter::cli
