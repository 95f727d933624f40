// Follows all Pods through the steps. Addresses are given in order, so the same file gives the same
// ones every time.
#include "fakeapi/scenario/resolve.hpp"

#include <cstdint>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/scalars.hpp"

namespace fakeapi::scenario {
namespace {

// The Pods that a step speaks of, each with the entry that decides: a full name beats a wildcard,
// and among wildcards the later one wins.
using Wanted = std::map<std::size_t, const PodEntry*>;

bool has_address(Shows shows) { return shows == Shows::ready || shows == Shows::not_ready; }

class Resolver {
 public:
  Resolver(const std::vector<PodName>& pods, Report& report)
      : pods_(pods), report_(report), states_(pods.size()) {
    for (std::size_t i = 0; i < pods.size(); ++i) by_name_.emplace(pods[i].name, i);
  }

  ResolvedStep create_all() {
    return {{}, "the Services and their Pods are created", {}, {}, all_pending()};
  }

  ResolvedStep step(const ScenarioStep& step, bool is_first) {
    std::vector<PodChange> created;
    if (is_first) created = all_pending();
    std::vector<PodChange> changes = changes_of(wanted_by(step));
    if (is_first) {
      for (const PodChange& change : changes) created[change.pod].after = change.after;
      changes = std::move(created);
    }
    return {step.at, step.why, step.api_up, step.controllers_paused, std::move(changes)};
  }

 private:
  // Pods exist from the start, so each file need only say what becomes of them.
  std::vector<PodChange> all_pending() {
    std::vector<PodChange> changes;
    for (std::size_t pod = 0; pod < states_.size(); ++pod) {
      states_[pod].shows = Shows::pending;
      changes.push_back({pod, PodNow{}, states_[pod]});
    }
    return changes;
  }

  Wanted wanted_by(const ScenarioStep& step) const {
    Wanted wanted;
    for (const PodEntry& entry : step.pods) {
      if (!is_wildcard(entry.pattern)) continue;
      for (std::size_t pod = 0; pod < pods_.size(); ++pod) {
        if (matches(entry.pattern, pods_[pod].name)) wanted[pod] = &entry;
      }
    }
    for (const PodEntry& entry : step.pods) {
      const auto pod = by_name_.find(entry.pattern);
      if (pod != by_name_.end()) wanted[pod->second] = &entry;
    }
    return wanted;
  }

  // In three rounds, as a step says what is afterwards: addresses that change hands within it are
  // no conflict.
  std::vector<PodChange> changes_of(const Wanted& wanted) {
    std::vector<PodChange> changes;
    for (const auto& [pod, entry] : wanted) {
      changes.push_back({pod, states_[pod], after(pod, *entry)});
      release(states_[pod].host, pod);
    }
    for (PodChange& change : changes) {
      const PodEntry& entry = *wanted.at(change.pod);
      if (change.after.host != 0) claim(change, entry);
    }
    for (PodChange& change : changes) {
      const PodEntry& entry = *wanted.at(change.pod);
      if (change.after.host == 0 && has_address(change.after.shows)) give_next(change);
      check_truth(change, entry);
      states_[change.pod] = change.after;
    }
    return changes;
  }

  // All but an address that must still be found, which stays 0.
  PodNow after(std::size_t pod, const PodEntry& entry) {
    const PodNow& before = states_[pod];
    const PodState& state = entry.state;
    PodNow now{state.shows, state.shows == Shows::ready, state.listens.value_or(before.listens), 0};
    if (state.shows == Shows::terminating) {
      now.ready = before.ready;
      now.host = before.host;
      if (before.shows == Shows::absent) {
        report_.add(entry.place, fmt::format("{} is absent until then, so it cannot be terminating",
                                             pods_[pod].name));
      }
    }
    if (!has_address(state.shows)) return now;
    if (state.address.kind == AddressWish::Kind::given) now.host = state.address.host;
    const bool keeps = state.address.kind == AddressWish::Kind::keep && !is_new_pod(before, now);
    if (keeps) now.host = before.host;
    return now;
  }

  void release(std::uint16_t host, std::size_t pod) {
    const auto holder = holders_.find(host);
    if (holder != holders_.end() && holder->second == pod) holders_.erase(holder);
  }

  void claim(const PodChange& change, const PodEntry& entry) {
    const auto [holder, is_free] = holders_.emplace(change.after.host, change.pod);
    if (is_free) return;
    report_.add(entry.place, fmt::format("address {} is of {} and {} at the same time",
                                         to_address(change.after.host), pods_[holder->second].name,
                                         pods_[change.pod].name));
  }

  // 10.20.0.1, 10.20.0.2 and so on, without .0 and .255. An address that was given up comes again
  // only after all others: a client that still knows it must not find another Pod there by
  // accident. There are 13 times more addresses than Pods, so the search ends.
  void give_next(PodChange& change) {
    do {
      ++last_host_;
    } while (last_host_ % 256 == 0 || last_host_ % 256 == 255 || holders_.count(last_host_) != 0);
    change.after.host = last_host_;
    holders_.emplace(last_host_, change.pod);
  }

  void check_truth(const PodChange& change, const PodEntry& entry) {
    if (!change.after.listens || change.after.host != 0) return;
    report_.add(entry.place, fmt::format("{} has no address to listen on", pods_[change.pod].name));
  }

  const std::vector<PodName>& pods_;
  Report& report_;
  std::vector<PodNow> states_;
  std::map<std::string_view, std::size_t> by_name_;
  std::map<std::uint16_t, std::size_t> holders_;  // address -> the Pod that has it now
  std::uint16_t last_host_ = 0;
};

}  // namespace

bool is_new_pod(const PodNow& before, const PodNow& after) {
  if (after.shows == Shows::absent) return false;
  if (before.shows == Shows::absent) return true;
  if (after.shows == Shows::pending) return before.shows != Shows::pending;
  return before.shows == Shows::terminating && after.shows != Shows::terminating;
}

std::vector<ResolvedStep> resolve(const Scenario& scenario, const std::vector<PodName>& pods,
                                  Report& report) {
  Resolver resolver(pods, report);
  std::vector<ResolvedStep> steps;
  const bool begins_later =
      scenario.steps.empty() || scenario.steps.front().at > cluster::Duration{};
  if (begins_later) steps.push_back(resolver.create_all());
  for (const ScenarioStep& step : scenario.steps) {
    steps.push_back(resolver.step(step, steps.empty()));
  }
  return steps;
}

}  // namespace fakeapi::scenario
