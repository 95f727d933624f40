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
/// Where endpoints are read: `automatic` is EndpointSlices, and Endpoints where those are forbidden
/// or unknown.
enum class Source { automatic, slices, endpoints };
enum class Mode {
  wait,   // until all are met
  check,  // once: met or not
  follow  // for ever; tells when the verdict changes
};

/// The Pod that the program runs in: a Service that selects it can never become ready first.
struct OwnPod {
  std::string namespace_name;
  std::string name;
};

struct EngineOptions {
  /// Each group needs one of its members; a plain dependency is a group of one.
  std::vector<std::vector<Dependency>> groups;
  bool until_gone = false;  // the opposite: none of them is met
  Mode mode = Mode::wait;
  Source source = Source::automatic;
  Verify verify = Verify::none;
  bool confirm = true;    // before a verdict, a read that no lagging cache can answer
  Duration stable_for{};  // met for so long without a break or a gap
  Duration lost_after = std::chrono::seconds(15);  // Mode::follow: unmet for so long is lost
  bool fail_on_forbidden = false;
  std::optional<OwnPod> own_pod;
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
