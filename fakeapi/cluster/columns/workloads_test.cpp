// Deployments, ReplicaSets, StatefulSets, DaemonSets and Jobs, as printers.go prints them.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/columns/test_support.hpp"

namespace fakeapi::cluster::columns {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ago;
using testing::cells_of;
using testing::headers_of;

json workload(json spec, json status) {
  spec["template"] = R"({"spec":{"nodeSelector":{"disk":"ssd"},"containers":[
    {"name":"web","image":"nginx:1"},{"name":"log","image":"fluent:2"}]}})"_json;
  spec["selector"] = R"({"matchLabels":{"app":"web"}})"_json;
  return {{"metadata", {{"name", "web"}, {"creationTimestamp", ago(30s)}}},
          {"spec", std::move(spec)},
          {"status", std::move(status)}};
}

TEST(PrintDeployment, ShowsHowManyPodsAreReadyNewAndAvailable) {
  EXPECT_EQ(headers_of(deployments()),
            "Name,Ready,Up-to-date,Available,Age,Containers*,Images*,Selector*");
  const json object = workload(
      {{"replicas", 5}},
      {{"replicas", 6}, {"readyReplicas", 3}, {"updatedReplicas", 2}, {"availableReplicas", 1}});
  EXPECT_EQ(cells_of(deployments(), object),
            json({"web", "3/5", 2, 1, "30s", "web,log", "nginx:1,fluent:2", "app=web"}));
}

// The counts are integers although the columns say "string".
TEST(PrintDeployment, SendsCountsAsIntegers) {
  EXPECT_EQ(deployments().columns[2].type, "string");
  EXPECT_TRUE(cells_of(deployments(), json::object())[2].is_number_integer());
}

TEST(PrintDeployment, ShowsAnEmptySelectorAsEmpty) {
  EXPECT_EQ(cells_of(deployments(), json::object())[7], "");
  const json malformed =
      R"({"spec":{"selector":{"matchExpressions":[{"key":"a","operator":"Like"}]}}})"_json;
  EXPECT_EQ(cells_of(deployments(), malformed)[7], "<invalid>");
}

TEST(PrintReplicaSet, ShowsHowManyPodsItWantsAndHas) {
  EXPECT_EQ(headers_of(replica_sets()),
            "Name,Desired,Current,Ready,Age,Containers*,Images*,Selector*");
  EXPECT_EQ(replica_sets().columns[1].type, "integer");
  const json object = workload({{"replicas", 5}}, {{"replicas", 4}, {"readyReplicas", 3}});
  EXPECT_EQ(cells_of(replica_sets(), object),
            json({"web", 5, 4, 3, "30s", "web,log", "nginx:1,fluent:2", "app=web"}));
  EXPECT_EQ(cells_of(replica_sets(), json::object())[7], "<none>");
}

TEST(PrintStatefulSet, ShowsHowManyPodsAreReady) {
  EXPECT_EQ(headers_of(stateful_sets()), "Name,Ready,Age,Containers*,Images*");
  const json object = workload({{"replicas", 3}}, {{"readyReplicas", 2}});
  EXPECT_EQ(cells_of(stateful_sets(), object),
            json({"web", "2/3", "30s", "web,log", "nginx:1,fluent:2"}));
}

TEST(PrintDaemonSet, ShowsNodesAndPods) {
  EXPECT_EQ(headers_of(daemon_sets()),
            "Name,Desired,Current,Ready,Up-to-date,Available,Node Selector,Age,Containers*,Images*,"
            "Selector*");
  const json object = workload(json::object(), {{"desiredNumberScheduled", 5},
                                                {"currentNumberScheduled", 4},
                                                {"numberReady", 3},
                                                {"updatedNumberScheduled", 2},
                                                {"numberAvailable", 1}});
  EXPECT_EQ(cells_of(daemon_sets(), object), json({"web", 5, 4, 3, 2, 1, "disk=ssd", "30s",
                                                   "web,log", "nginx:1,fluent:2", "app=web"}));
}

TEST(PrintJob, HasTheColumnsOfJobs) {
  EXPECT_EQ(headers_of(jobs()),
            "Name,Status,Completions,Duration,Age,Containers*,Images*,Selector*");
}

TEST(PrintJob, ShowsHowManyPodsSucceeded) {
  const auto completions = [](json spec) {
    return cells_of(jobs(), workload(std::move(spec), {{"succeeded", 1}}))[2];
  };
  EXPECT_EQ(completions({{"completions", 4}, {"parallelism", 2}}), "1/4");
  EXPECT_EQ(completions({{"parallelism", 3}}), "1/1 of 3");
  EXPECT_EQ(completions({{"parallelism", 1}}), "1/1");
  EXPECT_EQ(completions(json::object()), "1/1");
}

TEST(PrintJob, ShowsHowLongItTook) {
  const auto duration = [](json status) {
    return cells_of(jobs(), workload(json::object(), std::move(status)))[3];
  };
  EXPECT_EQ(duration(json::object()), "");
  EXPECT_EQ(duration({{"startTime", ago(20min)}}), "20m");
  EXPECT_EQ(duration({{"startTime", ago(20min)}, {"completionTime", ago(18min)}}), "2m");
}

TEST(PrintJob, ShowsWhatItEndedAsBeforeAnythingElse) {
  const auto status = [](std::initializer_list<const char*> conditions, bool deleted) {
    json list = json::array();
    for (const char* type : conditions) list.push_back({{"type", type}, {"status", "True"}});
    json job = workload(json::object(), {{"conditions", list}});
    if (deleted) job["metadata"]["deletionTimestamp"] = ago(1s);
    return cells_of(jobs(), job)[1];
  };
  EXPECT_EQ(status({}, false), "Running");
  EXPECT_EQ(status({"Suspended"}, false), "Suspended");
  EXPECT_EQ(status({"SuccessCriteriaMet", "FailureTarget"}, false), "FailureTarget");
  EXPECT_EQ(status({"SuccessCriteriaMet"}, false), "SuccessCriteriaMet");
  EXPECT_EQ(status({"Suspended"}, true), "Terminating");
  EXPECT_EQ(status({"Suspended", "Failed"}, true), "Failed");
  EXPECT_EQ(status({"SuccessCriteriaMet", "Complete"}, true), "Complete");
}

}  // namespace
}  // namespace fakeapi::cluster::columns
