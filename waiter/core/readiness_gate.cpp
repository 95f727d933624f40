#include "waiter/core/readiness_gate.hpp"

#include <algorithm>
#include <utility>

namespace waiter::core {
namespace {

std::vector<Backend> ready_backends(const ServiceView& view) {
  std::vector<Backend> ready;
  for (const Backend& backend : view.backends) {
    if (backend.state == BackendState::ready) ready.push_back(backend);
  }
  return ready;
}

bool same_targets(const std::vector<Backend>& left, const std::vector<Backend>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Backend& a, const Backend& b) {
                      return a.key == b.key && a.tcp_targets == b.tcp_targets;
                    });
}

}  // namespace

ReadinessGate::ReadinessGate(Dependency dependency, GateOptions options)
    : dependency_(std::move(dependency)), options_(std::move(options)) {}

Reason ReadinessGate::reason_by_api(const ServiceView* view) const {
  if (view == nullptr) return Reason::not_synced;
  if (view->slices == 0) return Reason::no_slices;
  if (!view->port_seen) return Reason::no_such_port;
  if (view->ready() < dependency_.minimum.needed(view->total())) return Reason::too_few;
  return Reason::met;
}

void ReadinessGate::observe(Instant now, const ServiceView* view, int history) {
  const bool was_met = met_by_api();
  by_api_ = reason_by_api(view);
  if (!observed_ || (was_met && !met_by_api())) unmet_since_ = now;
  if (was_met && !met_by_api()) ++flaps_;
  if (!was_met && met_by_api()) met_since_ = now;
  const bool gap = std::exchange(history_, history) != history;
  const bool as_wanted = by_api_ != Reason::not_synced && met_by_api() != options_.until_gone;
  if (!as_wanted) {
    satisfied_since_.reset();
  } else if (!satisfied_since_ || gap) {
    satisfied_since_ = now;
  }
  view_ = view != nullptr ? *view : ServiceView{};
  note_unready(now);
  const int needed_before = std::exchange(needed_, dependency_.minimum.needed(view_.total()));
  std::vector<Backend> ready = ready_backends(view_);
  if (!same_targets(ready, ready_) || needed_ != needed_before) {
    ++targets_version_;
    result_is_ = ResultIs::absent;
  }
  ready_ = std::move(ready);
  if (!without_endpoints()) service_ = ServiceTold::Type::unknown;
  observed_ = true;
}

void ReadinessGate::note_unready(Instant now) {
  std::map<std::string, Instant> since;
  for (const Backend& backend : view_.backends) {
    if (backend.state == BackendState::ready) continue;
    const auto known = unready_since_.find(backend.key);
    since.emplace(backend.key, known == unready_since_.end() ? now : known->second);
  }
  unready_since_ = std::move(since);
}

void ReadinessGate::take_service(ServiceTold::Type type) {
  if (without_endpoints()) service_ = type;
}

std::optional<Instant> ReadinessGate::stable_at() const {
  if (!satisfied_since_) return std::nullopt;
  return *satisfied_since_ + options_.stable_for;
}

bool ReadinessGate::own_pod_is_backend() const {
  if (options_.own_pod.empty()) return false;
  return std::any_of(view_.backends.begin(), view_.backends.end(), [this](const Backend& backend) {
    return backend.name == options_.own_pod && backend.state != BackendState::ready;
  });
}

bool ReadinessGate::hopeless() const {
  if (options_.until_gone) return false;
  if (without_endpoints()) return service_ == ServiceTold::Type::external_name;
  return by_api_ == Reason::too_few && own_pod_is_backend();
}

bool ReadinessGate::has_target() const {
  return std::any_of(ready_.begin(), ready_.end(),
                     [](const Backend& backend) { return !backend.tcp_targets.empty(); });
}

void ReadinessGate::forget_result() { result_is_ = ResultIs::absent; }

void ReadinessGate::take_result(const Verification::Result& result) {
  result_ = result;
  result_is_ = result.answering >= needed_ ? ResultIs::enough
               : has_target()              ? ResultIs::too_few
                                           : ResultIs::nothing_to_try;
}

Candidates ReadinessGate::candidates() const { return {ready_, needed_}; }

Reason ReadinessGate::reason(Instant now) const {
  if (by_api_ == Reason::no_slices) {
    if (service_ == ServiceTold::Type::external_name) return Reason::external_name;
    return service_ == ServiceTold::Type::absent ? Reason::no_service : Reason::no_slices;
  }
  if (by_api_ == Reason::too_few && own_pod_is_backend()) return Reason::own_pod;
  if (by_api_ != Reason::met || options_.until_gone) return by_api_;
  if (!stable(now)) return Reason::not_stable;
  if (!options_.verify) return Reason::met;
  switch (result_is_) {
    case ResultIs::enough:
      return Reason::met;
    case ResultIs::too_few:
      return Reason::not_answering;
    case ResultIs::nothing_to_try:
      return Reason::nothing_to_verify;
    case ResultIs::absent:
      break;
  }
  return has_target() ? Reason::not_verified : Reason::nothing_to_verify;
}

bool ReadinessGate::take_change(Instant now) {
  const Shown shown{reason(now), view_.ready(), view_.total()};
  return std::exchange(shown_, shown) != shown;
}

DependencyStatus ReadinessGate::status(Instant now) const {
  DependencyStatus status;
  status.dependency = dependency_;
  status.satisfied = satisfied();
  status.reason = reason(now);
  status.ready = view_.ready();
  status.total = view_.total();
  status.needed = needed_;
  for (const Backend& backend : view_.backends) {
    if (backend.state == BackendState::ready) continue;
    if (status.waiting_for.size() == waiting_for_kept_max) break;
    status.waiting_for.push_back(backend);
    status.waiting_for.back().unready_for = now - unready_since_.at(backend.key);
  }
  if (status.reason == Reason::not_answering || status.reason == Reason::met) {
    status.answering = result_.answering;
    status.unanswered = result_.unanswered;
  }
  status.flaps = flaps_;
  if (!met_by_api() || status.reason != Reason::met) status.unmet_for = now - unmet_since_;
  // After a gap the time that counts begins anew, though nothing is known to have been lost.
  if (met_by_api()) status.met_for = now - satisfied_since_.value_or(met_since_);
  status.stable_for = options_.stable_for;
  return status;
}

}  // namespace waiter::core
