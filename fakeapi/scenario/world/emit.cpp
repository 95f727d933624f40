// From changes of Pods to what is sent and what begins or ceases to listen.
#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "fakeapi/scenario/language/scalars.hpp"
#include "fakeapi/scenario/world/applied_pods.hpp"
#include "fakeapi/scenario/world/operations.hpp"
#include "fakeapi/scenario/world/world.hpp"

namespace fakeapi::scenario {
namespace {

constexpr int grace_period_seconds = 30;  // the default of Pods (core/v1 PodSpec)

bool is_at_address(const PodNow& pod) {
  return pod.shows == Shows::ready || pod.shows == Shows::not_ready;
}

bool listener_moves(const PodChange& change) {
  return change.before.host != change.after.host || is_new_pod(change.before, change.after);
}

bool needs_patch(const PodChange& change) {
  if (!is_at_address(change.after)) return false;
  return is_new_pod(change.before, change.after) || change.before.shows != change.after.shows ||
         change.before.host != change.after.host;
}

/// The actions of one step's Pods, in their order.
class PodActions {
 public:
  PodActions(const Scenario& scenario, const std::vector<PodName>& pods,
             std::vector<Action>& actions)
      : scenario_(scenario), pods_(pods), namespace_(scenario.namespace_name), actions_(actions) {}

  void stop_listening(const PodChange& change) {
    const bool stops = !change.after.listens || listener_moves(change);
    if (change.before.listens && stops) listen(change, change.before, false);
  }

  void start_listening(const PodChange& change) {
    const bool starts = !change.before.listens || listener_moves(change);
    if (change.after.listens && starts) listen(change, change.after, true);
  }

  void replace_object(const PodChange& change) {
    const bool existed = change.before.shows != Shows::absent;
    const bool is_new = is_new_pod(change.before, change.after);
    if (existed && (is_new || change.after.shows == Shows::absent))
      actions_.emplace_back(delete_pod(namespace_, name_of(change), 0));
    if (is_new) actions_.emplace_back(post_pod(namespace_, service_of(change), name_of(change)));
    const bool was_terminating = change.before.shows == Shows::terminating;
    if (change.after.shows == Shows::terminating && !was_terminating)
      actions_.emplace_back(delete_pod(namespace_, name_of(change), grace_period_seconds));
  }

  void report_status(const PodChange& change) {
    if (!needs_patch(change)) return;
    actions_.emplace_back(patch_pod_status(namespace_, name_of(change),
                                           to_address(change.after.host), change.after.ready));
  }

 private:
  void listen(const PodChange& change, const PodNow& pod, bool listening) {
    const Service& service = service_of(change);
    std::vector<int> ports;
    for (const auto& [name, number] : service.ports) ports.push_back(number);
    actions_.emplace_back(
        Listen{service.name, name_of(change), to_address(pod.host), std::move(ports), listening});
  }

  const Service& service_of(const PodChange& change) const {
    return scenario_.services[pods_[change.pod].service];
  }
  const std::string& name_of(const PodChange& change) const { return pods_[change.pod].name; }

  const Scenario& scenario_;
  const std::vector<PodName>& pods_;
  const std::string& namespace_;
  std::vector<Action>& actions_;
};

}  // namespace

void World::emit(const std::vector<PodChange>& changes, std::vector<Action>& actions) const {
  PodActions pods(scenario_, pods_, actions);
  for (const PodChange& change : changes) pods.stop_listening(change);
  for (const PodChange& change : changes) pods.replace_object(change);
  for (const PodChange& change : changes) pods.start_listening(change);
  for (const PodChange& change : changes) pods.report_status(change);
}

void World::emit_services(const ScenarioStep& step, std::vector<Action>& actions) {
  for (const auto& [name, there] : step.services) {
    const auto service = std::find_if(
        scenario_.services.begin(), scenario_.services.end(),
        [&, wanted = std::string_view(name)](const Service& each) { return each.name == wanted; });
    if (service == scenario_.services.end()) continue;
    const auto index = static_cast<std::size_t>(service - scenario_.services.begin());
    if (services_there_[index] == there) continue;
    services_there_[index] = there;
    if (there) {
      actions.emplace_back(post_service(scenario_.namespace_name, *service));
    } else {
      actions.emplace_back(Remove{"Service", "v1", scenario_.namespace_name, name, 0});
    }
  }
}

// A Service of the scenario that a step applies or deletes by itself is there or not all the same.
void World::note_service(const std::string& namespace_name, const std::string& name, bool there) {
  if (namespace_name != scenario_.namespace_name) return;
  for (std::size_t i = 0; i < scenario_.services.size(); ++i) {
    if (scenario_.services[i].name == name) services_there_[i] = there;
  }
}

// As in a recording: what ceases to listen before the API is told, and what begins, too. A Pod of
// the scenario's own that is deleted is gone already, as one that is absent.
void World::emit_objects(const ScenarioStep& step, std::vector<Action>& actions) {
  for (const Remove& remove : step.remove) {
    if (own_pod(remove)) continue;
    if (remove.kind == "Service") note_service(remove.namespace_name, remove.name, false);
    if (remove.kind == "Namespace") namespaces_.erase(remove.name);
    for (Listen& listen : applied_->removed(remove)) actions.emplace_back(std::move(listen));
    actions.emplace_back(remove);
  }
  for (const auto& object : step.apply) {
    const auto& metadata = object->at("metadata");
    const std::string name = metadata.at("name");
    const std::string kind = object->at("kind");
    if (metadata.contains("namespace")) {
      add_namespace(metadata["namespace"], actions);
      if (kind == "Service") note_service(metadata["namespace"], name, true);
    }
    if (kind == "Namespace") namespaces_.insert(name);
    for (Listen& listen : applied_->applied(*object)) actions.emplace_back(std::move(listen));
    actions.emplace_back(Apply{object});
  }
  for (const Action& action : step.recorded) actions.push_back(action);
}

}  // namespace fakeapi::scenario
