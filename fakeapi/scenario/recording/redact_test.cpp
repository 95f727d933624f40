#include "fakeapi/scenario/recording/redact.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/recording/test_objects.hpp"

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace test;

Recording everything() {
  json odd = pod("mysql-1", false);
  odd["metadata"]["labels"] = {{"app", "mysql"},
                               {"corp.example/team", "payments"},
                               {"statefulset.kubernetes.io/pod-name", "mysql-1"},
                               {"app.kubernetes.io/part-of", "webshop"}};
  odd["metadata"]["annotations"] = {{"corp.example/owner", "jane"}};
  odd["metadata"]["ownerReferences"] = {{{"kind", "StatefulSet"}, {"name", "mysql-set"}}};
  odd["spec"]["readinessGates"] = {{{"conditionType", "corp.example/warm"}}};
  odd["status"]["conditions"].push_back(
      {{"type", "corp.example/warm"}, {"status", "False"}, {"reason", "ColdCacheOfShop"}});
  odd["status"]["podIP"] = "fd12::7";
  odd["status"]["podIPs"] = {{{"ip", "fd12::7"}}};
  odd["status"]["containerStatuses"][0]["state"] = {
      {"waiting", {{"reason", "CrashLoopBackOff"}, {"message", "back-off of db"}}}};
  json by_own_key = service("orders");
  by_own_key["spec"]["selector"] = {{"corp.example/team", "payments"}};
  by_own_key["spec"]["externalName"] = "db.corp.example";
  by_own_key["spec"]["externalIPs"] = {"203.0.113.9"};
  by_own_key["spec"]["ports"][0]["appProtocol"] = "corp.example/proto";
  json going = pod("mysql-0", true);
  going["metadata"]["deletionTimestamp"] = "2026-11-25T08:01:00Z";
  Recording recording =
      recording_of({service("mysql"), by_own_key, pod("mysql-0", true), odd, endpoints()},
                   {{ms(1), false, slice(false)},
                    {ms(2), false, slice(true)},
                    {ms(3), false, going},
                    {ms(4), true, going},
                    {ms(5), false, pod("mysql-0", true)},
                    {ms(6), true, slice(true)}});
  recording.source = "context prod of kubeconfig /home/jane/.kube/config";
  return recording;
}

// What a redacted recording is for: it may be shown to others.
TEST(RecordingRedact, LeavesNoNameAndNoAddress) {
  const std::string text = scenario_text(everything(), true).text;
  for (const char* secret :
       {"mysql",     "orders", "shop",       "worker",   "db",      "registry", "hunter2",
        "--secret",  "robot",  "payments",   "team",     "corp",    "jane",     "warm",
        "ColdCache", "fd12",   "172.20",     "10.1.2",   "192.168", "203.0",    "eu-west",
        "abcde",     "prod",   "kubeconfig", "back-off", "u-2",     "owner",    "tcp\""}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
  }
}

// The same list against the text that is not redacted: a test that could not fail would prove
// nothing.
TEST(RecordingRedact, WhatIsLookedForIsThereWithoutIt) {
  const std::string text = scenario_text(everything(), false).text;
  for (const char* kept :
       {"mysql", "orders", "shop", "worker", "registry", "payments", "team", "warm", "ColdCache",
        "fd12", "172.20", "10.1.2", "eu-west", "abcde", "prod", "kubeconfig", "tcp\"", "jane"}) {
    EXPECT_THAT(text, HasSubstr(kept));
  }
}

json find(const json& scenario, const std::string& kind, std::size_t number = 0) {
  for (const json& object : scenario["timeline"][0]["apply"]) {
    if (object["kind"] == kind && number-- == 0) return object;
  }
  return {};
}

TEST(RecordingRedact, NamesAreTheSameEverywhere) {
  const json scenario = read_back(everything(), true);
  EXPECT_EQ(scenario["namespace"], "ns-1");
  const json service = find(scenario, "Service");
  EXPECT_EQ(service["metadata"]["name"], "service-a");
  EXPECT_EQ(service["spec"]["clusterIP"], "10.96.0.1");
  EXPECT_EQ(service["spec"]["clusterIPs"][0], "10.96.0.1");
  const json one = find(scenario, "Pod");
  EXPECT_EQ(one["metadata"]["name"], "pod-a-1");
  EXPECT_EQ(one["spec"]["nodeName"], find(scenario, "Node")["metadata"]["name"]);
  EXPECT_EQ(one["spec"]["hostname"], "pod-a-1");
  EXPECT_EQ(one["spec"]["subdomain"], "service-a");
  EXPECT_EQ(one["spec"]["containers"][0]["name"], one["status"]["containerStatuses"][0]["name"]);
  const json endpoints = find(scenario, "Endpoints");
  EXPECT_EQ(endpoints["metadata"]["name"], "service-a");
  const json& ready = endpoints["subsets"][0]["addresses"][0];
  EXPECT_EQ(ready["ip"], one["status"]["podIP"]);
  EXPECT_EQ(ready["targetRef"]["name"], "pod-a-1");
  EXPECT_EQ(ready["targetRef"]["namespace"], "ns-1");
  const json& slice = scenario["timeline"][1]["apply"];
  EXPECT_EQ(slice["metadata"]["labels"]["kubernetes.io/service-name"], "service-a");
  EXPECT_EQ(slice["metadata"]["name"], "slice-a-1");
  EXPECT_EQ(slice["endpoints"][0]["addresses"][0], one["status"]["podIP"]);
  EXPECT_EQ(scenario["timeline"][3]["delete"]["name"], "pod-a-1");
  EXPECT_EQ(scenario["timeline"][3]["why"], "Pod pod-a-1 is deleted and has 30 s to end");
}

// Labels that a Service selects by stay, or it would select nothing, or everything.
TEST(RecordingRedact, AServiceSelectsThePodsThatItSelected) {
  const json scenario = read_back(everything(), true);
  const json selects_mysql = find(scenario, "Service", 0)["spec"]["selector"];
  const json selects_team = find(scenario, "Service", 1)["spec"]["selector"];
  const json first = find(scenario, "Pod", 0)["metadata"]["labels"];
  const json second = find(scenario, "Pod", 1)["metadata"]["labels"];
  ASSERT_EQ(selects_mysql.size(), 1U);
  ASSERT_EQ(selects_team.size(), 1U);
  const auto matches = [](const json& selector, const json& labels) {
    return labels.value(selector.begin().key(), "") == selector.begin().value();
  };
  EXPECT_TRUE(matches(selects_mysql, first) && matches(selects_mysql, second));
  EXPECT_FALSE(matches(selects_team, first));
  EXPECT_TRUE(matches(selects_team, second));
  EXPECT_EQ(second["statefulset.kubernetes.io/pod-name"], "pod-a-2");
}

TEST(RecordingRedact, ReadinessGatesStillMeetTheirConditions) {
  const json pod = find(read_back(everything(), true), "Pod", 1);
  EXPECT_EQ(pod["spec"]["readinessGates"][0]["conditionType"],
            pod["status"]["conditions"][1]["type"]);
  EXPECT_EQ(pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"],
            "CrashLoopBackOff");
  EXPECT_EQ(pod["status"]["podIP"], "fd00:10:20::1");
}

// A headless Service has no address, and stays headless.
TEST(RecordingRedact, NoAddressStaysNone) {
  json headless = service("mysql");
  headless["spec"]["clusterIP"] = "None";
  headless["spec"]["clusterIPs"] = {"None"};
  const json spec = find(read_back(recording_of({headless}), true), "Service")["spec"];
  EXPECT_EQ(spec["clusterIP"], "None");
  EXPECT_EQ(spec["clusterIPs"], json::array({"None"}));
}

}  // namespace
}  // namespace fakeapi::scenario::recording
