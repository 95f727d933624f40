// What the control API does to a scenario that is played: its clock, its epochs, and steps by hand.
#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/run/play.hpp"
#include "fakeapi/scenario/read_step.hpp"

namespace fakeapi::run {

using cluster::Duration;
using cluster::Instant;

std::optional<std::string> Play::perform_now(Instant now, const std::string& text) {
  auto read = scenario::read_single_step(text, scenario_);
  if (auto* problem = std::get_if<std::string>(&read)) return std::move(*problem);
  scenario::Report report("");
  for (const scenario::ScenarioStep& step : std::get<std::vector<scenario::ScenarioStep>>(read)) {
    if (auto error = would_lock_out(step, time(now))) return error;
    const auto actions = world_->perform(step, 0, report);
    if (!report.empty()) return report.take().front().message;
    note(time(now), "steps", "step", step.why.empty() ? "a step by hand" : step.why);
    if (const auto error = carry_out_all(now, actions)) return error;
  }
  stay_reachable(now);
  return std::nullopt;
}

// An API server that is down takes no step that would bring it back, so that step must be there
// already. What waits for a client waits for ever.
std::optional<std::string> Play::would_lock_out(const scenario::ScenarioStep& step,
                                                Duration now) const {
  if (step.api_up != false) return std::nullopt;
  const bool comes_back =
      (scenario_.heal && !healed_) ||
      std::any_of(scenario_.steps.begin(), scenario_.steps.end(), [&](const auto& later) {
        return later.api_up == true && scenario::nominal_time(later.timing).value_or(now) > now;
      });
  if (comes_back) return std::nullopt;
  return "api: this would keep everybody out for ever, you too, as no later step of the scenario "
         "brings the API server back: put a fault with \"connect: refuse\" and a window that ends";
}

void Play::pause(Instant now) {
  clock_.pause(now);
  stay_reachable(now);
  follow_clock(now);
}

void Play::resume(Instant now) {
  pauses_when_back_ = false;
  clock_.resume(now);
  follow_clock(now);
}

void Play::set_speed(Instant now, double speed) {
  clock_.set_speed(now, speed);
  follow_clock(now);
}

bool Play::is_reachable(Instant now) const {
  return api_up_ && !parts_.faults.refuses(Instant(time(now)));
}

void Play::stay_reachable(Instant now) {
  const bool reachable = is_reachable(now);
  if (!reachable && clock_.paused()) {
    pauses_when_back_ = true;
    clock_.resume(now);
    follow_clock(now);
  } else if (reachable && std::exchange(pauses_when_back_, false)) {
    pause(now);
  }
}

std::optional<std::string> Play::seek(Instant now, Duration to) {
  if (to < time(now)) {
    if (auto error = restart(now)) return error;
  }
  const Duration from = time(now);
  clock_.seek(now, to);
  const auto seconds = [](Duration time) { return std::chrono::duration<double>(time).count(); };
  note(from, "", "note",
       fmt::format("the clock is set from {:.1f} s to {:.1f} s", seconds(from), seconds(to)));
  jumped_to_ = from;
  auto error = advance(now);
  jumped_to_.reset();
  return error;
}

std::optional<std::string> Play::restart(Instant now) {
  set_back(now);
  for (const auto& [number, lane] : open_streams_)
    note(time(now), lane, fmt::format("stream {} ended", number), "the scenario begins anew");
  open_streams_.clear();
  parts_.surroundings.end_connections();
  if (!api_up_) {
    if (const auto error = carry_out(now, scenario::SetApi{true})) return error;
  }
  parts_.listeners.close_all();
  clock_.seek(now, {});
  parts_.log.begin_epoch();
  record_ = {};
  windows_.clear();
  reset();
  note({}, "", "note", fmt::format("the scenario begins anew: epoch {}", epoch()));
  begun_ = false;
  parts_.cluster.restore(now, *start_);
  auto error = advance(now);
  begin();
  return error;
}

// What steps have changed beyond the objects. A certificate authority stays: a client that trusts
// the new one has no way back, in a cluster neither.
void Play::set_back(Instant now) {
  for (const fault::Fault& fault : scenario_.faults) parts_.faults.remove(fault.name);
  let_all_follow(now);
  const auto any_step = [this](auto of) {
    return std::any_of(scenario_.steps.begin(), scenario_.steps.end(),
                       [of](const auto& step) { return (step.*of).has_value(); });
  };
  if (any_step(&scenario::ScenarioStep::rights))
    carry_out(now, scenario::SetRights{cluster::User::Rights::read_endpoints});
  if (any_step(&scenario::ScenarioStep::token))
    parts_.surroundings.set_token(now, scenario::SetToken{true, {}});
}

}  // namespace fakeapi::run
