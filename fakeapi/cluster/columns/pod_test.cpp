// Pods, as printers.go printPod prints them.
#include <string>
#include <vector>

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

using Statuses = std::vector<json>;

// A Pod with as many containers as there are statuses.
json pod(const char* phase, const Statuses& statuses, const Statuses& init_statuses = {}) {
  json out = {{"metadata", {{"name", "web"}}},
              {"spec", {{"containers", json::array()}, {"initContainers", json::array()}}},
              {"status",
               {{"phase", phase},
                {"containerStatuses", statuses},
                {"initContainerStatuses", init_statuses}}}};
  for (std::size_t i = 0; i < statuses.size(); ++i)
    out["spec"]["containers"].push_back({{"name", "c" + std::to_string(i)}});
  for (const json& status : init_statuses)
    out["spec"]["initContainers"].push_back({{"name", status.value("name", "")}});
  return out;
}

json condition(const char* type, const char* status, const char* reason = "") {
  return {{"type", type}, {"status", status}, {"reason", reason}};
}

const json running = R"({"ready":true,"state":{"running":{}}})"_json;
const json starting = R"({"ready":false,"state":{"running":{}}})"_json;
const json completed = R"({"state":{"terminated":{"exitCode":0,"reason":"Completed"}}})"_json;
const json failed = R"({"state":{"terminated":{"exitCode":3,"reason":"Error"}}})"_json;

json waiting(const char* reason) { return {{"state", {{"waiting", {{"reason", reason}}}}}}; }

json terminated(json how) { return {{"state", {{"terminated", std::move(how)}}}}; }

json restarted(json status, int count, std::chrono::seconds before) {
  status["restartCount"] = count;
  status["lastState"]["terminated"]["finishedAt"] = ago(before);
  return status;
}

json ready_of(const json& object) { return cells_of(pods(), object)[1]; }
json status_of(const json& object) { return cells_of(pods(), object)[2]; }
json restarts_of(const json& object) { return cells_of(pods(), object)[3]; }

TEST(PrintPod, HasTheColumnsOfPods) {
  EXPECT_EQ(headers_of(pods()),
            "Name,Ready,Status,Restarts,Age,IP*,Node*,Nominated Node*,Readiness Gates*");
}

// Ready is not enough: the container must run.
TEST(PrintPod, CountsContainersThatRunAndAreReady) {
  EXPECT_EQ(ready_of(pod("Running", {running, starting, R"({"ready":true})"_json})), "1/3");
  EXPECT_EQ(status_of(pod("Running", {running, starting})), "Running");
}

TEST(PrintPod, ShowsItsReasonRatherThanItsPhase) {
  json evicted = pod("Failed", {});
  evicted["status"]["reason"] = "Evicted";
  EXPECT_EQ(status_of(evicted), "Evicted");
}

TEST(PrintPod, ShowsWhenItsSchedulingIsGated) {
  json gated = pod("Pending", {});
  gated["status"]["reason"] = "Whatever";
  gated["status"]["conditions"] =
      json::array({condition("PodScheduled", "False", "SchedulingGated")});
  EXPECT_EQ(status_of(gated), "SchedulingGated");
}

// The first container that has something to say wins, as they are read from the last.
TEST(PrintPod, ShowsWhatTheFirstContainerWaitsFor) {
  EXPECT_EQ(status_of(pod("Pending", {waiting("ErrImagePull"), waiting("ContainerCreating")})),
            "ErrImagePull");
  EXPECT_EQ(status_of(pod("Running", {running, waiting("CrashLoopBackOff")})), "CrashLoopBackOff");
}

TEST(PrintPod, ShowsHowAContainerEnded) {
  EXPECT_EQ(status_of(pod("Running", {failed})), "Error");
  EXPECT_EQ(status_of(pod("Running", {terminated({{"exitCode", 137}, {"signal", 9}})})),
            "Signal:9");
  EXPECT_EQ(status_of(pod("Running", {terminated({{"exitCode", 1}})})), "ExitCode:1");
}

TEST(PrintPod, IsRunningAgainWhileAnotherContainerRuns) {
  json both = pod("Running", {completed, running});
  EXPECT_EQ(status_of(both), "NotReady");
  both["status"]["conditions"] = json::array({condition("Ready", "True")});
  EXPECT_EQ(status_of(both), "Running");
  EXPECT_EQ(status_of(pod("Succeeded", {completed})), "Completed");
}

// One that failed is not hidden behind one that completed.
TEST(PrintPod, ShowsAFailureBehindACompletion) {
  EXPECT_EQ(status_of(pod("Running", {completed, failed})), "Error");
}

TEST(PrintPod, IsTerminatingWhileItIsDeletedUnlessItEnded) {
  json deleted = pod("Running", {running});
  deleted["metadata"]["deletionTimestamp"] = ago(1s);
  EXPECT_EQ(status_of(deleted), "Terminating");
  deleted["status"]["reason"] = "NodeLost";
  EXPECT_EQ(status_of(deleted), "Unknown");
  json ended = pod("Succeeded", {completed});
  ended["metadata"]["deletionTimestamp"] = ago(1s);
  EXPECT_EQ(status_of(ended), "Completed");
}

TEST(PrintPod, ShowsTheInitContainerThatHoldsItUp) {
  const json done = terminated({{"exitCode", 0}});
  EXPECT_EQ(status_of(pod("Pending", {waiting("PodInitializing")}, {done, starting})), "Init:1/2");
  EXPECT_EQ(status_of(pod("Pending", {}, {waiting("PodInitializing")})), "Init:0/1");
  EXPECT_EQ(status_of(pod("Pending", {}, {waiting("ErrImagePull"), done})), "Init:ErrImagePull");
  EXPECT_EQ(status_of(pod("Pending", {}, {failed})), "Init:Error");
  EXPECT_EQ(status_of(pod("Pending", {}, {terminated({{"exitCode", 2}})})), "Init:ExitCode:2");
  EXPECT_EQ(status_of(pod("Pending", {}, {terminated({{"exitCode", 137}, {"signal", 9}})})),
            "Init:Signal:9");
  EXPECT_EQ(status_of(pod("Running", {running}, {done, done})), "Running");
}

// Init containers may be run again for a Pod that was initialized: the condition decides.
TEST(PrintPod, LooksPastInitContainersOnceItIsInitialized) {
  json object = pod("Running", {running}, {failed});
  EXPECT_EQ(status_of(object), "Init:Error");
  EXPECT_EQ(ready_of(object), "0/1");
  object["status"]["conditions"] = json::array({condition("Initialized", "True")});
  EXPECT_EQ(ready_of(object), "1/1");
}

json sidecar(bool started, bool ready) {
  return {{"name", "proxy"},
          {"started", started},
          {"ready", ready},
          {"state", {{"running", json::object()}}}};
}

json with_sidecar(const char* phase, const Statuses& statuses, const json& init_status) {
  json object = pod(phase, statuses, {init_status});
  object["spec"]["initContainers"][0]["restartPolicy"] = "Always";
  return object;
}

// An init container with restartPolicy Always is one of the containers; having started is enough
// for the next one to start.
TEST(PrintPod, CountsSidecars) {
  EXPECT_EQ(ready_of(with_sidecar("Running", {running}, sidecar(true, true))), "2/2");
  EXPECT_EQ(ready_of(with_sidecar("Running", {running}, sidecar(true, false))), "1/2");
  EXPECT_EQ(status_of(with_sidecar("Running", {running}, sidecar(true, false))), "Running");
  EXPECT_EQ(status_of(with_sidecar("Pending", {starting}, sidecar(false, false))), "Init:0/1");
}

// Restarts of plain init containers count while they run, and are forgotten then; those of
// sidecars stay.
TEST(PrintPod, CountsRestartsOfWhatRunsNow) {
  const json done = terminated({{"exitCode", 0}});
  EXPECT_EQ(restarts_of(pod("Pending", {}, {restarted(starting, 2, 10s)})), "2 (10s ago)");
  EXPECT_EQ(restarts_of(pod("Running", {restarted(running, 1, 20s)}, {restarted(done, 5, 90s)})),
            "1 (20s ago)");
  EXPECT_EQ(restarts_of(with_sidecar("Running", {restarted(running, 1, 20s)},
                                     restarted(sidecar(true, true), 3, 10s))),
            "4 (10s ago)");
}

TEST(PrintPod, ShowsTheLastRestart) {
  EXPECT_EQ(restarts_of(pod("Running", {restarted(running, 2, 120h), restarted(running, 3, 480h)})),
            "5 (5d ago)");
  EXPECT_EQ(restarts_of(pod("Running", {running})), "0");
  // Without its time, only the number.
  EXPECT_EQ(restarts_of(pod("Running", {R"({"restartCount":7})"_json})), "7");
}

TEST(PrintPod, ShowsWhereItRuns) {
  json object = pod("Running", {running});
  const json nowhere = cells_of(pods(), object);
  EXPECT_EQ(json({nowhere[5], nowhere[6], nowhere[7], nowhere[8]}),
            json({"<none>", "<none>", "<none>", "<none>"}));
  object["spec"]["nodeName"] = "node-a";
  object["status"]["nominatedNodeName"] = "node-b";
  object["status"]["podIPs"] = {{{"ip", "10.0.0.1"}}, {{"ip", "fd00::1"}}};
  const json somewhere = cells_of(pods(), object);
  EXPECT_EQ(json({somewhere[5], somewhere[6], somewhere[7]}),
            json({"10.0.0.1", "node-a", "node-b"}));
}

TEST(PrintPod, CountsReadinessGates) {
  json object = pod("Running", {running});
  object["spec"]["readinessGates"] = {
      {{"conditionType", "a"}}, {{"conditionType", "b"}}, {{"conditionType", "c"}}};
  object["status"]["conditions"] = json::array({condition("a", "True"), condition("b", "False")});
  EXPECT_EQ(cells_of(pods(), object)[8], "1/3");
}

// podSuccessConditions and podFailedConditions: clients may leave such rows out.
TEST(PrintPod, MarksRowsOfPodsThatEnded) {
  EXPECT_EQ(pods().conditions(pod("Running", {running})), json());
  const json succeeded = pods().conditions(pod("Succeeded", {completed}));
  ASSERT_EQ(succeeded.size(), 1U);
  EXPECT_EQ(succeeded[0]["type"], "Completed");
  EXPECT_EQ(succeeded[0]["status"], "True");
  EXPECT_EQ(succeeded[0]["reason"], "Succeeded");
  EXPECT_EQ(succeeded[0]["message"], "The pod has completed successfully.");
  const json lost = pods().conditions(pod("Failed", {failed}));
  ASSERT_EQ(lost.size(), 1U);
  EXPECT_EQ(lost[0]["reason"], "Failed");
  EXPECT_EQ(lost[0]["message"], "The pod failed.");
}

}  // namespace
}  // namespace fakeapi::cluster::columns
