// Emits only differences: a step may repeat what is so already, and nothing is sent for that.
#include "fakeapi/scenario/expand.hpp"

#include <utility>

#include "fakeapi/scenario/operations.hpp"
#include "fakeapi/scenario/scalars.hpp"

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

class Expander {
 public:
  Expander(const Scenario& scenario, const std::vector<PodName>& pods)
      : scenario_(scenario), pods_(pods), namespace_(scenario.namespace_name) {}

  Step expand(const ResolvedStep& from, bool is_first) {
    actions_.clear();
    if (from.api_up == false) actions_.push_back(SetApi{false});
    if (from.controllers_paused == true) actions_.push_back(PauseControllers{true});
    if (is_first) create_services();
    for (const PodChange& change : from.changes) stop_listening(change);
    for (const PodChange& change : from.changes) replace_object(change);
    for (const PodChange& change : from.changes) start_listening(change);
    for (const PodChange& change : from.changes) report_status(change);
    if (from.controllers_paused == false) actions_.push_back(PauseControllers{false});
    if (from.api_up == true) actions_.push_back(SetApi{true});
    return {from.at, from.why, std::move(actions_)};
  }

 private:
  void create_services() {
    if (!exists_from_start(namespace_)) actions_.push_back(post_namespace(namespace_));
    for (const Service& service : scenario_.services) {
      actions_.push_back(post_service(namespace_, service));
    }
  }

  void listen(const PodChange& change, const PodNow& pod, bool listening) {
    const Service& service = service_of(change);
    std::vector<int> ports;
    for (const auto& [name, number] : service.ports) ports.push_back(number);
    actions_.push_back(
        Listen{service.name, name_of(change), to_address(pod.host), std::move(ports), listening});
  }

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
    if (existed && (is_new || change.after.shows == Shows::absent)) {
      actions_.push_back(delete_pod(namespace_, name_of(change), 0));
    }
    if (is_new) actions_.push_back(post_pod(namespace_, service_of(change), name_of(change)));
    const bool was_terminating = change.before.shows == Shows::terminating;
    if (change.after.shows == Shows::terminating && !was_terminating) {
      actions_.push_back(delete_pod(namespace_, name_of(change), grace_period_seconds));
    }
  }

  void report_status(const PodChange& change) {
    if (!needs_patch(change)) return;
    actions_.push_back(patch_pod_status(namespace_, name_of(change), to_address(change.after.host),
                                        change.after.ready));
  }

  const Service& service_of(const PodChange& change) const {
    return scenario_.services[pods_[change.pod].service];
  }
  const std::string& name_of(const PodChange& change) const { return pods_[change.pod].name; }

  const Scenario& scenario_;
  const std::vector<PodName>& pods_;
  const std::string& namespace_;
  std::vector<Action> actions_;
};

}  // namespace

Timeline expand(const Scenario& scenario, const std::vector<PodName>& pods,
                const std::vector<ResolvedStep>& steps) {
  Timeline timeline;
  timeline.about = scenario.about;
  timeline.nodes = {node_name};
  for (const Service& service : scenario.services) {
    timeline.services.push_back({scenario.namespace_name, service.name, service.pods});
  }
  Expander expander(scenario, pods);
  for (const ResolvedStep& step : steps) {
    timeline.steps.push_back(expander.expand(step, timeline.steps.empty()));
  }
  return timeline;
}

}  // namespace fakeapi::scenario
