// Draws depend on the seed and on the step's own text alone: adding a line, or moving it, changes
// no other line's times.
#include "fakeapi/scenario/schedule.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/draws.hpp"

namespace fakeapi::scenario {

Schedule::Schedule(const Scenario& scenario, std::uint64_t seed)
    : scenario_(scenario), seed_(seed) {
  // Equal lines draw for themselves; the steps that one line comes to share its draws, so that the
  // parts of a story stay in their order.
  std::map<std::string, std::map<std::pair<int, int>, std::uint64_t>> lines;
  for (std::size_t i = 0; i < scenario_.steps.size(); ++i) {
    const ScenarioStep& step = scenario_.steps[i];
    auto& equal = lines[step.draw_name];
    keys_.push_back(
        equal.try_emplace({step.place.line, step.place.column}, equal.size() + 1).first->second);
    if (scenario_.steps[i].timing.trigger) {
      waiting_.push_back({i});
    } else {
      start(i, {});
    }
  }
}

cluster::Duration Schedule::drawn(std::size_t step, const Distribution& distribution,
                                  std::string_view part, int round) const {
  const std::string name = fmt::format("{}#{}", scenario_.steps[step].draw_name, part);
  constexpr std::uint64_t rounds_max = 20'000;  // more than `times` allows
  const std::uint64_t index = keys_[step] * rounds_max + static_cast<std::uint64_t>(round) + 1;
  return Draws(seed_, name, index).duration(distribution);
}

void Schedule::start(std::size_t step, cluster::Duration base) {
  const Timing& timing = scenario_.steps[step].timing;
  cluster::Duration at = base;
  for (std::size_t i = 0; i < timing.delays.size(); ++i)
    at += drawn(step, timing.delays[i], fmt::to_string(i), 0);
  pending_.emplace(std::pair{at, step}, Firing{&scenario_.steps[step], at, 0});
}

std::optional<cluster::Duration> Schedule::next() const {
  if (pending_.empty()) return std::nullopt;
  return pending_.begin()->first.first;
}

std::size_t Schedule::waiting() const { return waiting_.size(); }

std::optional<Schedule::Firing> Schedule::take(cluster::Duration now) {
  if (pending_.empty() || pending_.begin()->first.first > now) return std::nullopt;
  const auto first = pending_.begin();
  const Firing firing = first->second;
  const std::size_t step = first->first.second;
  pending_.erase(first);
  const Timing& timing = firing.step->timing;
  if (timing.every && firing.round + 1 < timing.times) {
    const int round = firing.round + 1;
    const auto at = firing.at + drawn(step, *timing.every, "every", round);
    pending_.emplace(std::pair{at, step}, Firing{firing.step, at, round});
  }
  return firing;
}

void Schedule::request_came(cluster::Duration now, const fault::Arrival& arrival) {
  std::vector<std::size_t> fired;
  std::erase_if(waiting_, [&](Waiting& waiting) {
    const Trigger& trigger = *scenario_.steps[waiting.step].timing.trigger;
    if (trigger.watches > 0 || !fault::fits(trigger.request, arrival)) return false;
    if (++waiting.seen < trigger.nth) return false;
    fired.push_back(waiting.step);
    return true;
  });
  for (const std::size_t step : fired) start(step, now);
}

void Schedule::stream_opened(cluster::Duration now, std::uint64_t number,
                             const fault::Arrival& arrival) {
  std::vector<std::size_t> fired;
  std::erase_if(waiting_, [&](Waiting& waiting) {
    const Trigger& trigger = *scenario_.steps[waiting.step].timing.trigger;
    if (trigger.watches == 0 || !fault::fits(trigger.request, arrival)) return false;
    waiting.open.insert(number);
    if (waiting.open.size() < trigger.watches) return false;
    fired.push_back(waiting.step);
    return true;
  });
  for (const std::size_t step : fired) start(step, now);
}

void Schedule::stream_ended(std::uint64_t number) {
  for (Waiting& waiting : waiting_) waiting.open.erase(number);
}

}  // namespace fakeapi::scenario
