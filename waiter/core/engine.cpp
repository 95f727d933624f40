#include "waiter/core/engine.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <type_traits>
#include <utility>

#include "waiter/core/invariant.hpp"

namespace waiter::core {
namespace {

void keep_earlier(std::optional<Instant>& earliest, const std::optional<Instant>& candidate) {
  if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
}

}  // namespace

Engine::Engine(EngineOptions options) : options_(std::move(options)), random_(options_.seed) {
  std::vector<Dependency> dependencies;
  for (const auto& group : options_.groups) {
    dependencies.insert(dependencies.end(), group.begin(), group.end());
  }
  invariant(!dependencies.empty(), "an engine without a dependency");
  // Any number of dependencies of one namespace share one list and watch.
  std::map<std::string, std::vector<std::string>> services_by_namespace;
  for (const Dependency& dependency : dependencies) {
    auto& services = services_by_namespace[dependency.namespace_name];
    if (std::find(services.begin(), services.end(), dependency.service) == services.end()) {
      services.push_back(dependency.service);
    }
  }
  std::map<std::string, ReflectorId> ids;
  for (auto& [name, services] : services_by_namespace) {
    ids[name] = reflectors_.size();
    reflectors_.emplace_back(reflectors_.size(), name, std::move(services));
  }
  for (const Dependency& dependency : dependencies) {
    gates_.emplace_back(dependency, options_.verify == Verify::tcp);
    reflector_of_gate_.push_back(ids.at(dependency.namespace_name));
  }
}

template <class Happened>
requires requires(const Happened& event) { event.reflector; }
void Engine::on(Instant now, const Happened& event, Actions& actions) {
  reflectors_.at(event.reflector).handle(now, event, random_, actions);
  if constexpr (std::is_same_v<Happened, SliceChanged>) {
    if (event.followed) return;
  }
  decide(now, actions);
}

Actions Engine::handle(Instant now, const Event& event) {
  Actions actions;
  if (finished_) return actions;
  std::visit([&](const auto& what) { on(now, what, actions); }, event);
  return actions;
}

void Engine::on(Instant now, const Started&, Actions& actions) {
  invariant(!started_, "started twice");
  started_ = true;
  started_at_ = now;
  if (options_.timeout) timeout_at_ = now + *options_.timeout;
  if (options_.heartbeat) heartbeat_at_ = now + *options_.heartbeat;
  for (Reflector& reflector : reflectors_) reflector.start(now, random_, actions);
  for (ReadinessGate& gate : gates_) gate.observe(now, nullptr);
  report_changes(now, actions);
}

void Engine::on(Instant now, const DeadlineReached&, Actions& actions) {
  if (timeout_at_ && *timeout_at_ <= now) {
    finish(now, ExitCode::timeout, actions);
    return;
  }
  for (Reflector& reflector : reflectors_) reflector.handle_deadline(now, random_, actions);
  decide(now, actions);
  if (!finished_ && heartbeat_at_ && *heartbeat_at_ <= now) {
    heartbeat_at_ = now + *options_.heartbeat;
    actions.push_back(ReportHeartbeat{snapshot(now), now - started_at_});
  }
}

void Engine::on(Instant now, const ProbeAnswered& event, Actions& actions) {
  verification_.handle(event, actions);
  decide(now, actions);
}

void Engine::on(Instant now, const SignalReceived& event, Actions& actions) {
  const bool terminate = event.signal == SignalReceived::Signal::terminate;
  finish(now, terminate ? ExitCode::terminated : ExitCode::interrupted, actions);
}

void Engine::decide(Instant now, Actions& actions) {
  for (std::size_t i = 0; i < gates_.size(); ++i) {
    const Reflector& reflector = reflectors_[reflector_of_gate_[i]];
    if (!reflector.synced()) continue;
    const ServiceView view = reflector.view().service(gates_[i].dependency());
    gates_[i].observe(now, &view);
  }
  const bool met_by_api = std::all_of(gates_.begin(), gates_.end(),
                                      [](const ReadinessGate& gate) { return gate.met_by_api(); });
  const bool current = is_current(now, met_by_api, actions);
  if (options_.verify == Verify::tcp) verify(now, met_by_api && current, actions);
  const bool met = std::all_of(gates_.begin(), gates_.end(),
                               [](const ReadinessGate& gate) { return gate.met(); });
  report_changes(now, actions);
  if (current && met) finish(now, ExitCode::ready, actions);
}

/// What was true when a stream broke or ended may not be true now, and one that was resumed may
/// have more to bring. Nothing is decided on such a view; where it would decide, a list as of now
/// is asked for.
bool Engine::is_current(Instant now, bool met_by_api, Actions& actions) {
  bool current = true;
  for (Reflector& reflector : reflectors_) {
    if (reflector.current()) continue;
    current = false;
    if (met_by_api) reflector.confirm(now, actions);
  }
  return current;
}

void Engine::verify(Instant now, bool worth_it, Actions& actions) {
  if (!worth_it) {
    verification_.abandon();
    verify_at_.reset();
    for (ReadinessGate& gate : gates_) gate.forget_result();
    return;
  }
  std::uint64_t targets = 0;
  for (const ReadinessGate& gate : gates_) targets += gate.targets_version();
  const bool same_targets = std::exchange(verified_targets_, targets) == targets;
  if (same_targets && verification_.running()) {
    if (!verification_.done()) return;
    for (std::size_t i = 0; i < gates_.size(); ++i) gates_[i].take_result(verification_.result(i));
    verification_.abandon();
    verify_at_ = now + random_.between(verify_pause, 2 * verify_pause);
    return;
  }
  if (same_targets && verify_at_ && *verify_at_ > now) return;
  verify_at_.reset();
  std::vector<Candidates> candidates;
  for (const ReadinessGate& gate : gates_) candidates.push_back(gate.candidates());
  verification_.start(std::move(candidates), random_, actions);
}

void Engine::report_changes(Instant now, Actions& actions) {
  for (ReadinessGate& gate : gates_) {
    if (gate.take_change()) actions.push_back(ReportDependency{gate.status(now)});
  }
}

void Engine::finish(Instant now, ExitCode code, Actions& actions) {
  finished_ = true;
  actions.push_back(ReportEnd{code, snapshot(now), now - started_at_});
  actions.push_back(Finish{code});
}

std::optional<Instant> Engine::next_deadline() const {
  if (finished_) return std::nullopt;
  std::optional<Instant> earliest;
  for (const Reflector& reflector : reflectors_) keep_earlier(earliest, reflector.next_deadline());
  keep_earlier(earliest, verify_at_);
  keep_earlier(earliest, heartbeat_at_);
  keep_earlier(earliest, timeout_at_);
  return earliest;
}

Snapshot Engine::snapshot(Instant now) const {
  Snapshot snapshot;
  for (const ReadinessGate& gate : gates_) snapshot.dependencies.push_back(gate.status(now));
  for (const Reflector& reflector : reflectors_) snapshot.sources.push_back(reflector.status());
  return snapshot;
}

}  // namespace waiter::core
