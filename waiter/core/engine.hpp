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
#include <functional>
#include <optional>
#include <vector>

#include "waiter/core/action.hpp"
#include "waiter/core/event.hpp"
#include "waiter/core/namespace_reader.hpp"
#include "waiter/core/random.hpp"
#include "waiter/core/readiness_gate.hpp"
#include "waiter/core/verification.hpp"

namespace waiter::core {

enum class Verify { none, tcp };
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
  /// A read as of now that was answered so long ago is no need to repeat.
  static constexpr Duration fresh_for = std::chrono::seconds(1);
  /// Between two questions why a Service has no endpoints.
  static constexpr Duration question_pause = std::chrono::seconds(30);

  explicit Engine(EngineOptions options);

  Actions handle(Instant now, const Event& event);
  /// When handle(now, DeadlineReached{}) must be called at the latest. A call too early does
  /// nothing.
  std::optional<Instant> next_deadline() const;
  Snapshot snapshot(Instant now) const;
  bool finished() const { return finished_; }

 private:
  /// Why a Service has no endpoints is asked at once, and again while it has none.
  struct Question {
    bool open = false;  // asked, and not answered yet
    bool vain = false;  // it is not allowed to ask
    std::optional<Instant> not_before;
  };

  void on(Instant now, const Started&, Actions& actions);
  void on(Instant now, const DeadlineReached&, Actions& actions);
  /// Listed, WatchOpened, SliceChanged, ...: what happened to one list and watch.
  template <class Happened>
  requires requires(const Happened& event) { event.reflector; }
  void on(Instant now, const Happened& event, Actions& actions);
  void on(Instant now, const ProbeAnswered& event, Actions& actions);
  void on(Instant now, const ServiceTold& event, Actions& actions);
  void on(Instant now, const SignalReceived& event, Actions& actions);

  void observe(Instant now, std::size_t gate);
  void decide(Instant now, Actions& actions);
  bool every_group(const std::function<bool(std::size_t gate)>& holds) const;
  bool confirm(Instant now, Actions& actions);
  void verify(Instant now, bool worth_it, Actions& actions);
  void conclude(Instant now, bool met, Actions& actions);
  void conclude_check(Instant now, Actions& actions);
  void follow(Instant now, bool met, Actions& actions);
  void ask_services(Instant now, Actions& actions);
  const Reflector* reflector_of(std::size_t gate) const;
  void report_changes(Instant now, Actions& actions);
  void finish(Instant now, ExitCode code, Actions& actions);

  EngineOptions options_;
  Random random_;
  std::vector<NamespaceReader> readers_;  // one for each namespace
  ReflectorId next_reflector_ = 0;
  std::vector<ReadinessGate> gates_;  // one for each dependency, in the user's order
  std::vector<std::size_t> reader_of_gate_;
  std::vector<std::vector<std::size_t>> groups_;  // of gates: one of each is needed
  std::vector<Question> questions_;               // one for each gate
  Verification verification_;
  std::uint64_t verified_targets_ = 0;  // of the last round: other targets make a new one
  std::optional<Instant> verify_at_;    // when a round that failed is repeated
  std::optional<Instant> heartbeat_at_;
  std::optional<Instant> timeout_at_;
  std::optional<bool> verdict_;             // Mode::follow: the last one that was told
  std::optional<Instant> lost_at_;          // when it will be lost, unless it is met again before
  std::optional<Instant> lost_since_;       // it is so, if that is confirmed
  std::optional<Instant> candidate_since_;  // all holds but the confirming read
  std::optional<Instant> stable_at_;        // when a decision may fall by time alone
  Instant started_at_{};
  bool started_ = false;
  bool finished_ = false;
};

}  // namespace waiter::core
