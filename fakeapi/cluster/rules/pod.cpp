// Pods: the defaults that a reader of the API sees, and what an update may touch (recordings:
// pods-services.json).
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::rules {
namespace {

using nlohmann::json;

void shape_probe(json& container, const char* key) {
  const auto probe = container.find(key);
  if (probe == container.end() || !probe->is_object()) return;
  set_default(*probe, "timeoutSeconds", 1);
  set_default(*probe, "periodSeconds", 10);
  set_default(*probe, "successThreshold", 1);
  set_default(*probe, "failureThreshold", 3);
  if (const auto http = probe->find("httpGet"); http != probe->end() && http->is_object()) {
    set_default(*http, "path", "/");
    set_default(*http, "scheme", "HTTP");
  }
}

// :latest, and an image without a tag, is pulled each time (pkg/apis/core/v1/defaults.go).
const char* pull_policy(const std::string& image) {
  const std::size_t slash = image.rfind('/');
  const std::size_t tag = image.rfind(':');
  const bool tagged = tag != std::string::npos && (slash == std::string::npos || tag > slash);
  const bool digest = image.find('@') != std::string::npos;
  if (digest) return "IfNotPresent";
  return !tagged || image.compare(tag, std::string::npos, ":latest") == 0 ? "Always"
                                                                          : "IfNotPresent";
}

void shape_container(json& container) {
  if (!container.is_object()) return;
  for (json& port : elements(container, "ports")) {
    if (port.is_object()) set_default(port, "protocol", "TCP");
  }
  for (const char* probe : {"livenessProbe", "readinessProbe", "startupProbe"})
    shape_probe(container, probe);
  object_at(container, "resources");
  set_default(container, "terminationMessagePath", "/dev/termination-log");
  set_default(container, "terminationMessagePolicy", "File");
  set_default(container, "imagePullPolicy", pull_policy(string_at(container, {"image"})));
}

// Admission plug-ins DefaultTolerationSeconds and Priority add these; a real server shows them on
// every Pod.
void shape_admitted(json& spec) {
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

void shape(json& object) {
  json& spec = object_at(object, "spec");
  for (const char* list : {"containers", "initContainers"}) {
    for (json& container : elements(spec, list)) shape_container(container);
  }
  drop_empty(spec, {"nodeName", "initContainers", "volumes"});
  set_default(spec, "restartPolicy", "Always");
  set_default(spec, "terminationGracePeriodSeconds", 30);
  set_default(spec, "dnsPolicy", "ClusterFirst");
  object_at(spec, "securityContext");
  set_default(spec, "schedulerName", "default-scheduler");
  set_default(spec, "enableServiceLinks", true);
  shape_admitted(spec);
  json& status = object_at(object, "status");
  for (json& condition : elements(status, "conditions")) {
    if (!condition.is_object()) continue;
    set_default(condition, "lastProbeTime", nullptr);
    set_default(condition, "lastTransitionTime", nullptr);
  }
  drop_empty(status, {"conditions", "podIP", "podIPs", "hostIP", "hostIPs"});
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
  const auto containers = elements(spec, "containers");
  if (containers.empty()) errors.push_back(required_value("spec.containers"));
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const std::string path = at("spec.containers", i);
    const std::string name = string_at(containers[i], {"name"});
    if (name.empty()) {
      errors.push_back(required_value(path + ".name"));
    } else {
      for (const std::string& why : names::dns_label(name, false)) {
        errors.push_back(invalid_value(path + ".name", in_quotes(name), why));
      }
    }
    if (string_at(containers[i], {"image"}).empty())
      errors.push_back(required_value(path + ".image"));
  }
  if (old != nullptr && fixed_part(spec) != fixed_part(old->at("spec"))) {
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
  rules.shape = shape;
  rules.before_create = before_create;
  rules.before_update = before_update;
  rules.validate = validate;
  return rules;
}

}  // namespace fakeapi::cluster::rules
