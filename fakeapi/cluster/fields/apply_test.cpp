// What an apply makes of an object, of its owners, and when it is refused: structured-merge-diff
// merge/ and apimachinery pkg/util/managedfields/internal.
#include <gtest/gtest.h>

#include "fakeapi/cluster/fields/managed_fields.hpp"
#include "fakeapi/cluster/fields/test_writers.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;
using testing::leaf;
using testing::workload;

class Apply : public testing::Writers {};

TEST_F(Apply, AnApplyOwnsWhatItSays) {
  apply_spec("a", {{"replicas", 1}, {"config", {{"x", "y"}}}});
  EXPECT_EQ(owners(), json({{"a Apply", {{"f:replicas", leaf}, {"f:config", {{"f:x", leaf}}}}}}));
  EXPECT_EQ(live_["spec"], json({{"replicas", 1}, {"config", {{"x", "y"}}}}));
}

TEST_F(Apply, AnApplyRemovesWhatItSaysNoMore) {
  apply_spec("a", {{"replicas", 1},
                   {"config", {{"x", "y"}}},
                   {"containers", {{{"name", "web"}}, {{"name", "log"}}}}});
  apply_spec("a", {{"replicas", 1}, {"containers", {{{"name", "log"}}}}});
  EXPECT_FALSE(live_["spec"].contains("config"));
  EXPECT_EQ(live_["spec"]["containers"], json({{{"name", "log"}}}));
}

TEST_F(Apply, AnApplyLeavesWhatOthersOwn) {
  apply_spec("a", {{"replicas", 1}, {"config", {{"x", "1"}, {"z", "1"}}}});
  apply_spec("b", {{"config", {{"x", "1"}}}});
  change("c", {{"paused", true}});
  apply_spec("a", {{"replicas", 1}});
  EXPECT_EQ(live_["spec"], json({{"replicas", 1}, {"paused", true}, {"config", {{"x", "1"}}}}));
}

// addBackDanglingItems: what nobody owns was never the applier's to remove.
TEST_F(Apply, AnApplyLeavesWhatNobodyOwnsInsideAnItem) {
  apply_spec("a", {{"containers", {{{"name", "web"}, {"image", "1"}}}}});
  live_["spec"]["containers"][0]["args"] = {"x"};  // as a default would be
  apply_spec("a", {{"containers", {{{"name", "web"}}}}});
  EXPECT_EQ(live_["spec"]["containers"], json({{{"name", "web"}, {"args", {"x"}}}}));
}

TEST_F(Apply, AnApplyThatSaysTheSameChangesNothing) {
  apply_spec("a", {{"replicas", 1}});
  const json before = live_;
  auto result = try_apply("a", workload({{"replicas", 1}}));
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->changed);
  EXPECT_EQ(result->object, before);
}

// managedfieldsupdater.go, Apply: a time is when a manager last changed something.
TEST_F(Apply, AnotherApplierOfTheSameValuesSharesThemWithoutATime) {
  apply_spec("a", {{"replicas", 1}});
  apply_spec("b", {{"replicas", 1}});
  EXPECT_EQ(owners(),
            json({{"a Apply", {{"f:replicas", leaf}}}, {"b Apply", {{"f:replicas", leaf}}}}));
  EXPECT_EQ(time_of(0), json());
  EXPECT_EQ(entries()[0]["manager"], "b");  // no time sorts as the oldest
}

TEST_F(Apply, AnApplyOfAnotherValueConflicts) {
  write("a", workload({{"replicas", 1}}));
  const auto result = try_apply("b", workload({{"replicas", 2}}));
  ASSERT_FALSE(result);
  const Failure& failure = result.failure();
  EXPECT_EQ(failure.code, 409);
  EXPECT_EQ(failure.reason, "Conflict");
  EXPECT_EQ(failure.message,
            R"(Apply failed with 1 conflict: conflict with "a" using apps/v1: .spec.replicas)");
  ASSERT_TRUE(failure.details);
  ASSERT_EQ(failure.details->causes.size(), 1U);
  EXPECT_EQ(failure.details->causes[0].reason, "FieldManagerConflict");
  EXPECT_EQ(failure.details->causes[0].message, R"(conflict with "a" using apps/v1)");
  EXPECT_EQ(failure.details->causes[0].field, ".spec.replicas");
}

// conflict.go, getConflictMessage and printManager.
TEST_F(Apply, ConflictsAreListedByManager) {
  apply_spec("a", {{"replicas", 1}, {"config", {{"x", "1"}}}});
  subresource_ = "scale";
  change("b", {{"paused", true}});
  subresource_ = "";
  const auto result =
      try_apply("c", workload({{"replicas", 2}, {"paused", false}, {"config", {{"x", "2"}}}}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().message,
            "Apply failed with 3 conflicts: conflicts with \"a\":\n- .spec.replicas\n"
            "- .spec.config.x\nconflicts with \"b\" with subresource \"scale\" using apps/v1:\n"
            "- .spec.paused");
}

TEST_F(Apply, AForcedApplyTakesWhatItSays) {
  write("a", workload({{"replicas", 1}, {"paused", true}}));
  apply_spec("b", {{"replicas", 2}}, true);
  EXPECT_EQ(live_["spec"], json({{"replicas", 2}, {"paused", true}}));
  EXPECT_EQ(owners(),
            json({{"a Update", {{"f:paused", leaf}}}, {"b Apply", {{"f:replicas", leaf}}}}));
}

// skipnonapplied.go.
TEST_F(Apply, WhatWasThereBeforeTheFirstApplyHasAManager) {
  store(workload({{"replicas", 1}, {"paused", true}}));
  apply_spec("a", {{"replicas", 1}});
  EXPECT_EQ(owners(),
            json({{"a Apply", {{"f:replicas", leaf}}},
                  {"before-first-apply Update", {{"f:paused", leaf}, {"f:replicas", leaf}}}}));
}

TEST_F(Apply, AnApplyOfAnotherKindIsABadRequest) {
  json config = workload({{"replicas", 1}});
  config["kind"] = "Other";
  const auto result = try_apply("a", config);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().code, 400);
  EXPECT_EQ(result.failure().message, "invalid object type: apps/v1, Kind=Other");
}

TEST_F(Apply, AnApplyMayNotBringEntries) {
  json config = workload({{"replicas", 1}});
  config["metadata"]["managedFields"] = json::array();
  const auto result = try_apply("a", config);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().code, 400);
  EXPECT_EQ(result.failure().message, "metadata.managedFields must be nil");
}

// structuredmerge.go, Apply: not an API error, and so a 500 without a reason.
TEST_F(Apply, AConfigurationThatDoesNotFitIsRefused) {
  json config = workload({{"zones", {"x", "x"}}});
  config["metadata"]["namespace"] = "prod";
  const auto result = try_apply("a", config);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().code, 500);
  EXPECT_EQ(result.failure().reason, "");
  EXPECT_EQ(result.failure().message,
            "failed to create typed patch object (prod/web; apps/v1, Kind=Workload): "
            ".spec.zones: duplicate entries for key [=\"x\"]");
}

// lastappliedmanager.go: what client-side apply wrote is no conflict with the same tool's
// server-side apply.
TEST_F(Apply, KubectlTakesOverWhatItAppliedOnTheClient) {
  const std::string annotation = "kubectl.kubernetes.io/last-applied-configuration";
  json object = workload({{"replicas", 1}, {"paused", true}});
  object["metadata"]["annotations"] = {{annotation, workload({{"replicas", 1}}).dump()}};
  write("kubectl-client-side-apply", object);

  const auto refused = try_apply("other", workload({{"replicas", 2}}));
  EXPECT_FALSE(refused);
  const auto partly = try_apply("kubectl", workload({{"replicas", 2}, {"paused", false}}));
  ASSERT_FALSE(partly);
  EXPECT_EQ(partly.failure().details->causes.size(), 1U);
  EXPECT_EQ(partly.failure().details->causes[0].field, ".spec.paused");

  apply_spec("kubectl", {{"replicas", 2}});
  EXPECT_EQ(live_["spec"]["replicas"], 2);
  // lastappliedupdater.go: and the annotation follows, as Go's JSON encoder writes it.
  EXPECT_EQ(live_["metadata"]["annotations"][annotation],
            R"({"apiVersion":"apps/v1","kind":"Workload","metadata":{"name":"web"},)"
            R"("spec":{"replicas":2}})"
            "\n");
}

}  // namespace
}  // namespace fakeapi::cluster::fields
