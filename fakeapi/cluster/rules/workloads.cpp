// Deployment, ReplicaSet, StatefulSet, DaemonSet and Job: objects that describe Pods. Nothing here
// runs them; a scenario or a client does (pkg/apis/{apps,batch}/v1/defaults.go and validation).
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/label_selector.hpp"
#include "fakeapi/cluster/object.hpp"
#include "fakeapi/cluster/rules/names.hpp"
#include "fakeapi/cluster/rules/rules.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::rules {
namespace {

using nlohmann::json;

void default_template(json& object) {
  json& spec = object_at(object, "spec");
  json& pod = object_at(object_at(spec, "template"), "spec");
  default_pod_spec(pod);
}

void default_rolling_update(json& spec, const char* key) {
  json& strategy = object_at(spec, key);
  set_default(strategy, "type", "RollingUpdate");
  if (string_at(strategy, {"type"}) != "RollingUpdate") return;
  json& rolling = object_at(strategy, "rollingUpdate");
  if (std::string_view(key) == "strategy") {
    set_default(rolling, "maxUnavailable", "25%");
    set_default(rolling, "maxSurge", "25%");
  }
}

void default_deployment(json& object) {
  default_template(object);
  json& spec = object["spec"];
  set_default(spec, "replicas", 1);
  default_rolling_update(spec, "strategy");
  set_default(spec, "revisionHistoryLimit", 10);
  set_default(spec, "progressDeadlineSeconds", 600);
}

void default_replica_set(json& object) {
  default_template(object);
  set_default(object["spec"], "replicas", 1);
}

void default_stateful_set(json& object) {
  default_template(object);
  json& spec = object["spec"];
  set_default(spec, "podManagementPolicy", "OrderedReady");
  default_rolling_update(spec, "updateStrategy");
  if (const auto rolling = spec["updateStrategy"].find("rollingUpdate");
      rolling != spec["updateStrategy"].end())
    set_default(*rolling, "partition", 0);
  json& retention = object_at(spec, "persistentVolumeClaimRetentionPolicy");
  set_default(retention, "whenDeleted", "Retain");
  set_default(retention, "whenScaled", "Retain");
  set_default(spec, "replicas", 1);
  set_default(spec, "revisionHistoryLimit", 10);
  for (json& claim : elements(spec, "volumeClaimTemplates")) {
    set_default(object_at(claim, "spec"), "volumeMode", "Filesystem");
    set_default(object_at(claim, "status"), "phase", "Pending");
  }
}

void default_daemon_set(json& object) {
  default_template(object);
  json& spec = object["spec"];
  default_rolling_update(spec, "updateStrategy");
  if (const auto rolling = spec["updateStrategy"].find("rollingUpdate");
      rolling != spec["updateStrategy"].end()) {
    set_default(*rolling, "maxUnavailable", 1);
    set_default(*rolling, "maxSurge", 0);
  }
  set_default(spec, "revisionHistoryLimit", 10);
}

void default_job(json& object) {
  default_template(object);
  json& spec = object["spec"];
  if (!spec.contains("completions") && !spec.contains("parallelism")) {
    spec["completions"] = 1;
    spec["parallelism"] = 1;
  }
  set_default(spec, "parallelism", 1);
  set_default(spec, "backoffLimit", 6);
  set_default(spec, "completionMode", "NonIndexed");
  set_default(spec, "suspend", false);
  set_default(spec, "manualSelector", false);
  set_default(spec, "podReplacementPolicy", "TerminatingOrFailed");
}

void reset_status(json& object, RuleContext&) { object["status"] = json::object(); }

void keep_status(json& object, const json& old, RuleContext&) {
  object["status"] = old.value("status", json::object());
}

// The counters of a ReplicaSet's and a DaemonSet's status are always written.
template <class... Keys>
void zero_status(json& object, Keys... keys) {
  object["status"] = json::object();
  (void(object["status"][keys] = 0), ...);
}

// A Job finds its Pods by its own uid (registry/batch/job/strategy.go, generateSelector).
void before_create_job(json& object, RuleContext& context) {
  reset_status(object, context);
  json& spec = object["spec"];
  if (spec.value("manualSelector", json()) == json(true)) return;
  const std::string uid = string_at(object, {"metadata", "uid"});
  json& labels = object_at(object_at(spec["template"], "metadata"), "labels");
  const std::string name = string_at(object, {"metadata", "name"});
  labels["batch.kubernetes.io/controller-uid"] = uid;
  labels["batch.kubernetes.io/job-name"] = name;
  labels["controller-uid"] = uid;
  labels["job-name"] = name;
  spec["selector"] = {{"matchLabels", {{"batch.kubernetes.io/controller-uid", uid}}}};
}

void validate_count(const json& spec, const char* key, FieldErrors& errors) {
  const auto it = spec.find(key);
  if (it != spec.end() && it->is_number_integer() && *it < 0) {
    errors.push_back(invalid_value(fmt::format("spec.{}", key), it->dump(),
                                   "must be greater than or equal to 0"));
  }
}

void validate_template(const json& object, FieldErrors& errors) {
  const json& spec = object.at("spec");
  const json* labels = find_at(spec, {"template", "metadata", "labels"});
  const json* selector = find_at(spec, {"selector", "matchLabels"});
  if (selector != nullptr && selector->is_object()) {
    for (const auto& [key, value] : selector->items()) {
      if (labels != nullptr && labels->value(key, json()) == value) continue;
      errors.push_back(invalid_value("spec.template.metadata.labels",
                                     labels != nullptr ? labels->dump() : "null",
                                     "`selector` does not match template `labels`"));
      break;
    }
  }
  if (const json* pod = find_at(spec, {"template", "spec"}))
    validate_pod_spec(*pod, "spec.template.spec", errors);
}

void validate_selector(const json& object, const json* old, FieldErrors& errors) {
  const json& spec = object.at("spec");
  const json selector = spec.value("selector", json());
  if (!selector.is_object()) {
    errors.push_back(required_value("spec.selector"));
  } else if (selector.empty()) {
    std::string kind = string_at(object, {"kind"});
    for (char& c : kind) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    errors.push_back(invalid_value("spec.selector", "{}", "empty selector is invalid for " + kind));
  } else {
    validate_label_selector(selector, "spec.selector", errors);
  }
  if (old != nullptr && old->at("spec").value("selector", json()) != selector) {
    errors.push_back(invalid_value("spec.selector", selector.dump(), "field is immutable"));
  }
}

void validate_set(const json& object, const json* old, const RuleContext&, FieldErrors& errors) {
  const json& spec = object.at("spec");
  for (const char* key : {"replicas", "minReadySeconds", "revisionHistoryLimit"})
    validate_count(spec, key, errors);
  validate_selector(object, old, errors);
  validate_template(object, errors);
  if (string_at(spec, {"template", "spec", "restartPolicy"}) != "Always") {
    errors.push_back(not_supported_value("spec.template.spec.restartPolicy",
                                         string_at(spec, {"template", "spec", "restartPolicy"}),
                                         {"Always"}));
  }
}

void validate_job(const json& object, const json* old, const RuleContext&, FieldErrors& errors) {
  const json& spec = object.at("spec");
  for (const char* key : {"parallelism", "completions", "backoffLimit", "ttlSecondsAfterFinished"})
    validate_count(spec, key, errors);
  validate_template(object, errors);
  const std::string restart = string_at(spec, {"template", "spec", "restartPolicy"});
  if (restart == "Always") {
    errors.push_back(required_value("spec.template.spec.restartPolicy",
                                    "valid values: \"OnFailure\", \"Never\""));
  }
  if (old == nullptr) return;
  for (const char* key : {"selector", "template", "completionMode"}) {
    if (spec.value(key, json()) != old->at("spec").value(key, json())) {
      errors.push_back(invalid_value(fmt::format("spec.{}", key), spec.value(key, json()).dump(),
                                     "field is immutable"));
    }
  }
}

Rules workload(void (*defaults)(json&)) {
  Rules rules;
  rules.defaults = defaults;
  rules.before_create = reset_status;
  rules.before_update = keep_status;
  rules.validate = validate_set;
  return rules;
}

}  // namespace

void validate_label_selector(const json& selector, const std::string& path, FieldErrors& errors) {
  if (const json* labels = find_at(selector, {"matchLabels"});
      labels != nullptr && labels->is_object()) {
    for (const auto& [key, value] : labels->items()) {
      for (const std::string& why : names::label_key(key))
        errors.push_back(invalid_value(path + ".matchLabels", in_quotes(key), why));
      if (!value.is_string()) continue;
      for (const std::string& why : names::label_value(value.get<std::string>()))
        errors.push_back(invalid_value(path + ".matchLabels", value.dump(), why));
    }
  }
  const auto expressions = elements(selector, "matchExpressions");
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const std::string here = at(path + ".matchExpressions", i);
    const std::string op = string_at(expressions[i], {"operator"});
    const bool empty = elements(expressions[i], "values").empty();
    if (op == "In" || op == "NotIn") {
      if (empty) {
        errors.push_back(required_value(here + ".values",
                                        "must be specified when `operator` is 'In' or 'NotIn'"));
      }
    } else if (op == "Exists" || op == "DoesNotExist") {
      if (!empty) {
        errors.push_back(
            forbidden_value(here + ".values",
                            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      }
    } else {
      errors.push_back(
          invalid_value(here + ".operator", in_quotes(op), "not a valid selector operator"));
    }
  }
}

Rules deployment_rules() { return workload(default_deployment); }

Rules replica_set_rules() {
  Rules rules = workload(default_replica_set);
  rules.before_create = [](json& object, RuleContext&) { zero_status(object, "replicas"); };
  return rules;
}

Rules stateful_set_rules() {
  Rules rules = workload(default_stateful_set);
  rules.before_create = [](json& object, RuleContext&) {
    zero_status(object, "replicas", "availableReplicas");
  };
  return rules;
}

Rules daemon_set_rules() {
  Rules rules = workload(default_daemon_set);
  rules.before_create = [](json& object, RuleContext&) {
    zero_status(object, "currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled",
                "numberReady");
    json& annotations = object_at(object["metadata"], "annotations");
    annotations["deprecated.daemonset.template.generation"] = "1";
  };
  return rules;
}

Rules job_rules() {
  Rules rules = workload(default_job);
  rules.before_create = before_create_job;
  rules.validate = validate_job;
  return rules;
}

}  // namespace fakeapi::cluster::rules
