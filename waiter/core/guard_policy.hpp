// What a guard makes of verdicts: what its three probes say, and when it ends. A guard is a native
// sidecar (KEP-753): kubelet starts what comes after it when its startup probe has passed once,
// takes its readiness for a part of the Pod's, and starts it again when it ends.
#pragma once

#include <cstdint>
#include <optional>

#include "waiter/core/event.hpp"
#include "waiter/core/exit_code.hpp"

namespace waiter::core {

class GuardPolicy {
 public:
  enum class OnLost {
    observe,  // tells, and does nothing
    unready,  // the guard is not ready while a dependency is lost
    exit      // the guard ends
  };
  enum class Verdict {
    none,  // the dependencies have not been met yet
    met,
    lost
  };
  enum class Why { never_met, met, lost, lost_and_observed, running };
  struct Probe {
    bool ok = false;
    Why why = Why::never_met;
    friend bool operator==(const Probe&, const Probe&) = default;
  };

  explicit GuardPolicy(OnLost on_lost) : on_lost_(on_lost) {}

  /// The code to end with, or nothing: the guard goes on.
  std::optional<ExitCode> take_verdict(bool met);
  /// A sidecar is told to stop when the main containers have ended: its work is done then, and any
  /// code but 0 would be shown as its failure. Before its first verdict it was interrupted.
  ExitCode end_by(SignalReceived::Signal signal) const;

  /// Passed once is passed for ever: kubelet asks no more, but others may.
  Probe startup() const;
  Probe ready() const;
  /// Always so: a guard that cannot answer is not alive, and nothing else makes a restart useful.
  static Probe live() { return {true, Why::running}; }

  OnLost on_lost() const { return on_lost_; }
  Verdict verdict() const { return verdict_; }
  std::uint64_t losses() const { return losses_; }

 private:
  OnLost on_lost_;
  Verdict verdict_ = Verdict::none;
  std::uint64_t losses_ = 0;
};

}  // namespace waiter::core
