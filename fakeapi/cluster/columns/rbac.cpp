// RoleBindings and ClusterRoleBindings: the role, and who has it. Roles themselves print a name.
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

std::string subjects(const json& binding, std::string_view kind) {
  std::string out;
  for (const json& subject : list_at(binding, {"subjects"})) {
    if (string_at(subject, {"kind"}) != kind) continue;
    if (!out.empty()) out += ", ";
    if (kind == "ServiceAccount") out += string_at(subject, {"namespace"}) + "/";
    out += string_at(subject, {"name"});
  }
  return out;
}

json binding_cells(const json& binding, WallTime now) {
  return {name_of(binding),
          string_at(binding, {"roleRef", "kind"}) + "/" + string_at(binding, {"roleRef", "name"}),
          age_of_object(binding, now),
          subjects(binding, "User"),
          subjects(binding, "Group"),
          subjects(binding, "ServiceAccount")};
}

Printer binding_printer() {
  return {{name_column(),
           {"Role", "string", "", 0, "Role that it gives."},
           age_column(),
           {"Users", "string", "", 1, "Users that have it."},
           {"Groups", "string", "", 1, "Groups that have it."},
           {"ServiceAccounts", "string", "", 1, "ServiceAccounts that have it."}},
          binding_cells};
}

}  // namespace

const Printer& role_bindings() {
  static const Printer printer = binding_printer();
  return printer;
}

const Printer& cluster_role_bindings() { return role_bindings(); }

}  // namespace fakeapi::cluster::columns
