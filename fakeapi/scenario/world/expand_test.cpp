// What is sent and what listens, in which order. The shapes of the bodies are those of the
// recordings.
#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/test_support.hpp"
#include "fakeapi/scenario/world/world.hpp"

namespace fakeapi::scenario {
namespace {

using nlohmann::json;
using test::describe;
using test::scenario_with;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<Step> steps_of(int pods, const std::string& timeline) {
  return test::timeline_of(test::load(scenario_with(pods, timeline), "x.yaml")).steps;
}

// The last step of a scenario with one Pod that was in one state and is then in another.
std::vector<std::string> change(const std::string& before, const std::string& after) {
  const auto steps = steps_of(1, "  - {at: 1s, pods: {mysql-0: " + before +
                                     "}}\n  - {at: 2s, pods: {mysql-0: " + after + "}}\n");
  return steps.empty() ? std::vector<std::string>{} : describe(steps.back());
}

Operate operation_in(const Step& step, std::size_t index) {
  return std::get<Operate>(step.actions.at(index));
}

TEST(Expand, CreatesEverythingPendingAtTheStart) {
  const auto steps = steps_of(2, "  - {at: 3s, api: down}\n");
  ASSERT_THAT(steps, SizeIs(2));
  EXPECT_EQ(steps[0].at, cluster::Duration{});
  EXPECT_THAT(describe(steps[0]),
              ElementsAre("POST services mysql", "POST pods mysql-0", "POST pods mysql-1"));
  EXPECT_EQ(steps[1].at, cluster::Duration(std::chrono::seconds(3)));
  EXPECT_THAT(describe(steps[1]), ElementsAre("api down"));
}

TEST(Expand, CreatesEverythingInTheFirstStepIfThatIsAtZero) {
  const auto steps = steps_of(2, "  - {at: 0s, pods: {mysql-0: ready, mysql-1: absent}}\n");
  ASSERT_THAT(steps, SizeIs(1));
  EXPECT_THAT(describe(steps[0]),
              ElementsAre("POST services mysql", "POST pods mysql-0", "listen mysql-0 10.20.0.1",
                          "PATCH mysql-0/status 10.20.0.1 True"));
}

// These four exist in every cluster: a POST of one would be answered with 409.
TEST(Expand, CreatesTheNamespaceOnlyIfItIsNotThereAlready) {
  const std::string rest = "services: {}\ntimeline: []\n";
  const auto first_actions = [&](const std::string& name) {
    const std::string text = "version: 1\nabout: A.\nnamespace: " + name + "\n" + rest;
    return describe(test::timeline_of(test::load(text, "x.yaml")).steps.at(0));
  };
  EXPECT_THAT(first_actions("shop"), ElementsAre("POST namespaces shop"));
  for (const char* name : {"default", "kube-system", "kube-public", "kube-node-lease"}) {
    EXPECT_THAT(first_actions(name), IsEmpty());
  }
}

TEST(Expand, SendsAServiceAndAPodInTheRecordedShape) {
  const auto steps = steps_of(1, "  []\n");
  const Operate service = operation_in(steps.at(0), 0);
  EXPECT_EQ(service.path, "/api/v1/namespaces/default/services");
  EXPECT_EQ(service.content_type, "application/json");
  EXPECT_EQ(json::parse(service.body), json::parse(R"({"apiVersion": "v1", "kind": "Service",
      "metadata": {"name": "mysql"}, "spec": {"selector": {"app": "mysql"},
      "ports": [{"name": "tcp", "port": 3306, "targetPort": 3306}]}})"));
  const Operate pod = operation_in(steps.at(0), 1);
  EXPECT_EQ(pod.path, "/api/v1/namespaces/default/pods");
  EXPECT_EQ(json::parse(pod.body), json::parse(R"({"apiVersion": "v1", "kind": "Pod",
      "metadata": {"name": "mysql-0", "labels": {"app": "mysql"}},
      "spec": {"nodeName": "node-a", "terminationGracePeriodSeconds": 30, "containers": [
        {"name": "c", "image": "x", "ports": [{"name": "tcp", "containerPort": 3306}]}]}})"));
}

TEST(Expand, SendsAStatusInTheRecordedShape) {
  const auto steps = steps_of(1, "  - {at: 1s, pods: {mysql-0: running}}\n");
  const Operate patch = operation_in(steps.at(1), 0);
  EXPECT_EQ(patch.method, "PATCH");
  EXPECT_EQ(patch.path, "/api/v1/namespaces/default/pods/mysql-0/status");
  EXPECT_EQ(patch.content_type, "application/merge-patch+json");
  EXPECT_EQ(json::parse(patch.body), json::parse(R"({"status": {"phase": "Running",
      "podIP": "10.20.0.1", "podIPs": [{"ip": "10.20.0.1"}],
      "conditions": [{"type": "Ready", "status": "False"}]}})"));
}

TEST(Expand, SendsADeleteInTheRecordedShape) {
  const auto steps = steps_of(1, "  - {at: 1s, pods: {mysql-0: terminating}}\n");
  const Operate removal = operation_in(steps.at(1), 0);
  EXPECT_EQ(removal.method, "DELETE");
  EXPECT_EQ(removal.path, "/api/v1/namespaces/default/pods/mysql-0");
  EXPECT_EQ(json::parse(removal.body), json::parse(R"({"apiVersion": "v1",
      "kind": "DeleteOptions", "gracePeriodSeconds": 30})"));
}

TEST(Expand, GivesAListenerAllPortsOfItsService) {
  const auto timeline = test::timeline_of(test::load(
      "version: 1\nabout: A.\nservices:\n  web: {ports: {https: 443, http: 80}, pods: 1}\n"
      "timeline:\n  - {at: 0s, pods: {web-0: ready}}\n",
      "x.yaml"));
  const auto& actions = timeline.steps.at(0).actions;
  const auto& listen = std::get<Listen>(actions.at(2));
  EXPECT_EQ(listen.service, "web");
  EXPECT_EQ(listen.ports, (std::vector<int>{443, 80}));
}

// Kubelet reports what is already true.
TEST(Expand, ListensBeforeItShowsReady) {
  EXPECT_THAT(change("running", "ready"),
              ElementsAre("listen mysql-0 10.20.0.1", "PATCH mysql-0/status 10.20.0.1 True"));
}

TEST(Expand, StopsListeningBeforeItShowsNotReady) {
  EXPECT_THAT(change("ready", "running"),
              ElementsAre("stop mysql-0 10.20.0.1", "PATCH mysql-0/status 10.20.0.1 False"));
}

TEST(Expand, SendsNothingWhereOnlyTheTruthChanges) {
  EXPECT_THAT(change("ready", "stale"), ElementsAre("stop mysql-0 10.20.0.1"));
  EXPECT_THAT(change("running", "unnoticed"), ElementsAre("listen mysql-0 10.20.0.1"));
}

TEST(Expand, SendsNothingForWhatIsSoAlready) {
  for (const char* word :
       {"absent", "pending", "running", "ready", "stale", "unnoticed", "terminating"}) {
    EXPECT_THAT(change(word, word), IsEmpty()) << word;
  }
}

TEST(Expand, KeepsAStepThatChangesNothingForItsWhy) {
  const auto steps = steps_of(1, "  - {at: 1s, why: still waiting, pods: {mysql-0: pending}}\n");
  ASSERT_THAT(steps, SizeIs(2));
  EXPECT_EQ(steps[1].why, "still waiting");
}

TEST(Expand, StopsTheOldAddressBeforeItStartsTheNew) {
  EXPECT_THAT(change("ready", "{shows: ready, address: new}"),
              ElementsAre("stop mysql-0 10.20.0.1", "listen mysql-0 10.20.0.2",
                          "PATCH mysql-0/status 10.20.0.2 True"));
}

TEST(Expand, LetsATerminatingPodListenAndShowWhatItDid) {
  EXPECT_THAT(change("ready", "terminating"), ElementsAre("DELETE mysql-0 30"));
  EXPECT_THAT(change("running", "terminating"), ElementsAre("DELETE mysql-0 30"));
}

TEST(Expand, LetsATerminatingPodFallSilentWhereTheFileSaysSo) {
  EXPECT_THAT(change("ready", "{shows: terminating, listens: false}"),
              ElementsAre("stop mysql-0 10.20.0.1", "DELETE mysql-0 30"));
}

TEST(Expand, DeletesAnAbsentPodAtOnce) {
  EXPECT_THAT(change("ready", "absent"), ElementsAre("stop mysql-0 10.20.0.1", "DELETE mysql-0 0"));
  EXPECT_THAT(change("terminating", "absent"), ElementsAre("DELETE mysql-0 0"));
}

// A StatefulSet's replacement has the name of the old Pod and an address of its own (recording
// pods-recreated).
TEST(Expand, GivesAPodThatComesBackANewAddress) {
  const auto steps =
      steps_of(1,
               "  - {at: 1s, pods: {mysql-0: ready}}\n  - {at: 2s, pods: {mysql-0: absent}}\n"
               "  - {at: 3s, pods: {mysql-0: ready}}\n");
  EXPECT_THAT(describe(steps.back()), ElementsAre("POST pods mysql-0", "listen mysql-0 10.20.0.2",
                                                  "PATCH mysql-0/status 10.20.0.2 True"));
}

// deletionTimestamp cannot be taken back (Kubernetes, "Object deletion"), nor an address of a Pod.
TEST(Expand, ReplacesAPodThatCannotBeChangedBack) {
  EXPECT_THAT(change("ready", "pending"),
              ElementsAre("stop mysql-0 10.20.0.1", "DELETE mysql-0 0", "POST pods mysql-0"));
  const auto steps = steps_of(1,
                              "  - {at: 1s, pods: {mysql-0: ready}}\n"
                              "  - {at: 2s, pods: {mysql-0: terminating}}\n"
                              "  - {at: 3s, pods: {mysql-0: ready}}\n");
  EXPECT_THAT(describe(steps.back()),
              ElementsAre("stop mysql-0 10.20.0.1", "DELETE mysql-0 0", "POST pods mysql-0",
                          "listen mysql-0 10.20.0.2", "PATCH mysql-0/status 10.20.0.2 True"));
}

TEST(Expand, SwapsAddressesWithoutTwoListenersOnOne) {
  const auto steps = steps_of(2,
                              "  - {at: 1s, pods: {\"mysql-*\": ready}}\n"
                              "  - {at: 2s, pods: {mysql-0: {shows: ready, address: 10.20.0.2}, "
                              "mysql-1: {shows: ready, address: 10.20.0.1}}}\n");
  EXPECT_THAT(
      describe(steps.back()),
      ElementsAre("stop mysql-0 10.20.0.1", "stop mysql-1 10.20.0.2", "listen mysql-0 10.20.0.2",
                  "listen mysql-1 10.20.0.1", "PATCH mysql-0/status 10.20.0.2 True",
                  "PATCH mysql-1/status 10.20.0.1 True"));
}

// Nobody sees half a step.
TEST(Expand, CutsClientsAndControllersOffBeforeAnythingElse) {
  const auto steps =
      steps_of(1, "  - {at: 1s, controllers: paused, pods: {mysql-0: running}, api: down}\n");
  EXPECT_THAT(describe(steps.back()),
              ElementsAre("api down", "endpoints paused", "endpointslices paused",
                          "PATCH mysql-0/status 10.20.0.1 False"));
}

TEST(Expand, LetsControllersAndClientsBackAfterEverythingElse) {
  const auto steps =
      steps_of(1, "  - {at: 1s, api: up, controllers: running, pods: {mysql-0: running}}\n");
  EXPECT_THAT(describe(steps.back()),
              ElementsAre("PATCH mysql-0/status 10.20.0.1 False", "endpoints running",
                          "endpointslices running", "api up"));
}

TEST(Expand, PrefersAFullNameToAWildcardWhereverItStands) {
  const auto steps = steps_of(2, "  - {at: 1s, pods: {mysql-1: ready, \"mysql-*\": running}}\n");
  EXPECT_THAT(describe(steps.back()),
              ElementsAre("listen mysql-1 10.20.0.2", "PATCH mysql-0/status 10.20.0.1 False",
                          "PATCH mysql-1/status 10.20.0.2 True"));
}

TEST(Expand, PrefersTheLaterOfTwoWildcards) {
  const auto steps = steps_of(1, "  - {at: 1s, pods: {\"mysql-*\": ready, \"*\": running}}\n");
  EXPECT_THAT(describe(steps.back()), ElementsAre("PATCH mysql-0/status 10.20.0.1 False"));
}

TEST(Expand, PassesOverAnAddressThatTheFileHasGiven) {
  const auto steps = steps_of(
      2, "  - {at: 1s, pods: {mysql-0: running, mysql-1: {shows: ready, address: 10.20.0.1}}}\n");
  EXPECT_THAT(describe(steps.back()), Contains("PATCH mysql-0/status 10.20.0.2 False"));
}

TEST(Expand, GivesNoAddressThatEndsInZeroOr255) {
  const auto steps = steps_of(300, "  - {at: 1s, pods: {\"mysql-*\": running}}\n");
  const auto lines = describe(steps.back());
  ASSERT_THAT(lines, SizeIs(300));
  EXPECT_EQ(lines[253], "PATCH mysql-253/status 10.20.0.254 False");
  EXPECT_EQ(lines[254], "PATCH mysql-254/status 10.20.1.1 False");
}

}  // namespace
}  // namespace fakeapi::scenario
