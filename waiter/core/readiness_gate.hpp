// One dependency: is it met by the API's word, since when not, how often did it flap, and what did
// verification say.
#pragma once

#include <cstdint>
#include <vector>

#include "waiter/core/status.hpp"
#include "waiter/core/verification.hpp"

namespace waiter::core {

class ReadinessGate {
 public:
  ReadinessGate(Dependency dependency, bool verify);

  /// The view of the Service, or nothing before the first complete list. A change of what would be
  /// verified makes the last result void.
  void observe(Instant now, const ServiceView* view);
  /// What the last round of verification said of this dependency.
  void take_result(const Verification::Result& result);

  /// Enough backends are ready in the API.
  bool met_by_api() const { return met_by_api_; }
  bool met() const { return reason_ == Reason::met; }
  /// What was verified is too old to count: the dependency is unverified again.
  void forget_result();
  /// Rises with each change of the backends that verification would connect to.
  std::uint64_t targets_version() const { return targets_version_; }
  Candidates candidates() const;

  DependencyStatus status(Instant now) const;
  const Dependency& dependency() const { return dependency_; }
  /// True once after each change that is worth a line to the user: reason or numbers.
  bool take_change();

 private:
  Reason reason_by_api(const ServiceView* view) const;
  bool has_target() const;

  static constexpr std::size_t waiting_for_kept_max = 4;

  Dependency dependency_;
  bool verify_;
  Reason reason_ = Reason::not_synced;
  bool met_by_api_ = false;
  bool changed_ = false;
  int needed_ = 1;
  int flaps_ = 0;
  std::uint64_t targets_version_ = 1;
  Instant unmet_since_{};
  bool observed_ = false;
  ServiceView view_;
  std::vector<Backend> ready_;
  Verification::Result result_;
};

}  // namespace waiter::core
