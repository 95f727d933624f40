#include "waiter/core/guard_policy.hpp"

namespace waiter::core {

std::optional<ExitCode> GuardPolicy::take_verdict(bool met) {
  if (met) {
    verdict_ = Verdict::met;
    return std::nullopt;
  }
  // What was never there cannot be lost, and a loss that is told twice is one.
  if (verdict_ != Verdict::met) return std::nullopt;
  verdict_ = Verdict::lost;
  ++losses_;
  if (on_lost_ == OnLost::exit) return ExitCode::lost;
  return std::nullopt;
}

ExitCode GuardPolicy::end_by(SignalReceived::Signal signal) const {
  if (startup().ok) return ExitCode::ready;
  return signal == SignalReceived::Signal::interrupt ? ExitCode::interrupted : ExitCode::terminated;
}

GuardPolicy::Probe GuardPolicy::startup() const {
  return verdict_ == Verdict::none ? Probe{false, Why::never_met} : Probe{true, Why::met};
}

GuardPolicy::Probe GuardPolicy::ready() const {
  switch (verdict_) {
    case Verdict::none:
      return {false, Why::never_met};
    case Verdict::met:
      return {true, Why::met};
    case Verdict::lost:
      if (on_lost_ == OnLost::observe) return {true, Why::lost_and_observed};
      return {false, Why::lost};
  }
  return {};
}

}  // namespace waiter::core
