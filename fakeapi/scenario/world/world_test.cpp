// What steps come to: stories, scale, Services, objects. In the short words of test_support.hpp.
#include "fakeapi/scenario/world/world.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/scenario/test_support.hpp"
#include "fakeapi/scenario/world/truth.hpp"

namespace fakeapi::scenario {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

Timeline play(int pods, const std::string& timeline) {
  return test::timeline_of(test::load(test::scenario_with(pods, timeline)));
}

// Each step but the first as "SECONDS why" and its actions.
std::vector<std::string> told(const Timeline& timeline) {
  std::vector<std::string> out;
  for (std::size_t i = 1; i < timeline.steps.size(); ++i) {
    const Step& step = timeline.steps[i];
    out.push_back(fmt::format("{} {}", step.at / std::chrono::seconds(1), step.why));
    for (const std::string& action : test::describe(step)) out.push_back("  " + action);
  }
  return out;
}

std::vector<std::string> actions_at(const Timeline& timeline, int second) {
  std::vector<std::string> out;
  for (const Step& step : timeline.steps) {
    if (step.at != std::chrono::seconds(second)) continue;
    for (std::string& action : test::describe(step)) out.push_back(std::move(action));
  }
  return out;
}

TEST(ClusterRestart, ShowsWhatWasUntilTheKubeletsAreBack) {
  EXPECT_THAT(told(play(2,
                        "  - {at: 0s, pods: {\"mysql-*\": ready}}\n"
                        "  - {at: 3s, cluster-restart: {down: 2s, stale: 5s, ready-after: 3s}}\n")),
              ElementsAre("3 the whole cluster restarts", "  api down", "  stop mysql-0 10.20.0.1",
                          "  stop mysql-1 10.20.0.2",                            //
                          "5 the API server is back", "  api up",                //
                          "10 the kubelets and the controllers have caught up",  //
                          "  PATCH mysql-0/status 10.20.0.3 False",
                          "  PATCH mysql-1/status 10.20.0.4 False",  //
                          "13 what was ready is ready again",        //
                          "  listen mysql-0 10.20.0.3", "  listen mysql-1 10.20.0.4",
                          "  PATCH mysql-0/status 10.20.0.3 True",
                          "  PATCH mysql-1/status 10.20.0.4 True"));
}

TEST(ClusterRestart, CatchesUpAtOnceWithoutStale) {
  EXPECT_THAT(told(play(1,
                        "  - {at: 0s, pods: {mysql-0: ready}}\n"
                        "  - {at: 3s, why: bang, cluster-restart: {down: 2s, history: lost}}\n")),
              ElementsAre("3 bang", "  api down", "  stop mysql-0 10.20.0.1",  //
                          "5 the API server is back", "  history lost",
                          "  PATCH mysql-0/status 10.20.0.2 False", "  api up"));
}

TEST(ClusterRestart, LeavesPodsThatWereNotReadyAsTheyWere) {
  const Timeline timeline = play(3,
                                 "  - {at: 0s, pods: {mysql-0: ready, mysql-1: running}}\n"
                                 "  - {at: 3s, cluster-restart: {down: 2s, ready-after: 3s}}\n");
  EXPECT_THAT(actions_at(timeline, 8),
              ElementsAre("listen mysql-0 10.20.0.3", "PATCH mysql-0/status 10.20.0.3 True"));
}

// A Pod that was scaled away in the meantime is not brought back by what the restart promised.
TEST(ClusterRestart, BringsBackNoPodThatWentInTheMeantime) {
  const Timeline timeline = play(2,
                                 "  - {at: 0s, pods: {\"mysql-*\": ready}}\n"
                                 "  - {at: 3s, cluster-restart: {down: 1s, ready-after: 6s}}\n"
                                 "  - {at: 6s, scale: {mysql: 1}}\n");
  EXPECT_THAT(actions_at(timeline, 6), ElementsAre("DELETE mysql-1 0"));
  EXPECT_THAT(actions_at(timeline, 10),
              ElementsAre("listen mysql-0 10.20.0.3", "PATCH mysql-0/status 10.20.0.3 True"));
}

TEST(RollingUpdate, ReplacesOneAfterTheOtherFromTheHighestNumber) {
  EXPECT_THAT(
      told(play(2,
                "  - {at: 0s, pods: {\"mysql-*\": ready}}\n"
                "  - {at: 5s, rolling-update: {service: mysql, terminating: 2s, starting: 3s}}\n")),
      ElementsAre("5 mysql-1 is replaced", "  DELETE mysql-1 30",  //
                  "7 the new mysql-1 starts", "  stop mysql-1 10.20.0.2", "  DELETE mysql-1 0",
                  "  POST pods mysql-1", "  PATCH mysql-1/status 10.20.0.3 False",  //
                  "10 the new mysql-1 is ready", "  listen mysql-1 10.20.0.3",
                  "  PATCH mysql-1/status 10.20.0.3 True",  //
                  "10 mysql-0 is replaced", "  DELETE mysql-0 30", "12 the new mysql-0 starts",
                  "  stop mysql-0 10.20.0.1", "  DELETE mysql-0 0", "  POST pods mysql-0",
                  "  PATCH mysql-0/status 10.20.0.4 False",  //
                  "15 the new mysql-0 is ready", "  listen mysql-0 10.20.0.4",
                  "  PATCH mysql-0/status 10.20.0.4 True"));
}

TEST(RollingUpdate, TakesASecondForEachHalfUnlessTold) {
  const Timeline timeline = play(
      1, "  - {at: 0s, pods: {mysql-0: ready}}\n  - {at: 5s, rolling-update: {service: mysql}}\n");
  ASSERT_THAT(timeline.steps, SizeIs(4));
  EXPECT_EQ(timeline.steps[3].at, cluster::Duration(std::chrono::seconds(7)));
}

TEST(RollingUpdate, IsOfAsManyPodsAsThereAreByThen) {
  const auto updated = [](const std::string& timeline) {
    std::vector<std::string> out;
    for (const Step& step : play(2, timeline).steps) {
      if (step.why.ends_with("is replaced")) out.push_back(step.why);
    }
    return out;
  };
  const std::string ready = "pods: {\"mysql-*\": ready}}\n";
  EXPECT_THAT(updated("  - {at: 1s, scale: {mysql: 3}, " + ready +
                      "  - {at: 5s, rolling-update: {service: mysql}}\n"
                      "  - {at: 50s, scale: {mysql: 9}}\n"),
              ElementsAre("mysql-2 is replaced", "mysql-1 is replaced", "mysql-0 is replaced"));
  EXPECT_THAT(updated("  - {at: 1s, scale: {mysql: 1}, " + ready +
                      "  - {at: 5s, rolling-update: {service: mysql}}\n"),
              ElementsAre("mysql-0 is replaced"));
}

TEST(Scale, AddsPendingPodsAndTakesTheHighestNumbers) {
  EXPECT_THAT(told(play(1,
                        "  - {at: 0s, pods: {mysql-0: ready}}\n  - {at: 1s, scale: {mysql: 3}}\n"
                        "  - {at: 2s, pods: {\"mysql-*\": ready}}\n"
                        "  - {at: 3s, scale: {mysql: 1}}\n  - {at: 4s, scale: {mysql: 1}}\n")),
              ElementsAre("1 ", "  POST pods mysql-1", "  POST pods mysql-2",  //
                          "2 ", "  listen mysql-1 10.20.0.2", "  listen mysql-2 10.20.0.3",
                          "  PATCH mysql-1/status 10.20.0.2 True",
                          "  PATCH mysql-2/status 10.20.0.3 True",  //
                          "3 ", "  stop mysql-1 10.20.0.2", "  stop mysql-2 10.20.0.3",
                          "  DELETE mysql-1 0", "  DELETE mysql-2 0",  //
                          "4 "));
}

// Before it is scaled up, and after it is scaled down.
TEST(Scale, AWildcardMeansOnlyPodsThatThereAreByScale) {
  const Timeline timeline =
      play(1,
           "  - {at: 1s, pods: {\"mysql-*\": ready}}\n  - {at: 2s, scale: {mysql: 2}}\n"
           "  - {at: 3s, scale: {mysql: 1}}\n  - {at: 4s, pods: {\"mysql-*\": stale}}\n");
  EXPECT_THAT(actions_at(timeline, 1),
              ElementsAre("listen mysql-0 10.20.0.1", "PATCH mysql-0/status 10.20.0.1 True"));
  EXPECT_THAT(actions_at(timeline, 4), ElementsAre("stop mysql-0 10.20.0.1"));
}

TEST(Scale, OfTheSameStepComesBeforeItsPods) {
  const Timeline timeline = play(1,
                                 "  - {at: 0s, pods: {mysql-0: ready}}\n"
                                 "  - {at: 1s, scale: {mysql: 2}, pods: {\"mysql-*\": ready}}\n");
  EXPECT_THAT(actions_at(timeline, 1), ElementsAre("POST pods mysql-1", "listen mysql-1 10.20.0.2",
                                                   "PATCH mysql-1/status 10.20.0.2 True"));
}

TEST(Wildcard, BringsBackPodsThatWereAbsent) {
  const Timeline timeline = play(1,
                                 "  - {at: 1s, pods: {\"mysql-*\": absent}}\n"
                                 "  - {at: 2s, pods: {\"mysql-*\": pending}}\n");
  EXPECT_THAT(actions_at(timeline, 2), ElementsAre("POST pods mysql-0"));
}

TEST(Services, GoAndComeBackAndAreSentOnlyWhereTheyDiffer) {
  EXPECT_THAT(
      told(play(0,
                "  - {at: 1s, services: {mysql: present}}\n"
                "  - {at: 2s, services: {mysql: absent}}\n"
                "  - {at: 3s, services: {mysql: absent}}\n"
                "  - {at: 4s, services: {mysql: present}}\n")),
      ElementsAre("1 ", "2 ", "  remove Service mysql", "3 ", "4 ", "  POST services mysql"));
}

TEST(Services, ThatWereDeletedByNameAreKnownToBeGone) {
  EXPECT_THAT(told(play(0,
                        "  - {at: 2s, delete: {kind: Service, name: mysql}}\n"
                        "  - {at: 4s, services: {mysql: present}}\n")),
              ElementsAre("2 ", "  remove Service mysql", "4 ", "  POST services mysql"));
}

TEST(Rounds, TakeTheStatesInTurnAndThenFromTheFirstAgain) {
  const Timeline timeline =
      play(1, "  - {at: 1s, every: 1s, times: 5, pods: {mysql-0: [ready, running, stale]}}\n");
  EXPECT_THAT(actions_at(timeline, 1),
              ElementsAre("listen mysql-0 10.20.0.1", "PATCH mysql-0/status 10.20.0.1 True"));
  EXPECT_THAT(actions_at(timeline, 2),
              ElementsAre("stop mysql-0 10.20.0.1", "PATCH mysql-0/status 10.20.0.1 False"));
  EXPECT_THAT(actions_at(timeline, 3), ElementsAre("PATCH mysql-0/status 10.20.0.1 True"));
  EXPECT_THAT(actions_at(timeline, 4), ElementsAre("listen mysql-0 10.20.0.1"));
  EXPECT_THAT(actions_at(timeline, 5),
              ElementsAre("stop mysql-0 10.20.0.1", "PATCH mysql-0/status 10.20.0.1 False"));
}

constexpr const char* ready_pod =
    "{apiVersion: v1, kind: Pod, metadata: {name: other, labels: {app: mysql}}, spec: {containers: "
    "[{name: c, image: x, ports: [{containerPort: 80}]}]}, status: {podIP: 10.20.9.9, conditions: "
    "[{type: Ready, status: \"True\"}]}}";
constexpr const char* unready_pod =
    "{apiVersion: v1, kind: Pod, metadata: {name: other}, spec: {containers: [{name: c, image: x, "
    "ports: [{containerPort: 80}]}]}, status: {podIP: 10.20.9.9, conditions: [{type: Ready, "
    "status: \"False\"}]}}";

TEST(AppliedPods, ListenWhileTheirReadyConditionIsTrue) {
  const std::string timeline = fmt::format(
      "  - {{at: 1s, apply: {}}}\n  - {{at: 2s, apply: {}}}\n  - {{at: 3s, apply: {}}}\n"
      "  - {{at: 4s, delete: {{kind: Pod, name: other}}}}\n",
      ready_pod, unready_pod, ready_pod);
  EXPECT_THAT(told(play(0, timeline)),
              ElementsAre("1 ", "  listen other 10.20.9.9", "  apply Pod other",  //
                          "2 ", "  stop other 10.20.9.9", "  apply Pod other",    //
                          "3 ", "  listen other 10.20.9.9", "  apply Pod other",  //
                          "4 ", "  stop other 10.20.9.9", "  remove Pod other"));
}

TEST(AppliedPods, CountForTheServiceWhoseSelectorTheyMatch) {
  const Timeline timeline = play(0, fmt::format("  - {{at: 1s, apply: {}}}\n", ready_pod));
  Truth truth(timeline.services);
  for (const Action& action : timeline.steps.at(1).actions) truth.apply(action);
  EXPECT_THAT(truth.listening(), ElementsAre(std::pair<std::string, int>("mysql", 1)));
}

TEST(AppliedPods, KeepListeningThroughTheirGracePeriod) {
  const std::string timeline = fmt::format(
      "  - {{at: 1s, apply: {}}}\n  - {{at: 2s, delete: {{kind: Pod, name: other, grace: 5s}}}}\n"
      "  - {{at: 3s, delete: {{kind: Pod, name: other}}}}\n",
      ready_pod);
  const Timeline played = play(0, timeline);
  EXPECT_THAT(actions_at(played, 2), ElementsAre("remove Pod other"));
  EXPECT_THAT(actions_at(played, 3), ElementsAre("stop other 10.20.9.9", "remove Pod other"));
}

// Of a Pod that `services` makes, `pods` says what listens; an object only adds to what is shown.
TEST(AppliedPods, OfTheScenarioItselfListenAsItsStepsSay) {
  const Timeline timeline =
      play(1,
           "  - {at: 0s, pods: {mysql-0: ready}}\n"
           "  - {at: 1s, apply: {apiVersion: v1, kind: Pod, metadata: {name: mysql-0}, spec: "
           "{containers: [{name: c, ports: [{containerPort: 1}]}]}, status: {podIP: 10.20.0.9, "
           "conditions: [{type: Ready, status: \"True\"}]}}}\n");
  EXPECT_THAT(actions_at(timeline, 1), ElementsAre("apply Pod mysql-0"));
}

TEST(Delete, OfAPodOfTheScenarioIsAsIfItWereAbsent) {
  const Timeline timeline = play(2,
                                 "  - {at: 0s, pods: {\"mysql-*\": ready}}\n"
                                 "  - {at: 1s, delete: {kind: Pod, name: mysql-0}}\n"
                                 "  - {at: 2s, delete: {kind: Pod, name: mysql-1, grace: 30s}}\n"
                                 "  - {at: 3s, delete: {kind: Pod, name: mysql-0, grace: 30s}}\n"
                                 "  - {at: 4s, pods: {mysql-0: ready}}\n");
  EXPECT_THAT(actions_at(timeline, 1), ElementsAre("stop mysql-0 10.20.0.1", "DELETE mysql-0 0"));
  EXPECT_THAT(actions_at(timeline, 2), ElementsAre("DELETE mysql-1 30"));
  EXPECT_THAT(actions_at(timeline, 3), IsEmpty());
  EXPECT_THAT(actions_at(timeline, 4), ElementsAre("POST pods mysql-0", "listen mysql-0 10.20.0.3",
                                                   "PATCH mysql-0/status 10.20.0.3 True"));
}

TEST(Apply, CreatesTheNamespaceOnceAndOnlyWhereItIsNotThere) {
  const std::string map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: m, namespace: shop}}";
  const Timeline timeline = play(
      0,
      fmt::format("  - {{at: 1s, apply: [{}, {}]}}\n  - {{at: 2s, apply: {}}}\n", map, map, map));
  EXPECT_THAT(actions_at(timeline, 1),
              ElementsAre("POST namespaces shop", "apply ConfigMap m", "apply ConfigMap m"));
  EXPECT_THAT(actions_at(timeline, 2), ElementsAre("apply ConfigMap m"));
}

// An API server answers a second POST of a namespace with 409.
TEST(Apply, KnowsNamespacesThatTheFileMakesItself) {
  const Timeline timeline =
      play(0,
           "  - {at: 1s, apply: [{apiVersion: v1, kind: Namespace, metadata: {name: shop}}, "
           "{apiVersion: v1, kind: ConfigMap, metadata: {name: m, namespace: shop}}]}\n"
           "  - {at: 2s, delete: {kind: Namespace, name: shop}}\n"
           "  - {at: 3s, apply: {apiVersion: v1, kind: ConfigMap, metadata: {name: m, namespace: "
           "shop}}}\n");
  EXPECT_THAT(actions_at(timeline, 1), ElementsAre("apply Namespace shop", "apply ConfigMap m"));
  EXPECT_THAT(actions_at(timeline, 3), ElementsAre("POST namespaces shop", "apply ConfigMap m"));
}

TEST(Step, SaysAllInTheOrderThatNobodySeesHalfOfIt) {
  const Timeline timeline = play(
      1,
      "  - {at: 0s, pods: {mysql-0: ready}}\n"
      "  - {at: 1s, api: down, controllers: paused, rollback: 0s, history: lost, rights: nothing, "
      "token: new, ca: new, services: {mysql: absent}, pods: {mysql-0: absent}, delete: {kind: "
      "ConfigMap, name: m}, cache: held}\n"
      "  - {at: 2s, api: up, controllers: {endpoints: running, endpointslices: 3s}, cache: "
      "current}\n");
  EXPECT_THAT(told(timeline),
              ElementsAre("1 ", "  api down", "  endpoints paused", "  endpointslices paused",
                          "  rollback 0s", "  history lost", "  rights", "  token new", "  ca new",
                          "  remove Service mysql", "  stop mysql-0 10.20.0.1",
                          "  DELETE mysql-0 0", "  remove ConfigMap m", "  cache held",  //
                          "2 ", "  endpoints running", "  endpointslices lag 3s", "  cache lag 0s",
                          "  api up"));
}

// Steps that wait for clients may come in any order and at any time: what is sent is still what an
// API server takes, and the truth is what the last step that spoke of a Pod said.
RC_GTEST_PROP(World, TakesTriggeredStepsInAnyOrder, ()) {
  const Scenario scenario = test::scenario_of(test::load(test::scenario_with(
      2,
      "  - {at: 0s, pods: {\"mysql-*\": ready}}\n"
      "  - {when: {nth: 1}, why: a, pods: {mysql-0: stale}}\n"
      "  - {when: {nth: 2}, why: b, pods: {mysql-0: {shows: not-ready, address: new}}}\n"
      "  - {when: {nth: 3}, why: c, pods: {mysql-0: absent}}\n"
      "  - {when: {nth: 4}, why: d, pods: {mysql-0: ready}}\n"
      "  - {when: {nth: 5}, why: e, scale: {mysql: 1}}\n"
      "  - {when: {nth: 6}, why: f, cluster-restart: {down: 1s, ready-after: 1s}}\n")));
  World world(scenario);
  Report report("");
  Truth truth(service_infos(scenario));
  std::map<std::string, bool> there;
  std::map<std::string, std::string> listeners;
  const auto follow = [&](const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      truth.apply(action);
      const std::string said = test::describe(action);
      if (said.starts_with("POST pods ")) {
        RC_ASSERT(!std::exchange(there[said.substr(10)], true));
      } else if (said.starts_with("DELETE ")) {
        const std::string pod = said.substr(7, said.rfind(' ') - 7);
        RC_ASSERT(there[pod]);
        if (said.ends_with(" 0")) there[pod] = false;
      } else if (const auto* listen = std::get_if<Listen>(&action)) {
        RC_ASSERT((listeners.erase(listen->address) == 1) != listen->listening);
        if (listen->listening) listeners[listen->address] = listen->pod;
      } else if (said.starts_with("PATCH ")) {
        RC_ASSERT(there[said.substr(6, said.find('/') - 6)]);
      }
    }
  };
  follow(world.create(&scenario.steps.front(), 0, report));
  const int count = *rc::gen::inRange(1, 20);
  for (int i = 0; i < count; ++i)
    follow(world.perform(*rc::gen::elementOf(scenario.steps), 0, report));
  RC_ASSERT(report.empty());
  RC_ASSERT(truth.listening().front().second == static_cast<int>(listeners.size()));
}

}  // namespace
}  // namespace fakeapi::scenario
