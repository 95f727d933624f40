// When steps fire: at times, repeatedly, by what clients did, and by draws that depend on nothing
// but the seed and a step's own text.
#include "fakeapi/scenario/schedule.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/scenario/test_support.hpp"

namespace fakeapi::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::IsEmpty;
using namespace std::chrono_literals;
using cluster::Duration;

Scenario with(const std::string& timeline) {
  return test::scenario_of(test::load(test::scenario_with(2, timeline)));
}

// All that is due by then: "why at MILLISECONDS".
std::vector<std::string> due(Schedule& schedule, Duration by = Duration::max()) {
  std::vector<std::string> out;
  while (const auto firing = schedule.take(by))
    out.push_back(fmt::format("{} at {}", firing->step->why, firing->at / 1ms));
  return out;
}

// Why -> the nanoseconds at which it fires.
std::map<std::string, std::vector<std::int64_t>> times(const Scenario& scenario,
                                                       std::uint64_t seed = 1) {
  Schedule schedule(scenario, seed);
  std::map<std::string, std::vector<std::int64_t>> out;
  while (const auto firing = schedule.take(Duration::max()))
    out[firing->step->why].push_back(firing->at.count());
  return out;
}

// A request as a client sends it.
struct Sent {
  cluster::Attributes attributes;
  std::string user_agent = "test/1";
  std::uint64_t connection = 1;

  explicit Sent(std::string verb, std::string resource = "endpointslices") {
    attributes.is_resource = true;
    attributes.verb = std::move(verb);
    attributes.resource = std::move(resource);
    attributes.namespace_name = "default";
  }
  fault::Arrival arrival() const { return {connection, user_agent, &attributes}; }
};

TEST(Schedule, FiresAtTheTimeAndNotBefore) {
  const Scenario scenario = with("  - {at: 2s, why: a, api: up}\n");
  Schedule schedule(scenario, 1);
  EXPECT_THAT(schedule.next(), Eq(Duration(2s)));
  EXPECT_THAT(due(schedule, 2s - 1ns), IsEmpty());
  EXPECT_THAT(due(schedule, 2s), ElementsAre("a at 2000"));
  EXPECT_EQ(schedule.next(), std::nullopt);
}

TEST(Schedule, KeepsTheFilesOrderOfEqualTimes) {
  const Scenario scenario = with(
      "  - {at: 2s, why: c, api: up}\n  - {at: 1s, why: a, api: down}\n"
      "  - {at: 1s, why: b, api: up}\n  - {at: 2s, why: d, api: down}\n");
  Schedule schedule(scenario, 1);
  EXPECT_THAT(due(schedule), ElementsAre("a at 1000", "b at 1000", "c at 2000", "d at 2000"));
}

TEST(Schedule, RepeatsSoOftenInAll) {
  const Scenario scenario = with("  - {at: 1s, every: 500ms, times: 3, why: a, api: up}\n");
  Schedule schedule(scenario, 1);
  EXPECT_THAT(due(schedule), ElementsAre("a at 1000", "a at 1500", "a at 2000"));
}

TEST(Schedule, CountsRoundsFromZero) {
  const Scenario scenario = with("  - {at: 0s, every: 1s, times: 3, api: up}\n");
  Schedule schedule(scenario, 1);
  std::vector<int> rounds;
  while (const auto firing = schedule.take(Duration::max())) rounds.push_back(firing->round);
  EXPECT_THAT(rounds, ElementsAre(0, 1, 2));
}

// A constant is no draw: an hour is not cut to what a lognormal may reach at most.
TEST(Schedule, DoesNotShortenLongTimes) {
  const Scenario scenario = with("  - {at: 30h, why: a, api: up}\n");
  Schedule schedule(scenario, 1);
  EXPECT_THAT(due(schedule), ElementsAre("a at 108000000"));
}

RC_GTEST_PROP(Schedule, DrawsInsideTheBoundsThatAreWritten, (std::uint64_t seed)) {
  const Scenario scenario =
      with("  - {at: 10s ± 2s, every: \"uniform(1s, 3s)\", times: 5, why: a, api: up}\n");
  const auto drawn = times(scenario, seed).at("a");
  RC_ASSERT(drawn.size() == 5U);
  RC_ASSERT(drawn[0] >= Duration(8s).count() && drawn[0] <= Duration(12s).count());
  for (std::size_t i = 1; i < drawn.size(); ++i) {
    const auto pause = Duration(drawn[i] - drawn[i - 1]);
    RC_ASSERT(pause >= 1s && pause <= 3s);
  }
}

TEST(Schedule, DrawsEachRoundForItself) {
  const auto drawn =
      times(with("  - {at: 0s, every: 1s ± 500ms, times: 4, why: a, api: up}\n")).at("a");
  EXPECT_NE(drawn[1] - drawn[0], drawn[2] - drawn[1]);
}

TEST(Schedule, OtherSeedsDrawOthers) {
  const Scenario scenario = with("  - {at: 10s ± 2s, why: a, api: up}\n");
  EXPECT_EQ(times(scenario, 1), times(scenario, 1));
  EXPECT_NE(times(scenario, 1), times(scenario, 2));
}

// Two Pods that fail "at about the same time" do not fail at the same time.
TEST(Schedule, EqualLinesDrawForThemselves) {
  const std::string line = "  - {at: 10s ± 2s, why: a, api: up}\n";
  const auto drawn = times(with(line + line)).at("a");
  EXPECT_NE(drawn[0], drawn[1]);
}

// Whatever else is in the file, in whatever order.
RC_GTEST_PROP(Schedule, NoLineChangesTheDrawsOfAnother, ()) {
  std::vector<std::string> lines;
  const int count = *rc::gen::inRange(2, 8);
  for (int i = 0; i < count; ++i) {
    const bool often = *rc::gen::arbitrary<bool>();
    lines.push_back(fmt::format(
        "  - {{at: {}s ± 1s, why: s{}, {}{}}}\n", *rc::gen::inRange(1, 99), i,
        often ? "every: 2s ± 1s, times: 3, " : "",
        i % 2 == 0 ? fmt::format("cache: {}ms", i + 1) : fmt::format("controllers: {}ms", i + 1)));
  }
  std::string all;
  for (const std::string& line : lines) all += line;
  const auto before = times(with(all));

  std::vector<std::string> others = lines;
  others.erase(others.begin() + *rc::gen::inRange(0, count));
  for (std::size_t i = others.size(); i > 1; --i)
    std::swap(others[i - 1], others[*rc::gen::inRange<std::size_t>(0, i)]);
  std::string changed = "  - {at: 3s ± 1s, why: new, cluster-restart: {down: 1s ± 1s}}\n";
  for (const std::string& line : others) changed += line;
  changed += "faults:\n  - {name: slow, latency: 50ms ± 20ms}\n";
  for (const auto& [why, drawn] : times(with(changed))) {
    if (before.contains(why)) RC_ASSERT(drawn == before.at(why));
  }
}

TEST(Schedule, AnotherReasonChangesNoDraw) {
  EXPECT_EQ(times(with("  - {at: 10s ± 2s, why: a, api: up}\n")).at("a"),
            times(with("  - {at: 10s ± 2s, why: b, api: up}\n")).at("b"));
}

// The parts of a story are one line: its time is drawn once, and its parts add to that.
RC_GTEST_PROP(Schedule, AStoryStaysInItsOrder, (std::uint64_t seed)) {
  const Scenario scenario = with(
      "  - {at: 60s ± 50s, every: 300s ± 50s, times: 3, why: off, cluster-restart: {down: 2s ± 1s, "
      "stale: 3s ± 1s, ready-after: 4s ± 1s}}\n");
  const auto drawn = times(scenario, seed);
  const auto& off = drawn.at("off");
  const auto& on = drawn.at("the API server is back");
  const auto& caught_up = drawn.at("the kubelets and the controllers have caught up");
  const auto& ready = drawn.at("what was ready is ready again");
  for (std::size_t round = 0; round < 3; ++round) {
    const auto apart = [](std::int64_t a, std::int64_t b) { return Duration(b - a); };
    RC_ASSERT(apart(off[round], on[round]) >= 1s && apart(off[round], on[round]) <= 3s);
    RC_ASSERT(apart(on[round], caught_up[round]) >= 2s && apart(on[round], caught_up[round]) <= 4s);
    RC_ASSERT(apart(caught_up[round], ready[round]) >= 3s);
    RC_ASSERT(apart(caught_up[round], ready[round]) <= 5s);
  }
}

TEST(Schedule, WaitsUntilSoManyWatchesAreOpenAtTheSameTime) {
  const Scenario scenario =
      with("  - {when: {watches: 2, request: {resource: endpointslices}}, why: a, api: up}\n");
  Schedule schedule(scenario, 1);
  const Sent watch("watch");
  schedule.stream_opened(1s, 1, watch.arrival());
  schedule.stream_ended(1);
  schedule.stream_opened(2s, 2, watch.arrival());
  schedule.stream_opened(3s, 3, Sent("watch", "pods").arrival());
  EXPECT_THAT(due(schedule), IsEmpty());
  EXPECT_EQ(schedule.waiting(), 1U);
  schedule.stream_opened(4s, 4, watch.arrival());
  EXPECT_EQ(schedule.waiting(), 0U);
  EXPECT_THAT(due(schedule), ElementsAre("a at 4000"));
}

TEST(Schedule, WaitsForTheNthRequestThatFits) {
  const Scenario scenario = with(
      "  - {when: {request: {verb: list, resource: endpoints*}, nth: 2}, after: 500ms, why: a, "
      "api: up}\n");
  Schedule schedule(scenario, 1);
  schedule.request_came(1s, Sent("list").arrival());
  schedule.request_came(2s, Sent("watch").arrival());
  schedule.request_came(2s, Sent("list", "pods").arrival());
  EXPECT_EQ(schedule.next(), std::nullopt);
  schedule.request_came(3s, Sent("list", "endpoints").arrival());
  EXPECT_THAT(due(schedule, 3499ms), IsEmpty());
  EXPECT_THAT(due(schedule), ElementsAre("a at 3500"));
}

TEST(Schedule, CountsAllRequestsWhereNoneIsNamed) {
  const Scenario scenario = with("  - {when: {nth: 2}, why: a, api: up}\n");
  Schedule schedule(scenario, 1);
  schedule.request_came(1s, Sent("list").arrival());
  schedule.request_came(2s, Sent("get", "pods").arrival());
  EXPECT_THAT(due(schedule), ElementsAre("a at 2000"));
}

TEST(Schedule, FiresATriggerOnceAndRepeatsFromThere) {
  const Scenario scenario =
      with("  - {when: {request: {}}, every: 1s, times: 2, why: a, api: up}\n");
  Schedule schedule(scenario, 1);
  schedule.request_came(5s, Sent("list").arrival());
  schedule.request_came(6s, Sent("list").arrival());
  EXPECT_THAT(due(schedule), ElementsAre("a at 5000", "a at 6000"));
}

TEST(Schedule, FiresAStoryAfterItsTriggerInItsOrder) {
  const Scenario scenario =
      with("  - {when: {watches: 1}, after: 1s, why: off, cluster-restart: {down: 2s}}\n");
  Schedule schedule(scenario, 1);
  EXPECT_EQ(schedule.waiting(), 2U);
  schedule.stream_opened(10s, 1, Sent("watch").arrival());
  EXPECT_THAT(due(schedule), ElementsAre("off at 11000", "the API server is back at 13000"));
}

}  // namespace
}  // namespace fakeapi::scenario
