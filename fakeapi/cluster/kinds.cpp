// The rows. Names, verbs and hashes are those of kube-apiserver v1.37.2
// (tests/golden/discovery.json); a new kind is a new row and, where it has rules of its own, a file
// in rules/.
#include "fakeapi/cluster/kinds.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;
using Verbs = std::vector<std::string_view>;

const Verbs all_verbs = {"create", "delete", "deletecollection", "get",
                         "list",   "patch",  "update",           "watch"};
const Verbs namespace_verbs = {"create", "delete", "get", "list", "patch", "update", "watch"};
const Verbs status_verbs = {"get", "patch", "update"};

std::string status_phase(const json& o) { return string_at(o, {"status", "phase"}); }

std::string or_default(std::string value, const char* fallback) {
  return value.empty() ? fallback : value;
}

// pkg/apis/core/v1/conversion.go and registry/core/pod/strategy.go (ToSelectableFields).
std::vector<SelectableField> pod_fields() {
  return {
      {"spec.nodeName",
       [](const json& o) {
         return string_at(o, {"spec", "nodeName"});
       }},
      {"spec.restartPolicy",
       [](const json& o) {
         return string_at(o, {"spec", "restartPolicy"});
       }},
      {"spec.schedulerName",
       [](const json& o) {
         return string_at(o, {"spec", "schedulerName"});
       }},
      {"spec.serviceAccountName",
       [](const json& o) {
         return string_at(o, {"spec", "serviceAccountName"});
       }},
      {"spec.hostNetwork",
       [](const json& o) {
         const json* on = find_at(o, {"spec", "hostNetwork"});
         return std::string(on != nullptr && on->is_boolean() && on->get<bool>() ? "true"
                                                                                 : "false");
       }},
      {"status.phase", status_phase},
      {"status.podIP",
       [](const json& o) {
         return string_at(o, {"status", "podIP"});
       }},
      {"status.podIPs",
       [](const json& o) {
         return string_at(o, {"status", "podIP"});
       }},
      {"status.nominatedNodeName",
       [](const json& o) {
         return string_at(o, {"status", "nominatedNodeName"});
       }},
  };
}

std::vector<SelectableField> service_fields() {
  return {
      {"spec.clusterIP",
       [](const json& o) {
         return string_at(o, {"spec", "clusterIP"});
       }},
      {"spec.type",
       [](const json& o) {
         return or_default(string_at(o, {"spec", "type"}), "ClusterIP");
       }},
  };
}

std::vector<SelectableField> node_fields() {
  return {{"spec.unschedulable", [](const json& o) {
             const json* on = find_at(o, {"spec", "unschedulable"});
             return std::string(on != nullptr && on->is_boolean() && on->get<bool>() ? "true"
                                                                                     : "false");
           }}};
}

Kind core_kind(std::string_view kind, std::string_view plural, std::string_view singular) {
  Kind row;
  row.version = "v1";
  row.kind = kind;
  row.plural = plural;
  row.singular = singular;
  row.verbs = all_verbs;
  row.name_errors = names::dns_subdomain;
  return row;
}

Kind namespace_row() {
  Kind row = core_kind("Namespace", "namespaces", "namespace");
  row.namespaced = false;
  row.verbs = namespace_verbs;
  row.short_names = {"ns"};
  row.storage_version_hash = "Q3oi5N2YM8M=";
  row.subresources = {{"finalize", {"update"}}, {"status", status_verbs}};
  row.fields = {{"name",
                 [](const json& o) {
                   return string_at(o, {"metadata", "name"});
                 }},
                {"status.phase", status_phase}};
  row.own_field_errors = true;
  row.content = {"spec", "status"};
  row.name_errors = names::dns_label;
  row.rules = rules::namespace_rules();
  row.finalized_by_controller = true;
  return row;
}

Kind node_row() {
  Kind row = core_kind("Node", "nodes", "node");
  row.namespaced = false;
  row.short_names = {"no"};
  row.storage_version_hash = "XwShjMxG9Fs=";
  row.subresources = {{"status", status_verbs}};
  row.fields = node_fields();
  row.own_field_errors = true;
  row.content = {"spec", "status"};
  row.rules = rules::node_rules();
  return row;
}

Kind service_row() {
  Kind row = core_kind("Service", "services", "service");
  row.short_names = {"svc"};
  row.categories = {"all"};
  row.storage_version_hash = "0/CO1lhkEBI=";
  row.subresources = {{"status", status_verbs}};
  row.fields = service_fields();
  row.own_field_errors = true;
  row.content = {"spec", "status"};
  row.name_errors = names::dns_1035_label;
  row.rules = rules::service_rules();
  row.create_on_update = true;
  row.returns_deleted = true;
  return row;
}

Kind pod_row() {
  Kind row = core_kind("Pod", "pods", "pod");
  row.short_names = {"po"};
  row.categories = {"all"};
  row.storage_version_hash = "xPOwRZ+Yhw8=";
  row.subresources = {{"status", status_verbs}};
  row.fields = pod_fields();
  row.own_field_errors = true;
  row.content = {"spec", "status"};
  row.rules = rules::pod_rules();
  row.counts_generations = true;
  row.returns_deleted = true;
  row.graceful_delete = true;
  return row;
}

Kind endpoints_row() {
  Kind row = core_kind("Endpoints", "endpoints", "endpoints");
  row.short_names = {"ep"};
  row.storage_version_hash = "fWeeMqaN/OA=";
  row.content = {"subsets"};
  row.rules = rules::endpoints_rules();
  row.create_on_update = true;
  row.warning = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
  return row;
}

Kind endpoint_slice_row() {
  Kind row = core_kind("EndpointSlice", "endpointslices", "endpointslice");
  row.group = "discovery.k8s.io";
  row.storage_version_hash = "qgS0xkrxYAI=";
  row.content = {"addressType", "endpoints", "ports"};
  row.rules = rules::endpoint_slice_rules();
  row.counts_generations = true;
  row.labels_count = true;
  return row;
}

std::vector<Kind> make_table() {
  std::vector<Kind> table = {namespace_row(), node_row(),      pod_row(),
                             service_row(),   endpoints_row(), endpoint_slice_row()};
  for (std::size_t i = 0; i < table.size(); ++i) table[i].index = i;
  return table;
}

}  // namespace

bool Kind::allows(std::string_view verb) const {
  return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

const Subresource* Kind::subresource(std::string_view name) const {
  for (const Subresource& one : subresources) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

std::string Kind::api_version() const {
  return group.empty() ? std::string(version) : fmt::format("{}/{}", group, version);
}

std::string Kind::qualified_resource() const {
  return group.empty() ? std::string(plural) : fmt::format("{}.{}", plural, group);
}

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> table = make_table();
  return table;
}

const Kind* find_kind(std::string_view group, std::string_view version, std::string_view plural) {
  for (const Kind& kind : kinds()) {
    if (kind.plural == plural && kind.group == group && kind.version == version) return &kind;
  }
  return nullptr;
}

bool group_version_exists(std::string_view group, std::string_view version) {
  return std::any_of(kinds().begin(), kinds().end(), [&](const Kind& kind) {
    return kind.group == group && kind.version == version;
  });
}

const Kind& kind_of(std::string_view plural) {
  for (const Kind& kind : kinds()) {
    if (kind.plural == plural) return kind;
  }
  std::abort();
}

}  // namespace fakeapi::cluster
