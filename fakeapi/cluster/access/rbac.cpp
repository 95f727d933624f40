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

std::string_view text_at(const json& object, const char* key) {
  const json* found = find_at(object, {key});
  return found != nullptr && found->is_string() ? found->get_ref<const std::string&>()
                                                : std::string_view();
}

// The namespace of a ServiceAccount that a binding names.
std::string_view account_namespace(const json& subject, const Object& binding) {
  const std::string_view space = text_at(subject, "namespace");
  return space.empty() ? std::string_view(binding.namespace_name()) : space;
}

// "system:serviceaccount:NAMESPACE:NAME", compared part by part: every request of a service account
// comes by here, once for each subject of each binding.
bool is_account(std::string_view user_name, std::string_view space, std::string_view name) {
  constexpr std::string_view prefix = "system:serviceaccount:";
  if (!user_name.starts_with(prefix)) return false;
  user_name.remove_prefix(prefix.size());
  if (!user_name.starts_with(space)) return false;
  user_name.remove_prefix(space.size());
  return !space.empty() && user_name.starts_with(':') && user_name.substr(1) == name;
}

bool is_subject(const json& subject, const Identity& user, const Object& binding) {
  const std::string_view kind = text_at(subject, "kind");
  const std::string_view name = text_at(subject, "name");
  if (kind == "User") return name == user.name;
  if (kind == "Group")
    return std::find(user.groups.begin(), user.groups.end(), name) != user.groups.end();
  return kind == "ServiceAccount" &&
         is_account(user.name, account_namespace(subject, binding), name);
}

/// A binding that names the user, and the rules of its role.
struct Grant {
  const Object* binding;
  const Object* role;  // nullptr: it does not exist
  std::string_view role_kind, role_name;
  const json* subject;
};

// Until `visit` says true.
using Visit = std::function<bool(const Grant&)>;

bool visit_bindings(const Store& store, const Kind& bindings, const std::string& space,
                    const Identity& user, const Visit& visit) {
  bool done = false;
  store.visit(bindings, space, [&](const ObjectPtr& binding) {
    if (done) return;
    for (const json& subject : rules::elements(binding->json(), "subjects")) {
      if (!is_subject(subject, user, *binding)) continue;
      Grant grant;
      grant.subject = &subject;
      grant.binding = binding.get();
      if (const json* reference = find_at(binding->json(), {"roleRef"})) {
        grant.role_kind = text_at(*reference, "kind");
        grant.role_name = text_at(*reference, "name");
      }
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

std::string subject_text(const Grant& grant) {
  const std::string_view kind = text_at(*grant.subject, "kind");
  const std::string_view name = text_at(*grant.subject, "name");
  if (kind != "ServiceAccount") return fmt::format("{} {}", kind, in_quotes(name));
  return fmt::format(
      "{} {}", kind,
      in_quotes(fmt::format("{}/{}", name, account_namespace(*grant.subject, *grant.binding))));
}

std::string allowed_by(const Grant& grant) {
  const std::string& space = grant.binding->namespace_name();
  const std::string name =
      space.empty() ? grant.binding->name() : grant.binding->name() + "/" + space;
  return fmt::format("RBAC: allowed by {} {} of {} {} to {}",
                     space.empty() ? "ClusterRoleBinding" : "RoleBinding", in_quotes(name),
                     grant.role_kind, in_quotes(grant.role_name), subject_text(grant));
}

std::string missing_role(const Grant& grant) {
  return fmt::format("{}.rbac.authorization.k8s.io {} not found",
                     grant.role_kind == "ClusterRole" ? "clusterrole" : "role",
                     in_quotes(grant.role_name));
}

bool has_rule_for(const Object& role, const Attributes& attributes) {
  const auto rules = rules::elements(role.json(), "rules");
  return std::any_of(rules.begin(), rules.end(),
                     [&](const json& rule) { return allows(rule, attributes); });
}

}  // namespace

bool is_allowed(const Store& store, const Identity& user, const Attributes& attributes) {
  bool found = false;
  visit_grants(store, user, attributes.namespace_name, [&](const Grant& grant) {
    found = grant.role != nullptr && has_rule_for(*grant.role, attributes);
    return found;
  });
  return found;
}

Decision authorize(const Store& store, const Identity& user, const Attributes& attributes) {
  Decision decision;
  std::vector<std::string> missing;
  visit_grants(store, user, attributes.namespace_name, [&](const Grant& grant) {
    if (grant.role == nullptr) {
      const std::string text = missing_role(grant);
      if (std::find(missing.begin(), missing.end(), text) == missing.end()) missing.push_back(text);
      return false;
    }
    decision.allowed = has_rule_for(*grant.role, attributes);
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
