#include "fakeapi/cluster/access/rbac.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::rbac {
namespace {

using nlohmann::json;

bool holds(const json& rule, const char* key, std::string_view value) {
  const auto values = rules::elements(rule, key);
  return std::any_of(values.begin(), values.end(),
                     [&](const json& one) { return one == "*" || one == value; });
}

// "pods", "pods/log", "*/scale", "*".
bool names_resource(const json& rule, const Attributes& a) {
  const std::string full = a.subresource.empty() ? a.resource : a.resource + "/" + a.subresource;
  const auto resources = rules::elements(rule, "resources");
  return std::any_of(resources.begin(), resources.end(), [&](const json& one) {
    return one == "*" || one == full || (!a.subresource.empty() && one == "*/" + a.subresource);
  });
}

bool names_object(const json& rule, const Attributes& a) {
  const auto names = rules::elements(rule, "resourceNames");
  return names.empty() || std::find(names.begin(), names.end(), a.name) != names.end();
}

bool names_path(const json& rule, const std::string& path) {
  const auto urls = rules::elements(rule, "nonResourceURLs");
  return std::any_of(urls.begin(), urls.end(), [&](const json& one) {
    if (!one.is_string()) return false;
    std::string_view url = one.get_ref<const std::string&>();
    if (url == "*" || url == path) return true;
    if (!url.ends_with('*')) return false;
    while (url.ends_with('*')) url.remove_suffix(1);
    return path.starts_with(url);
  });
}

bool allows(const json& rule, const Attributes& a) {
  if (!holds(rule, "verbs", a.verb)) return false;
  if (!a.is_resource) return names_path(rule, a.path);
  return holds(rule, "apiGroups", a.group) && names_resource(rule, a) && names_object(rule, a);
}

// The subject as the reason prints it, or nothing when it is somebody else.
std::string matching_subject(const json& subject, const Identity& user,
                             const std::string& binding_namespace) {
  const std::string kind = string_at(subject, {"kind"});
  const std::string name = string_at(subject, {"name"});
  if (kind == "User" && name == user.name) return fmt::format("User {}", in_quotes(name));
  if (kind == "Group" && user.is_in(name)) return fmt::format("Group {}", in_quotes(name));
  if (kind != "ServiceAccount") return {};
  std::string space = string_at(subject, {"namespace"});
  if (space.empty()) space = binding_namespace;
  const bool same =
      !space.empty() && user.name == fmt::format("system:serviceaccount:{}:{}", space, name);
  return same ? fmt::format("ServiceAccount {}", in_quotes(name + "/" + space)) : std::string();
}

/// A binding that names the user, and the rules of its role.
struct Grant {
  const Object* binding;
  const Object* role;  // nullptr: it does not exist
  std::string role_kind, role_name;
  std::string subject;
};

// Until `visit` says true.
using Visit = std::function<bool(const Grant&)>;

bool visit_bindings(const Store& store, const Kind& bindings, const std::string& space,
                    const Identity& user, const Visit& visit) {
  bool done = false;
  store.visit(bindings, space, [&](const ObjectPtr& binding) {
    if (done) return;
    for (const json& subject : rules::elements(binding->json(), "subjects")) {
      Grant grant;
      grant.subject = matching_subject(subject, user, binding->namespace_name());
      if (grant.subject.empty()) continue;
      grant.binding = binding.get();
      grant.role_kind = string_at(binding->json(), {"roleRef", "kind"});
      grant.role_name = string_at(binding->json(), {"roleRef", "name"});
      const bool cluster = grant.role_kind == "ClusterRole";
      const ObjectPtr role =
          store.find(store.kinds().of(cluster ? "clusterroles" : "roles"),
                     cluster ? std::string() : binding->namespace_name(), grant.role_name);
      grant.role = role.get();
      if (visit(grant)) {
        done = true;
        return;
      }
    }
  });
  return done;
}

// Cluster-wide bindings first, then those of the namespace.
void visit_grants(const Store& store, const Identity& user, const std::string& space,
                  const Visit& visit) {
  if (visit_bindings(store, store.kinds().of("clusterrolebindings"), {}, user, visit)) return;
  if (!space.empty()) visit_bindings(store, store.kinds().of("rolebindings"), space, user, visit);
}

std::string allowed_by(const Grant& grant) {
  const std::string& space = grant.binding->namespace_name();
  const std::string name =
      space.empty() ? grant.binding->name() : grant.binding->name() + "/" + space;
  return fmt::format("RBAC: allowed by {} {} of {} {} to {}",
                     space.empty() ? "ClusterRoleBinding" : "RoleBinding", in_quotes(name),
                     grant.role_kind, in_quotes(grant.role_name), grant.subject);
}

std::string missing_role(const Grant& grant) {
  return fmt::format("{}.rbac.authorization.k8s.io {} not found",
                     grant.role_kind == "ClusterRole" ? "clusterrole" : "role",
                     in_quotes(grant.role_name));
}

}  // namespace

Decision authorize(const Store& store, const Identity& user, const Attributes& attributes) {
  Decision decision;
  std::vector<std::string> missing;
  visit_grants(store, user, attributes.namespace_name, [&](const Grant& grant) {
    if (grant.role == nullptr) {
      const std::string text = missing_role(grant);
      if (std::find(missing.begin(), missing.end(), text) == missing.end()) missing.push_back(text);
      return false;
    }
    const auto rules = rules::elements(grant.role->json(), "rules");
    decision.allowed = std::any_of(rules.begin(), rules.end(),
                                   [&](const json& rule) { return allows(rule, attributes); });
    if (decision.allowed) decision.reason = allowed_by(grant);
    return decision.allowed;
  });
  if (!decision.allowed && !missing.empty()) {
    decision.reason = missing.size() == 1 ? "RBAC: " + missing.front()
                                          : fmt::format("RBAC: [{}]", fmt::join(missing, ", "));
  }
  return decision;
}

std::vector<json> rules_for(const Store& store, const Identity& user,
                            const std::string& namespace_name) {
  std::vector<json> out;
  visit_grants(store, user, namespace_name, [&](const Grant& grant) {
    if (grant.role == nullptr) return false;
    for (const json& rule : rules::elements(grant.role->json(), "rules")) out.push_back(rule);
    return false;
  });
  return out;
}

}  // namespace fakeapi::cluster::rbac
