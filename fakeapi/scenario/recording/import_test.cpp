#include "fakeapi/scenario/recording/import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/recording/story.hpp"
#include "fakeapi/scenario/recording/test_objects.hpp"
#include "fakeapi/scenario/recording/words.hpp"

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace test;

std::string event(const char* type, const json& object) {
  return json({{"type", type}, {"object", object}}).dump(2) + "\n";
}

json at_time(json object, const std::string& time) {
  object["metadata"]["managedFields"] = {{{"manager", "kubelet"}, {"time", time}}};
  return object;
}

Recording import_texts(const std::vector<std::string>& texts,
                       const std::vector<std::string>& namespaces = {}) {
  std::vector<Input> inputs;
  for (const std::string& text : texts) inputs.push_back({"in.json", text});
  auto made = import_recording(inputs, namespaces);
  if (const auto* error = std::get_if<ImportError>(&made)) throw std::runtime_error(error->message);
  return std::get<Recording>(made);
}

std::string error_of(const std::string& text) {
  auto made = import_recording({{"in.json", text}}, {});
  const auto* error = std::get_if<ImportError>(&made);
  return error == nullptr ? "" : error->message;
}

std::vector<std::string> told(const Recording& recording) {
  std::vector<std::string> lines;
  for (const Change& change : story_of(recording).changes) {
    lines.push_back(std::to_string(change.at.count()) + " " + why(change, "shop"));
  }
  return lines;
}

TEST(RecordingImport, TakesTheTimesOfKubectlFromTheObjects) {
  const Recording made =
      import_texts({event("ADDED", pod("mysql-0", false)) + event("ADDED", pod("mysql-1", false)) +
                    event("MODIFIED", at_time(pod("mysql-1", true), "2026-11-25T08:10:00Z")) +
                    event("BOOKMARK", {{"kind", "Pod"}}) +
                    event("MODIFIED", at_time(pod("mysql-0", true), "2026-11-25T08:10:04Z")) +
                    event("DELETED", at_time(pod("mysql-1", true), "2026-11-25T08:10:02Z"))});
  EXPECT_EQ(made.initial.size(), 2U);
  EXPECT_EQ(made.made_at, "2026-11-25T08:09:59Z");
  EXPECT_EQ(made.namespace_name, "shop");
  EXPECT_THAT(made.notes[0], HasSubstr("newest times in the objects"));
  EXPECT_THAT(told(made),
              ElementsAre("1000 Pod mysql-1 becomes ready", "5000 Pod mysql-0 becomes ready",
                          "5000 Pod mysql-1 is gone"));
}

// The list comes in the order of names: what breaks it has come after it.
TEST(RecordingImport, AnObjectAddedOutOfOrderIsNew) {
  const Recording made =
      import_texts({event("ADDED", pod("mysql-1", false)) +
                    event("ADDED", at_time(pod("mysql-0", false), "2026-11-25T08:10:00Z"))});
  EXPECT_THAT(told(made), ElementsAre("1000 Pod mysql-0 appears"));
}

// metadata.deletionTimestamp is the end of the grace period, and not the time of the request.
TEST(RecordingImport, ADeletionIsWhenItWasAskedFor) {
  json going = pod("mysql-0", true);
  going["metadata"]["deletionTimestamp"] = "2026-11-25T08:10:35Z";
  going["metadata"]["deletionGracePeriodSeconds"] = 30;
  const Recording made =
      import_texts({event("ADDED", pod("mysql-0", false)) +
                    event("MODIFIED", at_time(pod("mysql-0", true), "2026-11-25T08:10:00Z")) +
                    event("MODIFIED", going)});
  EXPECT_THAT(told(made), ElementsAre("1000 Pod mysql-0 becomes ready",
                                      "6000 Pod mysql-0 is deleted and has 30 s to end"));
}

// Times are to a second, or missing; revisions of etcd are neither.
TEST(RecordingImport, TheOrderBetweenKindsIsThatOfTheirVersions) {
  json late = slice(true);
  late["metadata"]["resourceVersion"] = "9";
  late["metadata"]["annotations"].clear();
  json first = at_time(pod("mysql-0", true, "8"), "2026-11-25T08:10:00Z");
  json second = at_time(pod("mysql-1", true, "10"), "2026-11-25T08:10:07Z");
  const Recording made =
      import_texts({event("ADDED", slice(false)) + event("MODIFIED", late),
                    event("ADDED", pod("mysql-0", false)) + event("ADDED", pod("mysql-1", false)) +
                        event("MODIFIED", first) + event("MODIFIED", second)});
  EXPECT_THAT(told(made), ElementsAre("1000 Pod mysql-0 becomes ready",
                                      "1000 EndpointSlice mysql-abcde: 1 of 2 ready",
                                      "8000 Pod mysql-1 becomes ready"));
}

TEST(RecordingImport, ATimeFarAwayIsNoHarm) {
  const Recording made =
      import_texts({event("ADDED", pod("mysql-0", false)) +
                    event("MODIFIED", at_time(pod("mysql-0", true), "2026-11-25T08:10:00Z")) +
                    event("DELETED", at_time(pod("mysql-0", true), "9999-12-31T23:59:59Z"))});
  EXPECT_EQ(made.changes.back().at, std::chrono::hours(24 * 366));
}

TEST(RecordingImport, SeveralOutputsAreOneStory) {
  json late = slice(true);
  late["metadata"]["annotations"]["endpoints.kubernetes.io/last-change-trigger-time"] =
      "2026-11-25T08:10:01Z";
  const Recording made =
      import_texts({event("ADDED", slice(false)) + event("MODIFIED", late),
                    event("ADDED", pod("mysql-0", false)) +
                        event("MODIFIED", at_time(pod("mysql-0", true), "2026-11-25T08:10:00Z"))});
  EXPECT_THAT(told(made), ElementsAre("1000 Pod mysql-0 becomes ready",
                                      "2000 EndpointSlice mysql-abcde: 1 of 2 ready"));
}

TEST(RecordingImport, AnEventThatIsCutOffAtTheEndIsLeftOut) {
  const std::string whole = event("ADDED", pod("mysql-0", false));
  const Recording made = import_texts({whole + whole.substr(0, whole.size() / 2)});
  EXPECT_EQ(made.initial.size(), 1U);
  EXPECT_THAT(made.notes.back(), HasSubstr("cut off"));
}

TEST(RecordingImport, SaysWhereAFileIsWrong) {
  const std::string good = json({{"type", "ADDED"}, {"object", pod("a", true)}}).dump() + "\n";
  EXPECT_THAT(error_of(good + "{]\n" + good), HasSubstr("in.json:2: what begins here is not JSON"));
  EXPECT_THAT(error_of(pod("a", true).dump()), HasSubstr("--output-watch-events"));
  EXPECT_THAT(error_of("a: [\n"), HasSubstr("in.json:1: "));
  EXPECT_THAT(error_of(""), HasSubstr("holds no Service"));
  EXPECT_THAT(error_of("kind: Secret\napiVersion: v1\n"), HasSubstr("holds no Service"));
}

TEST(RecordingImport, KeepsOnlyTheNamespacesThatAreAskedFor) {
  json elsewhere = pod("x", true);
  elsewhere["metadata"]["namespace"] = "other";
  const std::string text = event("ADDED", elsewhere) + event("ADDED", pod("mysql-0", true));
  EXPECT_EQ(import_texts({text}, {"other"}).initial.size(), 1U);
  EXPECT_EQ(import_texts({text}, {"other"}).namespace_name, "other");
}

constexpr const char* snapshot = R"(# kwokctl snapshot record
apiVersion: v1
kind: Pod
metadata: {name: mysql-0, namespace: shop, labels: {app: mysql}}
spec: {nodeName: n, containers: [{name: db, image: x}]}
status:
  phase: Running
  conditions: [{type: Ready, status: "False", lastTransitionTime: $(time-offset-nanosecond -5)},
               {type: PodScheduled, status: "True"}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: shop}
---
apiVersion: action.kwok.x-k8s.io/v1alpha1
kind: ResourcePatch
resource: {version: v1, resource: pods}
target: {name: mysql-0, namespace: shop}
durationNanosecond: 2500000000
method: patch
template:
  metadata:
    deletionGracePeriodSeconds: 30
    deletionTimestamp: $(time-offset-nanosecond 32500000000)
---
apiVersion: action.kwok.x-k8s.io/v1alpha1
kind: ResourcePatch
resource: {version: v1, resource: pods}
target: {name: mysql-0, namespace: shop}
durationNanosecond: 0
method: patch
template: {status: {conditions: [{type: Ready, status: "True"}]}}
---
apiVersion: action.kwok.x-k8s.io/v1alpha1
kind: ResourcePatch
resource: {group: discovery.k8s.io, version: v1, resource: endpointslices}
target: {name: mysql-abcde, namespace: shop}
durationNanosecond: 100000000
method: create
template:
  apiVersion: discovery.k8s.io/v1
  kind: EndpointSlice
  metadata: {name: mysql-abcde, namespace: shop}
  addressType: IPv4
  endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
---
apiVersion: action.kwok.x-k8s.io/v1alpha1
kind: ResourcePatch
resource: {version: v1, resource: pods}
target: {name: mysql-0, namespace: shop}
durationNanosecond: 3000000000
method: delete
---
apiVersion: action.kwok.x-k8s.io/v1alpha1
kind: ResourcePatch
resource: {version: v1, resource: pods}
target: {name: unknown, namespace: shop}
durationNanosecond: 3000000000
method: patch
template: {}
)";

TEST(RecordingImport, ReplaysTheResourcePatchesOfKwok) {
  const Recording made = import_texts({snapshot});
  EXPECT_EQ(made.initial.size(), 1U);
  EXPECT_THAT(
      told(made),
      ElementsAre("1000 Pod mysql-0 becomes ready", "1100 EndpointSlice mysql-abcde: 1 of 1 ready",
                  "3500 Pod mysql-0 is deleted and has 30 s to end", "4000 Pod mysql-0 is gone"));
  EXPECT_THAT(made.notes.back(), HasSubstr("not in the snapshot: 1."));
}

// A strategic merge patch: conditions are merged by their type, and the others stay.
TEST(RecordingImport, APatchOfKwokKeepsWhatItDoesNotName) {
  const Story story = story_of(import_texts({snapshot}));
  EXPECT_EQ(story.changes[0].object["status"]["conditions"].size(), 2U);
}

TEST(RecordingImport, RefusesPatchesThatCannotBeMeant) {
  const std::string head =
      "apiVersion: action.kwok.x-k8s.io/v1alpha1\nkind: ResourcePatch\n"
      "resource: {version: v1, resource: pods}\n";
  EXPECT_THAT(error_of("---\n" + head + "method: patch\n"),
              HasSubstr("in.json:2: a ResourcePatch without"));
  EXPECT_THAT(error_of(head + "target: {name: a}\nmethod: melt\n"), HasSubstr("\"melt\""));
  EXPECT_THAT(error_of(head + "target: {name: a}\nmethod: patch\ndurationNanosecond: -1\n"),
              HasSubstr("durationNanosecond"));
}

}  // namespace
}  // namespace fakeapi::scenario::recording
