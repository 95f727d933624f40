// The engine: it is given the time and what happened, and returns what to do. It opens no socket
// and reads no clock, so a test, the simulator and the program drive the very same object.
//
//   for each event:  actions = engine.handle(now, event);  carry them out, report back as events
//   at next_deadline(): handle(now, DeadlineReached{})
//
// Time stands still while one event is handled. After Finish, which is the last action, every event
// is ignored.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "waiter/core/action.hpp"
#include "waiter/core/event.hpp"
#include "waiter/core/random.hpp"
#include "waiter/core/readiness_gate.hpp"
#include "waiter/core/reflector.hpp"
#include "waiter/core/verification.hpp"

namespace waiter::core {

enum class Verify { none, tcp };

struct EngineOptions {
  std::vector<Dependency> dependencies;  // at least one
  Verify verify = Verify::none;
  std::optional<Duration> timeout;    // since Started; nothing: for ever
  std::optional<Duration> heartbeat;  // between two heartbeats; nothing: none
  std::uint64_t seed = 1;             // of every jitter
};

class Engine {
 public:
  /// Between two rounds of verification: at least so long, at most twice.
  static constexpr Duration verify_pause = std::chrono::seconds(1);

  explicit Engine(EngineOptions options);

  Actions handle(Instant now, const Event& event);
  /// When handle(now, DeadlineReached{}) must be called at the latest. A call too early does
  /// nothing.
  std::optional<Instant> next_deadline() const;
  Snapshot snapshot(Instant now) const;
  bool finished() const { return finished_; }

 private:
  void on(Instant now, const Started&, Actions& actions);
  void on(Instant now, const DeadlineReached&, Actions& actions);
  /// Listed, WatchOpened, SliceChanged, ...: what happened to one list and watch.
  template <class Happened>
  requires requires(const Happened& event) { event.reflector; }
  void on(Instant now, const Happened& event, Actions& actions);
  void on(Instant now, const ProbeAnswered& event, Actions& actions);
  void on(Instant now, const SignalReceived& event, Actions& actions);

  void decide(Instant now, Actions& actions);
  bool is_current(Instant now, bool met_by_api, Actions& actions);
  void verify(Instant now, bool worth_it, Actions& actions);
  void report_changes(Instant now, Actions& actions);
  void finish(Instant now, ExitCode code, Actions& actions);

  EngineOptions options_;
  Random random_;
  std::vector<Reflector> reflectors_;  // one for each namespace
  std::vector<ReadinessGate> gates_;   // one for each dependency, in the user's order
  std::vector<ReflectorId> reflector_of_gate_;
  Verification verification_;
  std::uint64_t verified_targets_ = 0;  // of the last round: other targets make a new one
  std::optional<Instant> verify_at_;    // when a round that failed is repeated
  std::optional<Instant> heartbeat_at_;
  std::optional<Instant> timeout_at_;
  Instant started_at_{};
  bool started_ = false;
  bool finished_ = false;
};

}  // namespace waiter::core
