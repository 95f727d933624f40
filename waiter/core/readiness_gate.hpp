// One dependency: is it met by the API's word, for how long without a break, how often did it flap,
// and what did verification say.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "waiter/core/event.hpp"
#include "waiter/core/status.hpp"
#include "waiter/core/verification.hpp"

namespace waiter::core {

struct GateOptions {
  bool verify = false;
  bool until_gone = false;
  Duration stable_for{};
  std::string
      own_pod;  // the name of the Pod that the program runs in, where it is of this namespace
};

class ReadinessGate {
 public:
  ReadinessGate(Dependency dependency, GateOptions options);

  /// The view of the Service, or nothing before the first complete list. `history` is another
  /// number where the view does not follow from the one before it. A change of what would be
  /// verified makes the last result void.
  void observe(Instant now, const ServiceView* view, int history);
  /// Why there are no endpoints. Means nothing once there are some.
  void take_service(ServiceTold::Type type);
  /// What the last round of verification said of this dependency.
  void take_result(const Verification::Result& result);
  /// What was verified is too old to count: the dependency is unverified again.
  void forget_result();

  /// Enough backends are ready in the API.
  bool met_by_api() const { return by_api_ == Reason::met; }
  /// The API says what the user wants to hear: met, or (until_gone) not met.
  bool satisfied() const { return satisfied_since_.has_value(); }
  /// So without a break or a gap for as long as is wanted.
  bool stable(Instant now) const { return stable_at() && *stable_at() <= now; }
  /// When it will be stable, unless something happens.
  std::optional<Instant> stable_at() const;
  bool verified() const { return !options_.verify || result_is_ == ResultIs::enough; }
  /// It can never come true.
  bool hopeless() const;
  /// Nothing is known of the Service but that it has no endpoints.
  bool without_endpoints() const { return by_api_ == Reason::no_slices; }

  /// Rises with each change of the backends that verification would connect to.
  std::uint64_t targets_version() const { return targets_version_; }
  Candidates candidates() const;

  Reason reason(Instant now) const;
  DependencyStatus status(Instant now) const;
  const Dependency& dependency() const { return dependency_; }
  /// True once after each change that is worth a line to the user: reason or numbers.
  bool take_change(Instant now);

 private:
  enum class ResultIs { absent, enough, too_few, nothing_to_try };
  struct Shown {
    Reason reason = Reason::not_synced;
    int ready = 0;
    int total = 0;
    friend bool operator==(const Shown&, const Shown&) = default;
  };

  Reason reason_by_api(const ServiceView* view) const;
  void note_unready(Instant now);
  bool has_target() const;
  bool own_pod_is_backend() const;

  static constexpr std::size_t waiting_for_kept_max = 4;

  Dependency dependency_;
  GateOptions options_;
  Reason by_api_ = Reason::not_synced;
  ResultIs result_is_ = ResultIs::absent;
  ServiceTold::Type service_ = ServiceTold::Type::unknown;
  int history_ = 0;
  int needed_ = 1;
  int flaps_ = 0;
  std::uint64_t targets_version_ = 1;
  std::optional<Instant> satisfied_since_;
  Instant unmet_since_{};
  Instant met_since_{};
  bool observed_ = false;
  std::optional<Shown> shown_;
  ServiceView view_;
  std::map<std::string, Instant> unready_since_;  // of backends, by key
  std::vector<Backend> ready_;
  Verification::Result result_;
};

}  // namespace waiter::core
