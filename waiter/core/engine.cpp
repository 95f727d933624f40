#include "waiter/core/engine.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <type_traits>
#include <utility>

#include "waiter/core/invariant.hpp"

namespace waiter::core {
Engine::Engine(EngineOptions options) : options_(std::move(options)), random_(options_.seed) {
  // Any number of dependencies of one namespace share one list and watch.
  std::map<std::string, std::vector<std::string>> services_by_namespace;
  for (const auto& group : options_.groups) {
    for (const Dependency& dependency : group) {
      auto& services = services_by_namespace[dependency.namespace_name];
      if (std::find(services.begin(), services.end(), dependency.service) == services.end()) {
        services.push_back(dependency.service);
      }
    }
  }
  std::map<std::string, std::size_t> readers;
  for (auto& [name, services] : services_by_namespace) {
    readers[name] = readers_.size();
    readers_.emplace_back(name, std::move(services), options_.source);
  }
  for (const auto& group : options_.groups) {
    invariant(!group.empty(), "a group without a dependency");
    groups_.emplace_back();
    for (const Dependency& dependency : group) {
      const auto& own = options_.own_pod;
      const bool own_namespace = own && own->namespace_name == dependency.namespace_name;
      groups_.back().push_back(gates_.size());
      reader_of_gate_.push_back(readers.at(dependency.namespace_name));
      gates_.emplace_back(dependency,
                          GateOptions{options_.verify == Verify::tcp, options_.until_gone,
                                      options_.stable_for, own_namespace ? own->name : ""});
    }
  }
  invariant(!gates_.empty(), "an engine without a dependency");
  questions_.resize(gates_.size());
}

template <class Happened>
requires requires(const Happened& event) { event.reflector; }
void Engine::on(Instant now, const Happened& event, Actions& actions) {
  const auto reader = std::find_if(
      readers_.begin(), readers_.end(),
      [&](const NamespaceReader& candidate) { return candidate.has(event.reflector); });
  if (reader == readers_.end()) return;  // of a resource that is not read any more
  reader->handle(now, event, next_reflector_, random_, actions);
  // Each state between two is looked at, or a flap would hide in a burst of events.
  const auto its_place = static_cast<std::size_t>(reader - readers_.begin());
  for (std::size_t i = 0; i < gates_.size(); ++i) {
    if (reader_of_gate_[i] == its_place) observe(now, i);
  }
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
  for (NamespaceReader& reader : readers_) reader.start(now, next_reflector_, random_, actions);
  for (std::size_t i = 0; i < gates_.size(); ++i) observe(now, i);
  report_changes(now, actions);
}

void Engine::on(Instant now, const DeadlineReached&, Actions& actions) {
  if (timeout_at_ && *timeout_at_ <= now) {
    finish(now, ExitCode::timeout, actions);
    return;
  }
  for (NamespaceReader& reader : readers_) {
    reader.handle_deadline(now, next_reflector_, random_, actions);
  }
  for (std::size_t i = 0; i < gates_.size(); ++i) observe(now, i);
  decide(now, actions);
  if (finished_ || !heartbeat_at_ || *heartbeat_at_ > now) return;
  heartbeat_at_ = now + *options_.heartbeat;
  if (verdict_ != true) actions.push_back(ReportHeartbeat{snapshot(now), now - started_at_});
}

void Engine::on(Instant now, const ProbeAnswered& event, Actions& actions) {
  verification_.handle(event, actions);
  decide(now, actions);
}

void Engine::on(Instant now, const ServiceTold& event, Actions& actions) {
  for (std::size_t i = 0; i < gates_.size(); ++i) {
    const Dependency& dependency = gates_[i].dependency();
    if (dependency.namespace_name != event.namespace_name || dependency.service != event.service) {
      continue;
    }
    questions_[i].open = false;
    questions_[i].vain = event.type == ServiceTold::Type::unknown;
    if (!questions_[i].vain) {
      questions_[i].not_before = now + random_.between(question_pause, 2 * question_pause);
    }
    gates_[i].take_service(event.type);
  }
  decide(now, actions);
}

void Engine::on(Instant now, const SignalReceived& event, Actions& actions) {
  const bool terminate = event.signal == SignalReceived::Signal::terminate;
  finish(now, terminate ? ExitCode::terminated : ExitCode::interrupted, actions);
}

const Reflector* Engine::reflector_of(std::size_t gate) const {
  return readers_[reader_of_gate_[gate]].reads(gates_[gate].dependency().service);
}

void Engine::observe(Instant now, std::size_t gate) {
  const Reflector* reflector = reflector_of(gate);
  if (reflector == nullptr || !reflector->synced()) {
    gates_[gate].observe(now, nullptr, 0);
    return;
  }
  const ServiceView view = reflector->view().service(gates_[gate].dependency());
  gates_[gate].observe(now, &view, reflector->history());
}

bool Engine::every_group(const std::function<bool(std::size_t gate)>& holds) const {
  return std::all_of(groups_.begin(), groups_.end(), [&](const auto& group) {
    return std::any_of(group.begin(), group.end(), holds);
  });
}

/// A verdict needs, in this order: what the API says, for as long as is wanted, from a view that is
/// current; connections, where they are wanted; and a read as of now after all that.
void Engine::decide(Instant now, Actions& actions) {
  const bool stable = every_group([&](std::size_t i) { return gates_[i].stable(now); });
  const bool current = every_group(
      [&](std::size_t i) { return gates_[i].stable(now) && reflector_of(i)->current(); });
  if (options_.verify == Verify::tcp) verify(now, current && verdict_ != true, actions);
  const bool verified = current && every_group([&](std::size_t i) {
                          return gates_[i].stable(now) && gates_[i].verified();
                        });
  if (!verified || verdict_ == true) candidate_since_.reset();
  if (verified && !candidate_since_) candidate_since_ = now;
  // A view that is not current may change at any moment: only a list as of now makes it so.
  bool met = false;
  if (verdict_ != true && stable && (verified || !current)) met = confirm(now, actions) && verified;
  stable_at_.reset();
  for (const ReadinessGate& gate : gates_) {
    if (!gate.stable(now)) keep_earlier(stable_at_, gate.stable_at());
  }
  ask_services(now, actions);
  report_changes(now, actions);
  conclude(now, met, actions);
}

/// True when what is decided upon was read as of now; asks for it where it was not.
bool Engine::confirm(Instant now, Actions& actions) {
  // From the moment at which all else holds one read of each is enough, however long it takes.
  const Instant since = std::min(candidate_since_.value_or(now), now - fresh_for);
  const auto holds = [&](std::size_t i) {
    const Reflector* reflector = reflector_of(i);
    return gates_[i].stable(now) && reflector->current() &&
           (!options_.confirm || reflector->confirmed_since(since));
  };
  if (every_group(holds)) return true;
  for (std::size_t i = 0; i < gates_.size(); ++i) {
    if (!gates_[i].stable(now) || holds(i)) continue;
    readers_[reader_of_gate_[i]].confirm(gates_[i].dependency().service, now, random_, actions);
  }
  return false;
}

void Engine::conclude(Instant now, bool met, Actions& actions) {
  const bool checks = options_.mode == Mode::check;
  if (met && checks) return finish(now, ExitCode::ready, actions);
  const bool hopeless = !every_group([this](std::size_t i) { return !gates_[i].hopeless(); });
  if (!verdict_ && !checks && hopeless) return finish(now, ExitCode::usage, actions);
  const bool forbidden = std::any_of(readers_.begin(), readers_.end(),
                                     [](const auto& reader) { return reader.forbidden(); });
  if (!verdict_ && forbidden && options_.fail_on_forbidden) {
    return finish(now, ExitCode::forbidden, actions);
  }
  if (checks) return conclude_check(now, actions);
  if (options_.mode == Mode::follow) return follow(now, met, actions);
  if (met) finish(now, ExitCode::ready, actions);
}

/// Once: what a complete view as of now says, and a round of verification where that is wanted.
void Engine::conclude_check(Instant now, Actions& actions) {
  const bool open = every_group([&](std::size_t i) {
    const Reflector* reflector = reflector_of(i);
    if (reflector == nullptr || !reflector->synced() || !reflector->current()) return true;
    const Reason reason = gates_[i].reason(now);
    return gates_[i].satisfied() && reason != Reason::not_answering &&
           reason != Reason::nothing_to_verify;
  });
  if (!open) finish(now, ExitCode::not_ready, actions);
}

/// Down is slower than up, and while the API does not answer nothing changes: the control plane
/// being away says nothing about the dependencies.
void Engine::follow(Instant now, bool met, Actions& actions) {
  if (verdict_ != true) {
    if (!met) return;
    verdict_ = true;
    timeout_at_.reset();
    actions.push_back(VerdictChanged{true, snapshot(now), now - started_at_});
    return;
  }
  if (every_group([&](std::size_t i) { return gates_[i].satisfied(); })) {
    lost_at_.reset();
    lost_since_.reset();
    return;
  }
  if (!lost_at_ && !lost_since_) lost_at_ = now + options_.lost_after;
  if (lost_at_ && *lost_at_ > now) return;
  if (!lost_since_) lost_since_ = now;
  lost_at_.reset();
  bool known = true;
  for (std::size_t i = 0; i < gates_.size(); ++i) {
    if (gates_[i].satisfied()) continue;
    const Reflector* reflector = reflector_of(i);
    if (reflector != nullptr && reflector->current() &&
        (!options_.confirm || reflector->confirmed_since(*lost_since_)))
      continue;
    known = false;
    readers_[reader_of_gate_[i]].confirm(gates_[i].dependency().service, now, random_, actions);
  }
  if (!known) return;
  verdict_ = false;
  lost_since_.reset();
  actions.push_back(VerdictChanged{false, snapshot(now), now - started_at_});
}

void Engine::ask_services(Instant now, Actions& actions) {
  if (options_.mode == Mode::check || options_.until_gone) return;
  for (std::size_t i = 0; i < gates_.size(); ++i) {
    Question& question = questions_[i];
    if (!gates_[i].without_endpoints() || question.open || question.vain) continue;
    if (question.not_before && *question.not_before > now) continue;
    question.open = true;
    question.not_before.reset();
    const Dependency& dependency = gates_[i].dependency();
    actions.push_back(AskService{dependency.namespace_name, dependency.service});
  }
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
    if (gate.take_change(now)) actions.push_back(ReportDependency{gate.status(now)});
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
  for (const NamespaceReader& reader : readers_) keep_earlier(earliest, reader.next_deadline());
  for (std::size_t i = 0; i < gates_.size(); ++i) {
    if (gates_[i].without_endpoints()) keep_earlier(earliest, questions_[i].not_before);
  }
  keep_earlier(earliest, stable_at_);
  keep_earlier(earliest, lost_at_);
  keep_earlier(earliest, verify_at_);
  keep_earlier(earliest, heartbeat_at_);
  keep_earlier(earliest, timeout_at_);
  return earliest;
}

Snapshot Engine::snapshot(Instant now) const {
  Snapshot snapshot;
  for (const ReadinessGate& gate : gates_) snapshot.dependencies.push_back(gate.status(now));
  for (const auto& group : groups_) {
    const bool settled = std::any_of(group.begin(), group.end(), [&](std::size_t i) {
      const DependencyStatus& status = snapshot.dependencies[i];
      return status.satisfied && (options_.until_gone || status.reason == Reason::met);
    });
    for (const std::size_t i : group) snapshot.dependencies[i].blocking = !settled;
  }
  snapshot.until_gone = options_.until_gone;
  for (const NamespaceReader& reader : readers_) {
    for (SourceStatus& source : reader.status()) snapshot.sources.push_back(std::move(source));
  }
  return snapshot;
}

}  // namespace waiter::core
