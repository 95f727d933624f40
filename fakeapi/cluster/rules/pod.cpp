// Pods: the defaults that a reader of the API sees, and what an update may touch (recordings:
// pods-services.json).
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/rules.hpp"

namespace fakeapi::cluster::rules {
namespace {

using nlohmann::json;

// Admission plug-ins DefaultTolerationSeconds and Priority add these; a real server shows them on
// every Pod.
void admit(json& spec) {
  if (!spec.contains("tolerations")) {
    for (const char* key : {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"}) {
      spec["tolerations"].push_back({{"key", key},
                                     {"operator", "Exists"},
                                     {"effect", "NoExecute"},
                                     {"tolerationSeconds", 300}});
    }
  }
  set_default(spec, "priority", 0);
  set_default(spec, "preemptionPolicy", "PreemptLowerPriority");
}

// A limit that has no request is its own request (SetDefaults_Pod).
void default_requests(json& container) {
  const json limits = container.value("resources", json::object()).value("limits", json::object());
  for (const auto& [name, value] : limits.items()) {
    set_default(object_at(object_at(container, "resources"), "requests"), name.c_str(), value);
  }
}

void defaults(json& object) {
  json& spec = object_at(object, "spec");
  default_pod_spec(spec);
  set_default(spec, "enableServiceLinks", true);
  for (const char* list : {"containers", "initContainers"}) {
    for (json& container : elements(spec, list)) default_requests(container);
  }
  json& status = object_at(object, "status");
  // podIP is the first of podIPs; either may be written alone (pkg/apis/core/v1/conversion.go).
  const auto ips = elements(status, "podIPs");
  if (!ips.empty() && !status.contains("podIP")) status["podIP"] = string_at(ips.front(), {"ip"});
  if (ips.empty() && status.contains("podIP")) status["podIPs"] = {{{"ip", status["podIP"]}}};
}

// pkg/apis/core/helper/qos: Guaranteed when every container's limits cover cpu and memory and equal
// its requests.
std::string qos_class(const json& spec) {
  bool any = false;
  bool guaranteed = true;
  for (const char* list : {"containers", "initContainers"}) {
    for (const json& container : elements(spec, list)) {
      const json* limits = find_at(container, {"resources", "limits"});
      const json* requests = find_at(container, {"resources", "requests"});
      for (const char* resource : {"cpu", "memory"}) {
        const json* limit = limits != nullptr ? find_at(*limits, {resource}) : nullptr;
        const json* request = requests != nullptr ? find_at(*requests, {resource}) : nullptr;
        any = any || limit != nullptr || request != nullptr;
        guaranteed = guaranteed && limit != nullptr && (request == nullptr || *request == *limit);
      }
    }
  }
  if (!any) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
}

void before_create(json& object, RuleContext&) {
  admit(object["spec"]);
  object["status"] = {{"phase", "Pending"}, {"qosClass", qos_class(object["spec"])}};
}

void before_update(json& object, const json& old, RuleContext&) {
  object["status"] = old.value("status", json::object());
}

// What an update may change is taken out; the rest must be equal.
json fixed_part(json spec) {
  for (const char* list : {"containers", "initContainers"}) {
    for (json& container : elements(spec, list)) {
      if (container.is_object()) {
        container.erase("image");
        container.erase("imagePullPolicy");
      }
    }
  }
  for (const char* key :
       {"activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"}) {
    spec.erase(key);
  }
  return spec;
}

void validate(const json& object, const json* old, const RuleContext&, FieldErrors& errors) {
  const json& spec = object.at("spec");
  validate_pod_spec(spec, "spec", errors);
  // Most updates leave the spec alone, and are spared two copies of it.
  if (old != nullptr && spec != old->at("spec") &&
      fixed_part(spec) != fixed_part(old->at("spec"))) {
    errors.push_back(
        forbidden_value("spec",
                        "pod updates may not change fields other than `spec.containers[*].image`,"
                        "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec."
                        "tolerations` (only additions to "
                        "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to "
                        "be set to 1 if it was "
                        "previously negative)"));
  }
}

}  // namespace

Rules pod_rules() {
  Rules rules;
  rules.defaults = defaults;
  rules.before_create = before_create;
  rules.before_update = before_update;
  rules.validate = validate;
  return rules;
}

}  // namespace fakeapi::cluster::rules
