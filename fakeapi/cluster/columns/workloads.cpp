// Deployments, ReplicaSets, StatefulSets, DaemonSets and Jobs: how many Pods they want and have.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

constexpr Path template_spec = {"spec", "template", "spec"};

const json* selector_of(const json& object) { return find_at(object, {"spec", "selector"}); }

std::string ready_of_desired(const json& object) {
  return fmt::format("{}/{}", integer_at(object, {"status", "readyReplicas"}),
                     integer_at(object, {"spec", "replicas"}));
}

json deployment_cells(const json& object, WallTime now) {
  const ContainerTexts containers = container_texts(object, template_spec);
  return {name_of(object), ready_of_desired(object),
          integer_at(object, {"status", "updatedReplicas"}),
          integer_at(object, {"status", "availableReplicas"}), age_of_object(object, now),
          containers.names, containers.images,
          // The one kind whose selector is empty and not "<none>" (printDeployment).
          selector_text(selector_of(object)).value_or("<invalid>")};
}

json replica_set_cells(const json& object, WallTime now) {
  const ContainerTexts containers = container_texts(object, template_spec);
  return {name_of(object),
          integer_at(object, {"spec", "replicas"}),
          integer_at(object, {"status", "replicas"}),
          integer_at(object, {"status", "readyReplicas"}),
          age_of_object(object, now),
          containers.names,
          containers.images,
          selector_or_none(selector_of(object))};
}

json stateful_set_cells(const json& object, WallTime now) {
  const ContainerTexts containers = container_texts(object, template_spec);
  return {name_of(object), ready_of_desired(object), age_of_object(object, now), containers.names,
          containers.images};
}

json daemon_set_cells(const json& object, WallTime now) {
  const ContainerTexts containers = container_texts(object, template_spec);
  return {name_of(object),
          integer_at(object, {"status", "desiredNumberScheduled"}),
          integer_at(object, {"status", "currentNumberScheduled"}),
          integer_at(object, {"status", "numberReady"}),
          integer_at(object, {"status", "updatedNumberScheduled"}),
          integer_at(object, {"status", "numberAvailable"}),
          labels_text(find_at(object, {"spec", "template", "spec", "nodeSelector"})),
          age_of_object(object, now),
          containers.names,
          containers.images,
          selector_or_none(selector_of(object))};
}

// The first of these that holds; being deleted stands between the final and the passing ones.
std::string job_status(const json& job) {
  const json& conditions = list_at(job, {"status", "conditions"});
  for (const char* type : {"Complete", "Failed"}) {
    if (condition_holds(conditions, type)) return type;
  }
  if (present(job, {"metadata", "deletionTimestamp"})) return "Terminating";
  for (const char* type : {"Suspended", "FailureTarget", "SuccessCriteriaMet"}) {
    if (condition_holds(conditions, type)) return type;
  }
  return "Running";
}

// A Job without spec.completions is done when one Pod succeeds: a work queue.
std::string completions(const json& job) {
  const auto succeeded = integer_at(job, {"status", "succeeded"});
  if (present(job, {"spec", "completions"}))
    return fmt::format("{}/{}", succeeded, integer_at(job, {"spec", "completions"}));
  const auto parallelism = integer_at(job, {"spec", "parallelism"});
  return parallelism > 1 ? fmt::format("{}/1 of {}", succeeded, parallelism)
                         : fmt::format("{}/1", succeeded);
}

std::string job_duration(const json& job, WallTime now) {
  const auto start = time_of(find_at(job, {"status", "startTime"}));
  if (!start) return {};
  return human_duration(time_of(find_at(job, {"status", "completionTime"})).value_or(now) - *start);
}

json job_cells(const json& job, WallTime now) {
  const ContainerTexts containers = container_texts(job, template_spec);
  return {name_of(job),
          job_status(job),
          completions(job),
          job_duration(job, now),
          age_of_object(job, now),
          containers.names,
          containers.images,
          selector_or_none(selector_of(job))};
}

Column containers_column() {
  return {"Containers", "string", "", 1, "Names of the template's containers."};
}

Column images_column() {
  return {"Images", "string", "", 1, "Images of the template's containers."};
}

Column selector_column() { return {"Selector", "string", "", 1, "Labels of the Pods that count."}; }

Column count(const char* name, const char* description) {
  return {name, "integer", "", 0, description};
}

}  // namespace

// The counts are integers in columns that say "string".
const Printer& deployments() {
  static const Printer printer{
      {name_column(),
       {"Ready", "string", "", 0, "Pods that are ready, of those wanted."},
       {"Up-to-date", "string", "", 0, "Pods of the newest template."},
       {"Available", "string", "", 0, "Pods that have been ready long enough."},
       age_column(),
       containers_column(),
       images_column(),
       selector_column()},
      deployment_cells};
  return printer;
}

const Printer& replica_sets() {
  static const Printer printer{
      {name_column(), count("Desired", "Pods wanted."), count("Current", "Pods that exist."),
       count("Ready", "Pods that are ready."), age_column(), containers_column(), images_column(),
       selector_column()},
      replica_set_cells};
  return printer;
}

const Printer& stateful_sets() {
  static const Printer printer{{name_column(),
                                {"Ready", "string", "", 0, "Pods that are ready, of those wanted."},
                                age_column(),
                                containers_column(),
                                images_column()},
                               stateful_set_cells};
  return printer;
}

const Printer& daemon_sets() {
  static const Printer printer{
      {name_column(),
       count("Desired", "Nodes that should run a Pod."),
       count("Current", "Nodes that should and do."),
       count("Ready", "Pods that are ready."),
       count("Up-to-date", "Pods of the newest template."),
       count("Available", "Pods that have been ready long enough."),
       {"Node Selector", "string", "", 0, "Labels of the nodes that should run a Pod."},
       age_column(),
       containers_column(),
       images_column(),
       selector_column()},
      daemon_set_cells};
  return printer;
}

const Printer& jobs() {
  static const Printer printer{
      {name_column(),
       {"Status", "string", "", 0, "How far it is."},
       {"Completions", "string", "", 0, "Pods that succeeded, of those wanted."},
       {"Duration", "string", "", 0, "Time from its start to its end or until now."},
       age_column(),
       containers_column(),
       images_column(),
       selector_column()},
      job_cells};
  return printer;
}

}  // namespace fakeapi::cluster::columns
