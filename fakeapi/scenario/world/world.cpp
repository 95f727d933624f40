// Follows all Pods through the steps. Addresses are given in order, so the same file gives the same
// ones every time.
#include "fakeapi/scenario/world/world.hpp"

#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/language/scalars.hpp"
#include "fakeapi/scenario/world/applied_pods.hpp"
#include "fakeapi/scenario/world/operations.hpp"

namespace fakeapi::scenario {
namespace {

bool has_address(Shows shows) { return shows == Shows::ready || shows == Shows::not_ready; }

void add_controllers(const ScenarioStep& step, bool only_pauses, std::vector<Action>& actions) {
  const auto add = [&](ControllerOf which, const std::optional<Following>& following) {
    if (following && following->paused == only_pauses)
      actions.emplace_back(SetController{which, *following});
  };
  add(ControllerOf::endpoints, step.endpoints);
  add(ControllerOf::endpoint_slices, step.endpoint_slices);
}

}  // namespace

/// The state that decides about a Pod, and the line that says it.
struct World::Wanted {
  PodState state;
  Place place;
};

World::World(const Scenario& scenario)
    : scenario_(scenario),
      pods_(pods_of(scenario)),
      states_(pods_.size()),
      was_ready_(pods_.size(), false),
      services_there_(scenario.services.size(), false),
      applied_(std::make_unique<AppliedPods>(scenario)) {
  for (std::size_t i = 0; i < pods_.size(); ++i) by_name_.emplace(pods_[i].name, i);
  for (const Service& service : scenario.services) scale_.push_back(service.pods);
}

World::~World() = default;

std::vector<int> World::pod_counts() const {
  std::vector<int> counts(scenario_.services.size(), 0);
  for (std::size_t i = 0; i < pods_.size(); ++i) {
    if (states_[i].shows != Shows::absent) ++counts[pods_[i].service];
  }
  return counts;
}

std::vector<Action> World::create(const ScenarioStep* step, int round, Report& report) {
  std::vector<PodChange> changes = all_pending();
  if (step != nullptr) {
    rescale(*step);
    for (const PodChange& change : changes_of(wanted_by(*step, round), report)) {
      changes[change.pod].after = change.after;
    }
  }
  std::vector<Action> actions;
  if (step != nullptr && step->api_up == false) actions.emplace_back(SetApi{false});
  if (step != nullptr) add_controllers(*step, true, actions);
  add_namespace(scenario_.namespace_name, actions);
  for (std::size_t i = 0; i < scenario_.services.size(); ++i) {
    services_there_[i] = true;
    actions.emplace_back(post_service(scenario_.namespace_name, scenario_.services[i]));
  }
  emit(changes, actions);
  if (step == nullptr) return actions;
  // The rest of the step, whose Pods are as it says already.
  ScenarioStep rest = *step;
  rest.pods.clear();
  rest.scale.clear();
  if (rest.api_up == false) rest.api_up.reset();
  const auto drop_pause = [](std::optional<Following>& following) {
    if (following && following->paused) following.reset();
  };
  drop_pause(rest.endpoints);
  drop_pause(rest.endpoint_slices);
  for (Action& action : perform(rest, round, report)) actions.push_back(std::move(action));
  return actions;
}

std::vector<Action> World::perform(const ScenarioStep& step, int round, Report& report) {
  if (step.remembers_ready) remember_ready();
  rescale(step);
  const std::vector<PodChange> changes = changes_of(wanted_by(step, round), report);
  std::vector<Action> actions;
  if (step.api_up == false) actions.emplace_back(SetApi{false});
  add_controllers(step, true, actions);
  if (step.roll_back) actions.emplace_back(*step.roll_back);
  if (step.forgets_history) actions.emplace_back(ForgetHistory{});
  if (step.rights) actions.emplace_back(*step.rights);
  if (step.token) actions.emplace_back(*step.token);
  if (step.authority) actions.emplace_back(*step.authority);
  emit_services(step, actions);
  emit(changes, actions);
  emit_objects(step, actions);
  add_controllers(step, false, actions);
  if (step.cache) actions.emplace_back(*step.cache);
  if (step.api_up == true) actions.emplace_back(SetApi{true});
  return actions;
}

void World::add_namespace(const std::string& name, std::vector<Action>& actions) {
  if (exists_from_start(name) || !namespaces_.insert(name).second) return;
  actions.emplace_back(post_namespace(name));
}

void World::remember_ready() {
  for (std::size_t i = 0; i < states_.size(); ++i) was_ready_[i] = states_[i].ready;
}

// Pods exist from the start, so each file need only say what becomes of them.
std::vector<PodChange> World::all_pending() {
  std::vector<PodChange> changes;
  for (std::size_t pod = 0; pod < states_.size(); ++pod) {
    if (pods_[pod].number < scenario_.services[pods_[pod].service].pods)
      states_[pod].shows = Shows::pending;
    changes.push_back({pod, PodNow{}, states_[pod]});
  }
  return changes;
}

void World::rescale(const ScenarioStep& step) {
  for (const auto& [name, count] : step.scale) {
    for (std::size_t i = 0; i < scenario_.services.size(); ++i) {
      if (scenario_.services[i].name == name) scale_[i] = count;
    }
  }
}

std::optional<std::size_t> World::own_pod(const Remove& remove) const {
  const bool is_pod =
      remove.kind == "Pod" && (remove.api_version.empty() || remove.api_version == "v1");
  const auto pod = by_name_.find(remove.name);
  if (!is_pod || remove.namespace_name != scenario_.namespace_name || pod == by_name_.end())
    return std::nullopt;
  return pod->second;
}

// A full name beats a wildcard, and among wildcards the later one wins; both beat `scale`. A
// wildcard does not mean Pods that there are none of yet, or any more, by `scale`.
World::WantedPods World::wanted_by(const ScenarioStep& step, int round) const {
  WantedPods wanted;
  for (const auto& [service, count] : step.scale) {
    for (std::size_t pod = 0; pod < pods_.size(); ++pod) {
      if (scenario_.services[pods_[pod].service].name != service) continue;
      const bool is_there = states_[pod].shows != Shows::absent;
      const bool shall_be = pods_[pod].number < count;
      if (is_there == shall_be) continue;
      wanted[pod] = {{shall_be ? Shows::pending : Shows::absent, false, {}}, step.place};
    }
  }
  const auto want = [&](std::size_t pod, const PodEntry& entry) {
    const PodState& state = entry.rounds[static_cast<std::size_t>(round) % entry.rounds.size()];
    if (speaks_of(pod, state)) wanted[pod] = {state, entry.place};
  };
  for (const PodEntry& entry : step.pods) {
    if (!is_wildcard(entry.pattern)) continue;
    for (std::size_t pod = 0; pod < pods_.size(); ++pod) {
      const bool is_meant =
          states_[pod].shows != Shows::absent || pods_[pod].number < scale_[pods_[pod].service];
      if (is_meant && matches(entry.pattern, pods_[pod].name)) want(pod, entry);
    }
  }
  for (const PodEntry& entry : step.pods) {
    const auto pod = by_name_.find(entry.pattern);
    if (pod != by_name_.end()) want(pod->second, entry);
  }
  for (const Remove& remove : step.remove) {
    const auto pod = own_pod(remove);
    if (!pod || states_[*pod].shows == Shows::absent) continue;
    const bool at_once = remove.grace_period_seconds == 0;
    const PodState gone{Shows::absent, false, {}};
    const PodState going{Shows::terminating, std::nullopt, {}};
    wanted[*pod] = {at_once ? gone : going, step.place};
  }
  return wanted;
}

bool World::speaks_of(std::size_t pod, const PodState& state) const {
  switch (state.only) {
    case PodState::Only::all:
      return true;
    case PodState::Only::with_address:
      return states_[pod].host != 0;
    case PodState::Only::ready_before_restart:
      break;
  }
  // One that went in the meantime stays away.
  return was_ready_[pod] && states_[pod].host != 0;
}

// In three rounds, as a step says what is afterwards: addresses that change hands within it are
// no conflict.
std::vector<PodChange> World::changes_of(const WantedPods& wanted, Report& report) {
  std::vector<PodChange> changes;
  for (const auto& [pod, want] : wanted) {
    changes.push_back({pod, states_[pod], after(pod, want, report)});
    release(states_[pod].host, pod);
  }
  for (const PodChange& change : changes) {
    if (change.after.host != 0) claim(change, wanted.at(change.pod), report);
  }
  for (PodChange& change : changes) {
    if (change.after.host == 0 && has_address(change.after.shows)) give_next(change);
    if (change.after.listens && change.after.host == 0) {
      report.add(wanted.at(change.pod).place,
                 fmt::format("{} has no address to listen on", pods_[change.pod].name));
    }
    states_[change.pod] = change.after;
  }
  return changes;
}

// All but an address that must still be found, which stays 0.
PodNow World::after(std::size_t pod, const Wanted& wanted, Report& report) const {
  const PodNow& before = states_[pod];
  const PodState& state = wanted.state;
  PodNow now = before;
  now.listens = state.listens.value_or(before.listens);
  if (state.keeps_shows) return now;
  now = {state.shows, state.shows == Shows::ready, now.listens, 0};
  if (state.shows == Shows::terminating) {
    now.ready = before.ready;
    now.host = before.host;
    if (before.shows == Shows::absent) {
      report.add(wanted.place, fmt::format("{} is absent until then, so it cannot be terminating",
                                           pods_[pod].name));
    }
  }
  if (!has_address(state.shows)) return now;
  if (state.address.kind == AddressWish::Kind::given) now.host = state.address.host;
  const bool keeps = state.address.kind == AddressWish::Kind::keep && !is_new_pod(before, now);
  if (keeps) now.host = before.host;
  return now;
}

void World::release(std::uint16_t host, std::size_t pod) {
  const auto holder = holders_.find(host);
  if (holder != holders_.end() && holder->second == pod) holders_.erase(holder);
}

void World::claim(const PodChange& change, const Wanted& wanted, Report& report) {
  const auto [holder, is_free] = holders_.emplace(change.after.host, change.pod);
  if (is_free || holder->second == change.pod) return;
  report.add(wanted.place, fmt::format("address {} is of {} and {} at the same time",
                                       to_address(change.after.host), pods_[holder->second].name,
                                       pods_[change.pod].name));
}

// 10.20.0.1, 10.20.0.2 and so on, without .0 and .255. An address that was given up comes again
// only after all others: a client that still knows it must not find another Pod there by
// accident. There are 13 times more addresses than Pods, so the search ends.
void World::give_next(PodChange& change) {
  do {
    ++last_host_;
  } while (last_host_ % 256 == 0 || last_host_ % 256 == 255 || holders_.contains(last_host_));
  change.after.host = last_host_;
  holders_.emplace(last_host_, change.pod);
}

bool is_new_pod(const PodNow& before, const PodNow& after) {
  if (after.shows == Shows::absent) return false;
  if (before.shows == Shows::absent) return true;
  if (after.shows == Shows::pending) return before.shows != Shows::pending;
  return before.shows == Shows::terminating && after.shows != Shows::terminating;
}

}  // namespace fakeapi::scenario
