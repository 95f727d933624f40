// What of a recording becomes a step.
#include "fakeapi/scenario/recording/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/recording/reduce.hpp"
#include "fakeapi/scenario/recording/test_objects.hpp"
#include "fakeapi/scenario/recording/words.hpp"

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace test;

std::vector<std::string> told(const Recording& recording) {
  std::vector<std::string> lines;
  for (const Change& change : story_of(recording).changes) {
    lines.push_back(std::to_string(change.at.count()) + " " + why(change, "shop"));
  }
  return lines;
}

json terminating(json object, int grace_s = 10) {
  object["metadata"]["deletionTimestamp"] = "2026-11-25T08:01:00Z";
  object["metadata"]["deletionGracePeriodSeconds"] = grace_s;
  return object;
}

TEST(RecordingStory, ANewVersionAloneIsNoChange) {
  json again = pod("mysql-0", true, "8");
  again["metadata"]["managedFields"][0]["time"] = "2026-11-25T09:00:00Z";
  again["status"]["conditions"][0]["lastProbeTime"] = "2026-11-25T09:00:00Z";
  EXPECT_THAT(told(recording_of({pod("mysql-0", true)}, {{ms(5), false, again}})), IsEmpty());
}

TEST(RecordingStory, AnotherOrderOfAddressesIsNoChange) {
  json again = slice(true);
  std::swap(again["endpoints"][0], again["endpoints"][1]);
  EXPECT_THAT(told(recording_of({slice(true)}, {{ms(5), false, again}})), IsEmpty());
}

TEST(RecordingStory, TellsWhatChangesMean) {
  json restarted = pod("mysql-0", false, "9");
  restarted["status"]["containerStatuses"][0]["restartCount"] = 1;
  json moved = restarted;
  moved["status"]["podIP"] = "10.1.2.9";
  EXPECT_THAT(
      told(recording_of({service("mysql")}, {{ms(1), false, pod("mysql-0", true)},
                                             {ms(2), false, pod("mysql-0", false)},
                                             {ms(3), false, slice(true)},
                                             {ms(4), false, restarted},
                                             {ms(5), false, moved},
                                             {ms(6), false, endpoints()},
                                             {ms(7), true, service("mysql")}})),
      ElementsAre("1 Pod mysql-0 appears, and is ready", "2 Pod mysql-0 is no longer ready",
                  "3 EndpointSlice mysql-abcde: 1 of 2 ready", "4 Pod mysql-0 restarts a container",
                  "5 Pod mysql-0 gets the address 10.1.2.9", "6 Endpoints mysql: 1 of 2 ready",
                  "7 Service mysql is gone"));
}

// discovery/v1, EndpointConditions.ready: "a nil value should be interpreted as true".
TEST(RecordingStory, AnEndpointWithoutConditionsCountsAsReady) {
  json unknown = slice(false);
  unknown["endpoints"][0].erase("conditions");
  EXPECT_THAT(told(recording_of({}, {{ms(1), false, unknown}})),
              ElementsAre("1 EndpointSlice mysql-abcde: 1 of 2 ready"));
}

TEST(RecordingStory, APodIsDeletedBeforeItIsGone) {
  const json going = terminating(pod("mysql-0", true));
  json not_ready = terminating(pod("mysql-0", false));
  EXPECT_THAT(told(recording_of(
                  {pod("mysql-0", true)},
                  {{ms(1), false, going}, {ms(2), false, not_ready}, {ms(3), true, not_ready}})),
              ElementsAre("1 Pod mysql-0 is deleted and has 10 s to end",
                          "2 Pod mysql-0 is no longer ready", "3 Pod mysql-0 is gone"));
}

TEST(RecordingStory, APodThatEndsAtTheStartIsThereAndDeleted) {
  const Story story = story_of(recording_of({terminating(pod("mysql-0", true))}));
  EXPECT_EQ(story.initial.size(), 1U);
  ASSERT_EQ(story.changes.size(), 1U);
  EXPECT_EQ(story.changes[0].what, Change::What::terminate);
  EXPECT_EQ(story.changes[0].grace.count(), 10);
}

// A second deletion of what is gone could not be replayed.
TEST(RecordingStory, ADeletionWithoutGraceIsOneStep) {
  const json going = terminating(pod("mysql-0", true), 0);
  EXPECT_THAT(
      told(recording_of({pod("mysql-0", true)}, {{ms(1), false, going}, {ms(2), true, going}})),
      ElementsAre("2 Pod mysql-0 is gone"));
}

TEST(RecordingStory, APodOfTheSameNameThatComesBackIsNew) {
  EXPECT_THAT(told(recording_of({pod("mysql-0", true)}, {{ms(1), true, pod("mysql-0", true)},
                                                         {ms(2), false, pod("mysql-0", false)}})),
              ElementsAre("1 Pod mysql-0 is gone", "2 Pod mysql-0 appears"));
}

TEST(RecordingStory, TimesNeverFallAndAreRoundedToMilliseconds) {
  EXPECT_THAT(told(recording_of({}, {{std::chrono::microseconds(2600), false, pod("a", true)},
                                     {ms(1), false, pod("b", true)}})),
              ElementsAre("3 Pod a appears, and is ready", "3 Pod b appears, and is ready"));
}

TEST(RecordingStory, OtherKindsAreLeftOut) {
  const json secret = {{"kind", "Secret"}, {"apiVersion", "v1"}, {"metadata", {{"name", "s"}}}};
  const Story story = story_of(recording_of({secret}, {{ms(1), false, secret}}));
  EXPECT_THAT(story.initial, IsEmpty());
  EXPECT_THAT(story.changes, IsEmpty());
}

TEST(RecordingReduce, KeepsOfAPodWhatReadinessAndPrintingNeed) {
  EXPECT_EQ(reduced(pod("mysql-0", true)), json::parse(R"({"kind": "Pod", "apiVersion": "v1",
    "metadata": {"name": "mysql-0", "namespace": "shop", "labels": {"app": "mysql"}},
    "spec": {"nodeName": "worker-7", "hostname": "mysql-0", "subdomain": "mysql",
      "terminationGracePeriodSeconds": 30,
      "containers": [{"name": "db", "image": "registry.corp/mysql:8",
        "ports": [{"name": "tcp", "containerPort": 3306, "protocol": "TCP"}]}]},
    "status": {"phase": "Running", "podIP": "10.1.2.3", "podIPs": [{"ip": "10.1.2.3"}],
      "conditions": [{"type": "Ready", "status": "True"}],
      "containerStatuses": [{"name": "db", "ready": true, "restartCount": 0}]}})"));
}

TEST(RecordingReduce, BearsWhateverAnObjectHolds) {
  for (const char* odd :
       {R"({"spec": 1, "status": []})", R"({"metadata": {"annotations": 3}})",
        R"({"subsets": {"a": 1}, "endpoints": [1, null], "addressType": 4})",
        R"({"status": {"conditions": [1], "containerStatuses": {"state": 1}}})"}) {
    for (const char* kind : {"Pod", "Service", "Endpoints", "EndpointSlice"}) {
      json object = json::parse(odd);
      object["kind"] = kind;
      object["apiVersion"] = std::string(kind) == "EndpointSlice" ? "discovery.k8s.io/v1" : "v1";
      object["metadata"]["name"] = "x";
      EXPECT_EQ(story_of(recording_of({}, {{ms(1), false, object}})).changes.size(), 1U);
      EXPECT_FALSE(scenario_text(recording_of({object}), true).text.empty());
    }
  }
}

}  // namespace
}  // namespace fakeapi::scenario::recording
