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

ReadinessGate::ReadinessGate(Dependency dependency, bool verify)
    : dependency_(std::move(dependency)), verify_(verify) {}

Reason ReadinessGate::reason_by_api(const ServiceView* view) const {
  if (view == nullptr) return Reason::not_synced;
  if (view->slices == 0) return Reason::no_slices;
  if (!view->port_seen) return Reason::no_such_port;
  if (view->ready() < dependency_.minimum.needed(view->total())) return Reason::too_few;
  return Reason::met;
}

void ReadinessGate::observe(Instant now, const ServiceView* view) {
  const Reason by_api = reason_by_api(view);
  const bool was_met_by_api = met_by_api_;
  met_by_api_ = by_api == Reason::met;
  if (!observed_) unmet_since_ = now;
  if (was_met_by_api && !met_by_api_) {
    ++flaps_;
    unmet_since_ = now;
  }
  const ServiceView before = std::exchange(view_, view != nullptr ? *view : ServiceView{});
  const int needed_before = std::exchange(needed_, dependency_.minimum.needed(view_.total()));
  std::vector<Backend> ready = ready_backends(view_);
  const bool others = !same_targets(ready, ready_) || needed_ != needed_before;
  if (others) ++targets_version_;
  ready_ = std::move(ready);

  Reason reason = by_api;
  if (by_api == Reason::met && verify_) {
    reason = was_met_by_api && !others ? reason_
             : has_target()            ? Reason::not_verified
                                       : Reason::nothing_to_verify;
  }
  if (!observed_ || reason != reason_ || before.ready() != view_.ready() ||
      before.total() != view_.total()) {
    changed_ = true;
  }
  reason_ = reason;
  observed_ = true;
}

bool ReadinessGate::has_target() const {
  return std::any_of(ready_.begin(), ready_.end(),
                     [](const Backend& backend) { return !backend.tcp_targets.empty(); });
}

void ReadinessGate::forget_result() {
  if (verify_ && (reason_ == Reason::met || reason_ == Reason::not_answering)) {
    reason_ = Reason::not_verified;
    changed_ = true;
  }
}

void ReadinessGate::take_result(const Verification::Result& result) {
  result_ = result;
  const Reason reason = result.answering >= needed_ ? Reason::met
                        : has_target()              ? Reason::not_answering
                                                    : Reason::nothing_to_verify;
  if (reason != reason_) changed_ = true;
  reason_ = reason;
}

Candidates ReadinessGate::candidates() const { return {ready_, needed_}; }

bool ReadinessGate::take_change() { return std::exchange(changed_, false); }

DependencyStatus ReadinessGate::status(Instant now) const {
  DependencyStatus status;
  status.dependency = dependency_;
  status.reason = reason_;
  status.ready = view_.ready();
  status.total = view_.total();
  status.needed = needed_;
  for (const Backend& backend : view_.backends) {
    if (backend.state == BackendState::ready) continue;
    if (status.waiting_for.size() == waiting_for_kept_max) break;
    status.waiting_for.push_back(backend);
  }
  if (reason_ == Reason::not_answering || reason_ == Reason::met) {
    status.answering = result_.answering;
    status.unanswered = result_.unanswered;
  }
  status.flaps = flaps_;
  status.unmet_for = now - unmet_since_;
  return status;
}

}  // namespace waiter::core
