#include "fakeapi/scenario/schedule.hpp"
#include "fakeapi/scenario/world/world.hpp"

namespace fakeapi::scenario {

Timeline expand(const Scenario& scenario, std::uint64_t seed, Report& report) {
  Timeline timeline{scenario.name, scenario.about, service_infos(scenario), scenario.nodes, {}};
  Schedule schedule(scenario, seed);
  World world(scenario);
  if (!schedule.next() || *schedule.next() > cluster::Duration{}) {
    timeline.steps.push_back(
        {{}, "the Services and their Pods are created", world.create(nullptr, 0, report)});
  }
  while (const auto firing = schedule.take(cluster::Duration::max())) {
    const ScenarioStep& step = *firing->step;
    auto actions = timeline.steps.empty() ? world.create(&step, firing->round, report)
                                          : world.perform(step, firing->round, report);
    timeline.steps.push_back({firing->at, step.why, std::move(actions)});
  }
  return timeline;
}

}  // namespace fakeapi::scenario
