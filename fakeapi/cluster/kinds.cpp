// The rows. Names and verbs are those of kube-apiserver v1.37.2 (tests/golden/discovery.json); a
// new kind is a new row, the recorded document of its group (schema/documents) and, where it has
// rules of its own, a function in rules/.
#include "fakeapi/cluster/kinds.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/events.hpp"
#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/schema/decode.hpp"
#include "fakeapi/cluster/schema/documents.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;
using Verbs = std::vector<std::string_view>;

const Verbs all_verbs = {"create", "delete", "deletecollection", "get",
                         "list",   "patch",  "update",           "watch"};
const Verbs namespace_verbs = {"create", "delete", "get", "list", "patch", "update", "watch"};
const Verbs status_verbs = {"get", "patch", "update"};
const Verbs create_only = {"create"};
const Verbs stream_verbs = {"create", "get"};
const Verbs proxy_verbs = {"create", "delete", "get", "patch", "update"};

// A field that is a string at a path of the object.
SelectableField text_field(std::string label, std::vector<std::string> path,
                           std::string fallback = {}) {
  return {std::move(label),
          [path = std::move(path), fallback = std::move(fallback)](const json& object) {
            const json* at = &object;
            for (const std::string& key : path) {
              const auto next = at->is_object() ? at->find(key) : at->end();
              if (!at->is_object() || next == at->end()) return fallback;
              at = &*next;
            }
            if (at->is_boolean()) return std::string(at->get<bool>() ? "true" : "false");
            if (at->is_number()) return at->dump();
            return at->is_string() ? at->get<std::string>() : fallback;
          }};
}

// pkg/apis/core/v1/conversion.go and registry/core/pod/strategy.go (ToSelectableFields).
std::vector<SelectableField> pod_fields() {
  return {text_field("spec.nodeName", {"spec", "nodeName"}),
          text_field("spec.restartPolicy", {"spec", "restartPolicy"}),
          text_field("spec.schedulerName", {"spec", "schedulerName"}),
          text_field("spec.serviceAccountName", {"spec", "serviceAccountName"}),
          text_field("spec.hostNetwork", {"spec", "hostNetwork"}, "false"),
          text_field("status.phase", {"status", "phase"}),
          text_field("status.podIP", {"status", "podIP"}),
          text_field("status.podIPs", {"status", "podIP"}),
          text_field("status.nominatedNodeName", {"status", "nominatedNodeName"})};
}

// pkg/apis/core/v1/conversion.go, AddFieldLabelConversionsForEvent.
std::vector<SelectableField> event_fields(const char* about, const char* component,
                                          const char* source) {
  std::vector<SelectableField> out;
  for (const char* key :
       {"kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"}) {
    out.push_back(text_field(fmt::format("{}.{}", about, key), {about, key}));
  }
  out.push_back(text_field("reason", {"reason"}));
  out.push_back(text_field("type", {"type"}));
  out.push_back(text_field(component, {component}));
  out.push_back(
      {"source", [source = std::string(source), component = std::string(component)](const json& o) {
         const std::string text = string_at(o, {source.c_str(), "component"});
         return text.empty() ? string_at(o, {component.c_str()}) : text;
       }});
  return out;
}

struct Names {
  const char* kind;
  const char* plural;
  std::vector<std::string> short_names = {};
};

Kind row_of(const char* group, Names names, const char* hash, Rules rules,
            const columns::Printer& (*printer)()) {
  Kind row;
  row.group = group;
  row.version = "v1";
  row.kind = names.kind;
  row.list_kind = row.kind + "List";
  row.plural = names.plural;
  row.singular = row.kind;
  for (char& c : row.singular) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  row.verbs = all_verbs;
  row.short_names = std::move(names.short_names);
  row.storage_version_hash = hash;
  row.name_errors = names::dns_subdomain;
  row.rules = rules;
  row.columns = printer;
  return row;
}

// By name, as discovery lists them.
void with(Kind& row, Subresource subresource) {
  const auto at = std::find_if(row.subresources.begin(), row.subresources.end(),
                               [&](const Subresource& one) { return one.name > subresource.name; });
  row.subresources.insert(at, std::move(subresource));
}

void with_status(Kind& row) {
  row.has_status = true;
  with(row, {"status", status_verbs, {}});
}

Kind namespace_row() {
  Kind row = row_of("", {"Namespace", "namespaces", {"ns"}},
                    "Q3oi5N2YM8M=", rules::namespace_rules(), columns::namespaces);
  row.namespaced = false;
  row.verbs = namespace_verbs;
  with(row, {"finalize", {"update"}, {}});
  with_status(row);
  row.fields = {text_field("name", {"metadata", "name"}),
                text_field("status.phase", {"status", "phase"})};
  row.own_field_errors = true;
  row.name_errors = names::dns_label;
  row.finalized_by_controller = true;
  return row;
}

Kind node_row() {
  Kind row =
      row_of("", {"Node", "nodes", {"no"}}, "XwShjMxG9Fs=", rules::node_rules(), columns::nodes);
  row.namespaced = false;
  with_status(row);
  with(row, {"proxy", proxy_verbs, {"", "", "NodeProxyOptions"}});
  row.fields = {text_field("spec.unschedulable", {"spec", "unschedulable"}, "false")};
  row.own_field_errors = true;
  return row;
}

Kind service_row() {
  Kind row = row_of("", {"Service", "services", {"svc"}}, "0/CO1lhkEBI=", rules::service_rules(),
                    columns::services);
  row.categories = {"all"};
  with_status(row);
  with(row, {"proxy", proxy_verbs, {"", "", "ServiceProxyOptions"}});
  row.fields = {text_field("spec.clusterIP", {"spec", "clusterIP"}),
                text_field("spec.type", {"spec", "type"}, "ClusterIP")};
  row.own_field_errors = true;
  row.name_errors = names::dns_1035_label;
  row.create_on_update = true;
  row.returns_deleted = true;
  return row;
}

Kind pod_row() {
  Kind row = row_of("", {"Pod", "pods", {"po"}}, "xPOwRZ+Yhw8=", rules::pod_rules(), columns::pods);
  row.categories = {"all"};
  with_status(row);
  with(row, {"attach", stream_verbs, {"", "", "PodAttachOptions"}});
  with(row, {"binding", create_only, {"", "", "Binding"}});
  with(row, {"ephemeralcontainers", status_verbs, {}});
  with(row, {"eviction", create_only, {"policy", "v1", "Eviction"}});
  with(row, {"exec", stream_verbs, {"", "", "PodExecOptions"}});
  with(row, {"log", {"get"}, {}});
  with(row, {"portforward", stream_verbs, {"", "", "PodPortForwardOptions"}});
  with(row, {"proxy", proxy_verbs, {"", "", "PodProxyOptions"}});
  with(row, {"resize", status_verbs, {}});
  row.fields = pod_fields();
  row.own_field_errors = true;
  row.counts_generations = true;
  row.returns_deleted = true;
  row.graceful_delete = true;
  return row;
}

Kind endpoints_row() {
  Kind row = row_of("", {"Endpoints", "endpoints", {"ep"}},
                    "fWeeMqaN/OA=", rules::endpoints_rules(), columns::endpoints);
  row.create_on_update = true;
  row.warning = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
  return row;
}

Kind endpoint_slice_row() {
  Kind row = row_of("discovery.k8s.io", {"EndpointSlice", "endpointslices"},
                    "qgS0xkrxYAI=", rules::endpoint_slice_rules(), columns::endpoint_slices);
  row.counts_generations = true;
  row.labels_count = true;
  return row;
}

Kind secret_row() {
  Kind row =
      row_of("", {"Secret", "secrets"}, "S6u1pOWzb84=", rules::secret_rules(), columns::secrets);
  row.fields = {text_field("type", {"type"})};
  row.own_field_errors = true;
  return row;
}

Kind event_row() {
  Kind row = row_of("", {"Event", "events", {"ev"}}, "r2yiGXH7wu8=", rules::event_rules(),
                    columns::events);
  row.fields = event_fields("involvedObject", "reportingComponent", "source");
  row.own_field_errors = true;
  row.create_on_update = true;
  return row;
}

Kind new_event_row() {
  Kind row = row_of("events.k8s.io", {"Event", "events", {"ev"}},
                    "r2yiGXH7wu8=", rules::new_event_rules(), columns::events);
  row.fields = event_fields("regarding", "reportingController", "deprecatedSource");
  row.own_field_errors = true;
  row.create_on_update = true;
  return row;
}

Kind service_account_row() {
  Kind row = row_of("", {"ServiceAccount", "serviceaccounts", {"sa"}},
                    "pbx9ZvyFpBE=", rules::service_account_rules(), columns::service_accounts);
  with(row, {"token", create_only, {"authentication.k8s.io", "v1", "TokenRequest"}});
  row.returns_deleted = true;
  return row;
}

Kind lease_row() {
  Kind row = row_of("coordination.k8s.io", {"Lease", "leases"},
                    "gqkMMb/YqFM=", rules::lease_rules(), columns::leases);
  row.create_on_update = true;
  row.needs_version_to_update = true;
  return row;
}

Kind workload_row(Names names, const char* hash, Rules rules,
                  const columns::Printer& (*printer)()) {
  Kind row = row_of("apps", std::move(names), hash, rules, printer);
  row.categories = {"all"};
  row.counts_generations = true;
  with_status(row);
  return row;
}

void with_scale(Kind& row) {
  with(row, {"scale", status_verbs, {"autoscaling", "v1", "Scale"}});
  row.scale = {{"spec", "replicas"}, {"status", "replicas"}, {"spec", "selector"}};
}

std::vector<Kind> workload_rows() {
  std::vector<Kind> rows;
  rows.push_back(workload_row({"Deployment", "deployments", {"deploy"}},
                              "8aSe+NMegvE=", rules::deployment_rules(), columns::deployments));
  rows.push_back(workload_row({"ReplicaSet", "replicasets", {"rs"}},
                              "P1RzHs8/mWQ=", rules::replica_set_rules(), columns::replica_sets));
  rows.back().fields = {text_field("status.replicas", {"status", "replicas"}, "0")};
  rows.push_back(workload_row({"StatefulSet", "statefulsets", {"sts"}},
                              "H+vl74LkKdo=", rules::stateful_set_rules(), columns::stateful_sets));
  for (Kind& row : rows) with_scale(row);
  rows.push_back(workload_row({"DaemonSet", "daemonsets", {"ds"}},
                              "dd7pWHUlMKQ=", rules::daemon_set_rules(), columns::daemon_sets));
  Kind job = row_of("batch", {"Job", "jobs"}, "mudhfqk/qZY=", rules::job_rules(), columns::jobs);
  job.categories = {"all"};
  job.counts_generations = true;
  with_status(job);
  job.fields = {text_field("status.successful", {"status", "succeeded"}, "0")};
  job.own_field_errors = true;
  rows.push_back(std::move(job));
  return rows;
}

Kind rbac_row(Names names, const char* hash, bool namespaced, Rules rules,
              const columns::Printer& (*printer)()) {
  Kind row = row_of("rbac.authorization.k8s.io", std::move(names), hash, rules, printer);
  row.namespaced = namespaced;
  row.name_errors = names::path_segment;
  row.create_on_update = true;
  return row;
}

Kind custom_definition_row() {
  Kind row = row_of("apiextensions.k8s.io",
                    {"CustomResourceDefinition", "customresourcedefinitions", {"crd", "crds"}},
                    "jfWCUB31mvA=", rules::custom_definition_rules(),
                    columns::custom_resource_definitions);
  row.namespaced = false;
  row.categories = {"api-extensions"};
  row.counts_generations = true;
  row.needs_version_to_update = true;
  with_status(row);
  return row;
}

// Kinds of the core group that nothing here acts on: stored and served as they are.
std::deque<Kind> other_core_rows() {
  std::deque<Kind> rows;  // references to rows stay valid
  const auto add = [&rows](Names names, const char* hash) -> Kind& {
    rows.push_back(row_of("", std::move(names), hash, {}, columns::name_and_creation));
    return rows.back();
  };
  add({"LimitRange", "limitranges", {"limits"}}, "EBKMFVe6cwo=");
  add({"PodTemplate", "podtemplates"}, "LIXB2x4IFpk=").returns_deleted = true;
  Kind& quota = add({"ResourceQuota", "resourcequotas", {"quota"}}, "8uhSgffRX6w=");
  quota.returns_deleted = true;
  with_status(quota);
  Kind& claim = add({"PersistentVolumeClaim", "persistentvolumeclaims", {"pvc"}}, "QWTyNDq0dC4=");
  claim.returns_deleted = true;
  with_status(claim);
  Kind& volume = add({"PersistentVolume", "persistentvolumes", {"pv"}}, "HN/zwEC+JgM=");
  volume.namespaced = false;
  volume.returns_deleted = true;
  with_status(volume);
  Kind& controller =
      add({"ReplicationController", "replicationcontrollers", {"rc"}}, "Jond2If31h0=");
  controller.categories = {"all"};
  controller.counts_generations = true;
  with_status(controller);
  with_scale(controller);
  Kind& health = add({"ComponentStatus", "componentstatuses", {"cs"}}, "");
  health.namespaced = false;
  health.verbs = {"get", "list"};
  return rows;
}

// What is asked for by a create and answered at once.
Kind review_row(const char* group, const char* kind, const char* plural, bool namespaced = false) {
  Kind row = row_of(group, {kind, plural}, "", {}, columns::name_and_creation);
  row.namespaced = namespaced;
  row.verbs = {"create"};
  row.virtual_kind = true;
  return row;
}

// Converted, and then written as its own type writes it.
Twin twin_of(const Kind& kind, json (*rename)(const json& object)) {
  return {&kind, [&kind, rename](const json& object) {
            json converted = rename(object);
            schema::decode(kind.type(), converted);
            return converted;
          }};
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
  return group.empty() ? version : fmt::format("{}/{}", group, version);
}

std::string Kind::qualified_resource() const {
  return group.empty() ? plural : fmt::format("{}.{}", plural, group);
}

std::string Kind::qualified_kind() const {
  return group.empty() ? kind : fmt::format("{}.{}", kind, group);
}

const schema::Type& Kind::type() const {
  if (custom_type != nullptr) return *custom_type;
  const schema::Types* types = schema::types_of(group, version);
  const schema::Type* found = types != nullptr ? types->find(group, version, kind) : nullptr;
  assert(found != nullptr && "a kind has no schema");
  return *found;
}

const columns::Printer& Kind::printer() const { return custom ? *custom->printer : columns(); }

Kinds::Kinds() {
  for (auto* make : {namespace_row, node_row, pod_row, service_row, endpoints_row,
                     endpoint_slice_row, secret_row, event_row, new_event_row, service_account_row,
                     lease_row, custom_definition_row}) {
    add(make());
  }
  add(row_of("", {"ConfigMap", "configmaps", {"cm"}}, "qFsyl6wFWjQ=", rules::config_map_rules(),
             columns::config_maps));
  for (Kind& row : workload_rows()) add(std::move(row));
  add(rbac_row({"Role", "roles"}, "7FuwZcIIItM=", true, rules::role_rules(),
               columns::name_and_creation));
  add(rbac_row({"RoleBinding", "rolebindings"}, "eGsCzGH6b1g=", true, rules::role_binding_rules(),
               columns::role_bindings));
  add(rbac_row({"ClusterRole", "clusterroles"}, "bYE5ZWDrJ44=", false, rules::role_rules(),
               columns::name_and_creation));
  add(rbac_row({"ClusterRoleBinding", "clusterrolebindings"}, "48tpQ8gZHFc=", false,
               rules::role_binding_rules(), columns::cluster_role_bindings));
  for (Kind& row : other_core_rows()) add(std::move(row));
  add(review_row("", "Binding", "bindings", true));
  constexpr const char* authorization = "authorization.k8s.io";
  add(review_row(authorization, "SelfSubjectAccessReview", "selfsubjectaccessreviews"));
  add(review_row(authorization, "SelfSubjectRulesReview", "selfsubjectrulesreviews"));
  add(review_row(authorization, "SubjectAccessReview", "subjectaccessreviews"));
  add(review_row(authorization, "LocalSubjectAccessReview", "localsubjectaccessreviews", true));
  constexpr const char* authentication = "authentication.k8s.io";
  add(review_row(authentication, "SelfSubjectReview", "selfsubjectreviews"));
  add(review_row(authentication, "TokenReview", "tokenreviews"));

  Kind& old_events = edit(of("events"));
  Kind& new_events = edit(of("events", "events.k8s.io"));
  old_events.twins = {twin_of(new_events, events::to_new)};
  new_events.twins = {twin_of(old_events, events::to_old)};
}

const Kind* Kinds::find(std::string_view group, std::string_view version,
                        std::string_view plural) const {
  for (const Kind& row : rows_) {
    if (row.served && row.plural == plural && row.group == group && row.version == version)
      return &row;
  }
  return nullptr;
}

const Kind* Kinds::find_kind(std::string_view group, std::string_view version,
                             std::string_view kind) const {
  for (const Kind& row : rows_) {
    if (row.served && row.kind == kind && row.group == group && row.version == version) return &row;
  }
  return nullptr;
}

bool Kinds::serves(std::string_view group, std::string_view version) const {
  return std::any_of(rows_.begin(), rows_.end(), [&](const Kind& row) {
    return row.served && row.group == group && row.version == version;
  });
}

const Kind& Kinds::of(std::string_view plural, std::string_view group) const {
  for (const Kind& row : rows_) {
    if (row.plural == plural && (row.group == group || group.empty())) return row;
  }
  assert(false && "the table has no such row");
  return rows_.front();
}

Kind& Kinds::add(Kind row) {
  row.index = rows_.size();
  rows_.push_back(std::move(row));
  return rows_.back();
}

}  // namespace fakeapi::cluster
