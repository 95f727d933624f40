// Nodes: whether they are ready and take Pods, their roles, addresses and versions.
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

// The last condition of a type counts, other than for Pods and Jobs (printNode fills a map).
std::string readiness(const json& node) {
  std::string out = "Unknown";
  for (const json& condition : list_at(node, {"status", "conditions"})) {
    if (string_at(condition, {"type"}) != "Ready") continue;
    out = string_at(condition, {"status"}) == "True" ? "Ready" : "NotReady";
  }
  return true_at(node, {"spec", "unschedulable"}) ? out + ",SchedulingDisabled" : out;
}

// findNodeRoles: node-role.kubernetes.io/ROLE, whatever its value, and kubernetes.io/role=ROLE.
std::string roles(const json& node) {
  constexpr std::string_view prefix = "node-role.kubernetes.io/";
  std::set<std::string> found;
  const json* labels = find_at(node, {"metadata", "labels"});
  if (labels != nullptr && labels->is_object()) {
    for (const auto& [key, value] : labels->items()) {
      if (key.starts_with(prefix)) {
        found.insert(key.substr(prefix.size()));
      } else if (key == "kubernetes.io/role" && value.is_string()) {
        found.insert(value.get<std::string>());
      }
    }
  }
  found.erase("");
  return or_else(fmt::format("{}", fmt::join(found, ",")), "<none>");
}

std::string address(const json& node, std::string_view type) {
  for (const json& one : list_at(node, {"status", "addresses"})) {
    if (string_at(one, {"type"}) == type) return string_at(one, {"address"});
  }
  return "<none>";
}

std::string info(const json& node, const char* field) {
  return string_at(node, {"status", "nodeInfo", field});
}

// Since v1.36 the architecture stands behind the kernel (kubernetes PR 132402).
std::string kernel(const json& node) {
  const std::string version = or_else(info(node, "kernelVersion"), "<unknown>");
  const std::string architecture = info(node, "architecture");
  return architecture.empty() ? version : fmt::format("{} ({})", version, architecture);
}

json node_cells(const json& node, WallTime now) {
  return {name_of(node),
          readiness(node),
          roles(node),
          age_of_object(node, now),
          info(node, "kubeletVersion"),
          address(node, "InternalIP"),
          address(node, "ExternalIP"),
          or_else(info(node, "osImage"), "<unknown>"),
          kernel(node),
          or_else(info(node, "containerRuntimeVersion"), "<unknown>")};
}

}  // namespace

const Printer& nodes() {
  static const Printer printer{
      {name_column(),
       {"Status", "string", "", 0, "Whether it is ready, and whether it takes new Pods."},
       {"Roles", "string", "", 0, "Roles that its labels give it."},
       age_column(),
       {"Version", "string", "", 0, "Version of the kubelet."},
       {"Internal-IP", "string", "", 1, "First address inside the cluster."},
       {"External-IP", "string", "", 1, "First address from outside."},
       {"OS-Image", "string", "", 1, "Operating system."},
       {"Kernel-Version", "string", "", 1, "Kernel and architecture."},
       {"Container-Runtime", "string", "", 1, "Container runtime and its version."}},
      node_cells};
  return printer;
}

}  // namespace fakeapi::cluster::columns
