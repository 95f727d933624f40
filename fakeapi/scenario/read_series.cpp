#include "fakeapi/scenario/read_series.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace fakeapi::scenario {
namespace {

std::optional<int> value_at(const std::vector<SeriesValue>& series, std::size_t interval) {
  const auto after = std::upper_bound(
      series.begin(), series.end(), interval,
      [](std::size_t wanted, const SeriesValue& value) { return wanted < value.begin; });
  return after == series.begin() ? std::nullopt : std::prev(after)->count;
}

}  // namespace

SeriesReader::SeriesReader(const Service& service, const Node& ready, const Node* listens,
                           cluster::Duration interval, Report& report)
    : service_(service),
      ready_(*parse_series(ready.text)),
      listens_(listens == nullptr ? ready_ : *parse_series(listens->text)),
      interval_(interval),
      place_(ready.place) {
  const auto fits = [&](const std::vector<SeriesValue>& series, Place place) {
    const auto most = std::max_element(series.begin(), series.end(),
                                       [](const SeriesValue& a, const SeriesValue& b) {
                                         return a.count.value_or(0) < b.count.value_or(0);
                                       });
    const int count = most->count.value_or(0);
    if (count > service.pods)
      report.add(place, fmt::format("{} has {} Pods, not {}", service.name, service.pods, count));
    return count <= service.pods;
  };
  if (!fits(ready_, place_) || (listens != nullptr && !fits(listens_, listens->place))) return;
  for (const SeriesValue& value : ready_) changes_.insert(value.begin);
  for (const SeriesValue& value : listens_) changes_.insert(value.begin);
}

std::size_t SeriesReader::sayings() const {
  return changes_.size() * static_cast<std::size_t>(service_.pods + 1);
}

std::vector<ScenarioStep> SeriesReader::steps() const {
  std::vector<ScenarioStep> steps;
  for (const std::size_t interval : changes_) steps.push_back(step_at(interval));
  return steps;
}

ScenarioStep SeriesReader::step_at(std::size_t interval) const {
  ScenarioStep step;
  step.timing.delays = {Distribution::constant(interval_ * static_cast<std::int64_t>(interval))};
  step.place = place_;
  const auto ready = value_at(ready_, interval);
  const int listening = value_at(listens_, interval).value_or(0);
  step.why = fmt::format("{}: {}/{} ready", service_.name, ready.value_or(0), service_.pods);
  if (ready && listening != *ready) step.why += fmt::format(", {} listen", listening);
  for (int number = 0; number < service_.pods; ++number) {
    PodState state;
    state.shows = !ready ? Shows::absent : number < *ready ? Shows::ready : Shows::not_ready;
    state.listens = ready && number < listening;
    step.pods.push_back({fmt::format("{}-{}", service_.name, number), {state}, place_});
  }
  return step;
}

}  // namespace fakeapi::scenario
