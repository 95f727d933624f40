// Recordings as they are in the folder scenarios/recorded, and what a recording may hold besides.
#include "fakeapi/scenario/recording/trace.hpp"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/scenario/test_support.hpp"
#include "fakeapi/scenario/world/truth.hpp"

namespace fakeapi::scenario {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Timeline recorded(const std::string& name) {
  const std::string path = std::string(PROJECT_SOURCE_DIR) + "/scenarios/recorded/" + name;
  return test::timeline_of(load_trace(test::read_file(path), path));
}

json trace_with(json operations) {
  return {{"about", "A test."}, {"namespace", "t"}, {"operations", std::move(operations)}};
}

std::vector<std::string> problems_of(const json& trace) {
  return test::problems_in(load_trace(trace.dump(), "x.json"));
}

std::vector<std::string> problems_of_operation(const json& operation) {
  return problems_of(trace_with(json::array({operation})));
}

// Everything that listens and ceases to, in order, after the creation of a Service and a Pod "p"
// with label app=a.
std::vector<std::string> listening_after(const std::vector<json>& operations) {
  json all = json::array();
  const char* pods = "/api/v1/namespaces/t/pods";
  all.push_back(
      {{"at", 0},
       {"method", "POST"},
       {"path", "/api/v1/namespaces/t/services"},
       {"body", {{"metadata", {{"name", "s"}}}, {"spec", {{"selector", {{"app", "a"}}}}}}}});
  all.push_back(
      {{"at", 0},
       {"method", "POST"},
       {"path", pods},
       {"body", json::parse(R"({"metadata": {"name": "p", "labels": {"app": "a", "x": "y"}},
                   "spec": {"containers": [{"ports": [{"containerPort": 80}]}]}})")}});
  for (const json& operation : operations) all.push_back(operation);
  std::vector<std::string> lines;
  for (const Step& step : test::timeline_of(load_trace(trace_with(all).dump(), "x.json")).steps) {
    for (const Action& action : step.actions) {
      if (std::holds_alternative<Listen>(action)) lines.push_back(test::describe(action));
    }
  }
  return lines;
}

json status(const char* text) {
  return {{"at", 1},
          {"method", "PATCH"},
          {"path", "/api/v1/namespaces/t/pods/p/status"},
          {"body", {{"status", json::parse(text)}}}};
}

const char* const ready_at_1 =
    R"({"podIP": "10.20.0.1", "conditions": [{"type": "Ready", "status": "True"}]})";

TEST(LoadTrace, CreatesTheNamespaceFirst) {
  const Timeline timeline = recorded("slow-readiness.json");
  EXPECT_EQ(timeline.name, "slow-readiness");
  ASSERT_THAT(timeline.steps, SizeIs(11));  // ten recorded operations
  EXPECT_EQ(timeline.steps[0].at, cluster::Duration{});
  EXPECT_THAT(test::describe(timeline.steps[0]),
              ElementsAre("POST namespaces trace-slow-readiness"));
}

// Without them the EndpointSlice controller would leave every Pod out, as it did when the traces
// were recorded.
TEST(LoadTrace, NamesTheNodesOfItsPods) {
  EXPECT_THAT(recorded("slow-readiness.json").nodes, ElementsAre("node-a"));
}

TEST(LoadTrace, ReplaysEachOperationAtItsTimeWithItsContentType) {
  const Timeline timeline = recorded("slow-readiness.json");
  EXPECT_EQ(timeline.steps.at(1).at, cluster::Duration(milliseconds(316)));
  const auto& service = std::get<Operate>(timeline.steps.at(1).actions.at(0));
  EXPECT_EQ(service.method, "POST");
  EXPECT_EQ(service.path, "/api/v1/namespaces/trace-slow-readiness/services");
  EXPECT_EQ(service.content_type, "application/json");
  const auto& patch = std::get<Operate>(timeline.steps.at(5).actions.at(0));
  EXPECT_EQ(timeline.steps.at(5).at, cluster::Duration(milliseconds(1273)));
  EXPECT_EQ(patch.content_type, "application/merge-patch+json");
  EXPECT_EQ(json::parse(patch.body)["status"]["podIP"], "10.20.0.1");
}

TEST(LoadTrace, KnowsTheServicesAndHowManyPodsTheySelect) {
  const Timeline timeline = recorded("full-cluster-restart.json");
  ASSERT_THAT(timeline.services, SizeIs(1));
  EXPECT_EQ(timeline.services[0].namespace_name, "trace-full-cluster-restart");
  EXPECT_EQ(timeline.services[0].name, "mysql");
  EXPECT_EQ(timeline.services[0].pods, 3);
}

// In that recording the three Pods are ready, lose it at once, get new addresses and are ready one
// by one.
TEST(LoadTrace, LetsAPodListenWhileItIsReady) {
  const Timeline timeline = recorded("full-cluster-restart.json");
  Truth truth(timeline.services);
  std::vector<int> counts{0};
  for (const Step& step : timeline.steps) {
    for (const Action& action : step.actions) truth.apply(action);
    const int count = truth.listening().at(0).second;
    if (count != counts.back()) counts.push_back(count);
  }
  EXPECT_THAT(counts, ElementsAre(0, 1, 2, 3, 2, 1, 0, 1, 2, 3));
}

TEST(LoadTrace, PutsTheTruthBeforeWhatTheApiIsTold) {
  const Timeline timeline = recorded("full-cluster-restart.json");
  EXPECT_THAT(test::describe(timeline.steps.at(5)),
              ElementsAre("listen mysql-0 10.20.2.1", "PATCH mysql-0/status 10.20.2.1 True"));
  EXPECT_THAT(test::describe(timeline.steps.at(8)),
              ElementsAre("stop mysql-0 10.20.2.1", "PATCH mysql-0/status 10.20.2.1 False"));
}

TEST(LoadTrace, MovesAListenerToTheAddressOfTheStatus) {
  EXPECT_THAT(listening_after({status(ready_at_1), status(R"({"podIP": "10.20.0.2"})")}),
              ElementsAre("listen p 10.20.0.1", "stop p 10.20.0.1", "listen p 10.20.0.2"));
}

// pod-phases: a Pod can have succeeded with a Ready condition of True; its process is gone.
TEST(LoadTrace, LetsNoPodListenThatHasEnded) {
  for (const char* phase : {R"({"phase": "Succeeded"})", R"({"phase": "Failed"})"}) {
    EXPECT_THAT(listening_after({status(ready_at_1), status(phase)}),
                ElementsAre("listen p 10.20.0.1", "stop p 10.20.0.1"));
  }
}

// graceful-termination: a terminating Pod goes on serving until it is gone.
TEST(LoadTrace, LetsAPodListenUntilItIsDeletedWithoutGrace) {
  json removal{{"at", 2},
               {"method", "DELETE"},
               {"path", "/api/v1/namespaces/t/pods/p"},
               {"body", {{"gracePeriodSeconds", 30}}}};
  EXPECT_THAT(listening_after({status(ready_at_1), removal}), ElementsAre("listen p 10.20.0.1"));
  removal["body"]["gracePeriodSeconds"] = 0;
  EXPECT_THAT(listening_after({status(ready_at_1), removal}),
              ElementsAre("listen p 10.20.0.1", "stop p 10.20.0.1"));
}

TEST(LoadTrace, ReadsBodiesOfUnexpectedShapeAsSayingNothing) {
  json odd{
      {"at", 1}, {"method", "PATCH"}, {"path", "/api/v1/namespaces/t/pods/p/status"}, {"body", 7}};
  EXPECT_THAT(listening_after({odd, status(R"({"conditions": 3, "podIP": []})")}), IsEmpty());
}

TEST(LoadTrace, SendsNoBodyWhereNoneWasRecorded) {
  const json trace =
      trace_with({{{"at", 0}, {"method", "DELETE"}, {"path", "/api/v1/namespaces/t/services/s"}}});
  const Timeline timeline = test::timeline_of(load_trace(trace.dump(), "x.json"));
  // The first action is the POST of the namespace.
  EXPECT_EQ(std::get<Operate>(timeline.steps.at(0).actions.at(1)).body, "");
}

// over-capacity holds only what the controllers wrote.
TEST(LoadTrace, RefusesATraceWithoutOperations) {
  EXPECT_THAT(
      problems_of(trace_with(json::array())),
      ElementsAre("x.json:1:1: the trace has no operations, only what came of them: it cannot be "
                  "replayed"));
}

TEST(LoadTrace, TellsWhereAFileIsNoJson) {
  EXPECT_THAT(test::problems_in(load_trace("{\n \"name\": x\n}", "x.json")),
              ElementsAre(HasSubstr("x.json:2:10: not JSON")));
  EXPECT_THAT(test::problems_in(load_trace("", "x.json")), ElementsAre("x.json:1:1: not JSON"));
}

TEST(LoadTrace, RefusesATraceOfTheWrongShape) {
  EXPECT_THAT(problems_of(json::array()),
              ElementsAre("x.json:1:1: a recorded trace must be a JSON object"));
  EXPECT_THAT(problems_of({{"namespace", 1}, {"operations", {1}}}),
              ElementsAre("x.json:1:1: \"namespace\" must be a DNS label",
                          "x.json:1:1: operation 1: must be an object"));
}

TEST(LoadTrace, RefusesAnOperationThatCannotBeSent) {
  const json good{{"at", 1}, {"method", "POST"}, {"path", "/api/v1/x"}};
  json bad = good;
  bad["method"] = "PTACH";
  EXPECT_THAT(
      problems_of_operation(bad),
      ElementsAre("x.json:1:1: operation 1: \"method\" must be POST, PUT, PATCH or DELETE (did you "
                  "mean \"PATCH\"?)"));
  bad = good;
  bad["at"] = -1;
  EXPECT_THAT(problems_of_operation(bad),
              ElementsAre(HasSubstr("\"at\" must be a number of seconds")));
  bad = good;
  bad["path"] = "mysql-0";
  EXPECT_THAT(problems_of_operation(bad), ElementsAre(HasSubstr("\"path\" must begin with /api")));
}

RC_GTEST_PROP(LoadTrace, NeverListensAtTwoAddressesForOnePod, ()) {
  std::vector<json> operations;
  const int count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    const bool ready = *rc::gen::arbitrary<bool>();
    const std::string ip = "10.20.0." + std::to_string(*rc::gen::inRange(1, 4));
    json body{
        {"podIP", ip},
        {"conditions", json::array({{{"type", "Ready"}, {"status", ready ? "True" : "False"}}})}};
    operations.push_back(status(body.dump().c_str()));
  }
  std::string now;
  for (const std::string& line : listening_after(operations)) {
    const std::string address = line.substr(line.rfind(' ') + 1);
    const bool begins = line.rfind("listen", 0) == 0;
    RC_ASSERT(now == (begins ? std::string() : address));
    now = begins ? address : "";
  }
}

}  // namespace
}  // namespace fakeapi::scenario
