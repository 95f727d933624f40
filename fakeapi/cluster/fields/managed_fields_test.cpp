// Who owns what after creates and updates: apimachinery pkg/util/managedfields/internal.
#include "fakeapi/cluster/fields/managed_fields.hpp"

#include <gtest/gtest.h>

#include "fakeapi/cluster/fields/test_writers.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;
using testing::leaf;
using testing::workload;

class ManagedFields : public testing::Writers {};

TEST_F(ManagedFields, ACreateOwnsWhatItSets) {
  json object = workload({{"replicas", 1}, {"config", {{"a", "b"}}}});
  object["metadata"]["labels"] = {{"app", "web"}};
  write("kubectl", object);
  EXPECT_EQ(entries(),
            json::parse(R"([{"manager":"kubectl","operation":"Update","apiVersion":"apps/v1",
                "time":"2026-01-01T00:00:11Z","fieldsType":"FieldsV1","fieldsV1":{
                "f:metadata":{"f:labels":{".":{},"f:app":{}}},
                "f:spec":{"f:config":{".":{},"f:a":{}},"f:replicas":{}}}}])"));
}

// stripmeta.go: the identity of an object belongs to nobody.
TEST_F(ManagedFields, NobodyOwnsTheIdentityOfAnObject) {
  write("kubectl", workload(json::object()));
  EXPECT_EQ(entries(), json::array());
}

// create: buildManagerInfo.
TEST_F(ManagedFields, AWriterWithoutANameIsUnknown) {
  write("", workload({{"replicas", 1}}));
  EXPECT_EQ(owners(), json({{"unknown Update", {{"f:replicas", leaf}}}}));
}

TEST_F(ManagedFields, AnUpdateTakesWhatItChangesFromOthers) {
  write("a", workload({{"replicas", 1}, {"paused", true}}));
  change("b", {{"replicas", 2}});
  EXPECT_EQ(owners(),
            json({{"a Update", {{"f:paused", leaf}}}, {"b Update", {{"f:replicas", leaf}}}}));
}

TEST_F(ManagedFields, AnUpdateTakesWhatIsGoneFromAll) {
  write("a", workload({{"replicas", 1}, {"paused", true}}));
  change("b", {{"replicas", 2}, {"paused", nullptr}});
  EXPECT_EQ(owners(), json({{"b Update", {{"f:replicas", leaf}}}}));
}

TEST_F(ManagedFields, AnUpdateKeepsWhatItsWriterOwnedBefore) {
  write("a", workload({{"replicas", 1}}));
  change("a", {{"paused", true}});
  EXPECT_EQ(owners(), json({{"a Update", {{"f:paused", leaf}, {"f:replicas", leaf}}}}));
  EXPECT_EQ(time_of(0), "2026-01-01T00:00:12Z");
}

TEST_F(ManagedFields, AnUpdateThatChangesNothingLeavesTimesAlone) {
  write("a", workload({{"replicas", 1}}));
  change("a", json::object());
  change("b", json::object());
  EXPECT_EQ(owners(), json({{"a Update", {{"f:replicas", leaf}}}}));
  EXPECT_EQ(time_of(0), "2026-01-01T00:00:11Z");
}

// Entries do not count as content; a client that does not know them must not delete them.
TEST_F(ManagedFields, AClientThatSendsNoEntriesKeepsThem) {
  write("a", workload({{"replicas", 1}}));
  write("b", workload({{"replicas", 1}, {"paused", true}}));
  EXPECT_EQ(owners(),
            json({{"a Update", {{"f:replicas", leaf}}}, {"b Update", {{"f:paused", leaf}}}}));
}

TEST_F(ManagedFields, AClientCanChangeEntries) {
  write("a", workload({{"replicas", 1}}));
  json object = live_;
  object["metadata"]["managedFields"][0]["manager"] = "c";
  write("b", object);
  EXPECT_EQ(owners(), json({{"c Update", {{"f:replicas", leaf}}}}));
}

// isResetManagedFields, and skipnonapplied.go: what has no entries stays without until an apply.
TEST_F(ManagedFields, AnEmptyListEndsTracking) {
  for (const json& reset : {json::array(), json::array({json::object()})}) {
    live_ = nullptr;
    write("a", workload({{"replicas", 1}}));
    json object = live_;
    object["metadata"]["managedFields"] = reset;
    write("a", object);
    EXPECT_FALSE(live_["metadata"].contains("managedFields"));
    change("a", {{"replicas", 2}});
    EXPECT_FALSE(live_["metadata"].contains("managedFields"));
  }
}

// decodeLiveOrNew: what cannot be read is not there.
TEST_F(ManagedFields, EntriesThatCannotBeReadAreIgnored) {
  write("a", workload({{"replicas", 1}}));
  const json before = entries();
  for (const char* key : {"operation", "apiVersion", "fieldsType"}) {
    json object = live_;
    object["metadata"]["managedFields"][0][key] = "";
    write("b", object);
    EXPECT_EQ(entries(), before) << key;
  }
  json object = live_;
  object["metadata"]["managedFields"][0]["fieldsV1"] = {{"spec", json::object()}};
  write("b", object);
  EXPECT_EQ(entries(), before);
}

// One entry for each subresource, and through a subresource nobody writes entries.
TEST_F(ManagedFields, ASubresourceIsAWriterOfItsOwn) {
  json first = workload({{"replicas", 1}});
  first["status"] = json::object();  // as a decoded object has it
  write("kubelet", first);
  subresource_ = "status";
  reset_ = set_of_fields({{"spec"}});
  json object = live_;
  object["status"] = {{"ready", 1}};
  object["spec"]["replicas"] = 5;
  object["metadata"].erase("managedFields");
  write("kubelet", object);
  EXPECT_EQ(owners(), json({{"kubelet Update", {{"f:replicas", leaf}}},
                            {"kubelet Update/status", {{"f:status", {{"f:ready", leaf}}}}}}));
}

TEST_F(ManagedFields, WhatTheResourceResetsIsNotOwned) {
  json object = workload({{"replicas", 1}});
  object["status"] = {{"ready", 1}};
  write("a", object);
  EXPECT_EQ(owners(), json({{"a Update", {{"f:replicas", leaf}}}}));
}

// The real server drops entries of versions that it does not serve any more.
TEST_F(ManagedFields, EntriesOfAnotherVersionAreDropped) {
  write("a", workload({{"replicas", 1}}));
  live_["metadata"]["managedFields"][0]["apiVersion"] = "apps/v1beta1";
  change("b", {{"paused", true}});
  EXPECT_EQ(owners(), json({{"b Update", {{"f:paused", leaf}}}}));
}

// UpdateNoErrors: a write does not fail for its entries.
TEST_F(ManagedFields, AnObjectThatDoesNotFitKeepsTheEntriesItHad) {
  write("a", workload({{"replicas", 1}}));
  const json before = entries();
  change("b", {{"zones", {nullptr}}});
  EXPECT_EQ(entries(), before);
}

// capmanagers.go: the eleventh joins the two oldest.
TEST_F(ManagedFields, NoMoreThanTenUpdateManagersAreKept) {
  write("w0", workload({{"config", {{"k0", "v"}}}}));
  for (int i = 1; i < 12; ++i)
    change("w" + std::to_string(i), {{"config", {{"k" + std::to_string(i), "v"}}}});
  const json who = owners();
  EXPECT_EQ(who.size(), 10U);
  EXPECT_EQ(who["ancient-changes Update"],
            json({{"f:config", {{".", leaf}, {"f:k0", leaf}, {"f:k1", leaf}, {"f:k2", leaf}}}}));
  EXPECT_TRUE(who.contains("w3 Update"));
}

// sortEncodedManagedFields: Apply before Update, older before newer, then by name.
TEST_F(ManagedFields, EntriesAreSortedByOperationTimeAndName) {
  write("c", workload({{"replicas", 1}}));
  change("b", {{"paused", true}});
  apply_spec("z", {{"zones", {"x"}}});
  std::string order;
  for (const json& entry : entries()) order += entry["manager"].get<std::string>();
  EXPECT_EQ(order, "zcb");
}

// equality.go, IgnoreManagedFieldsTimestampsTransformer.
TEST_F(ManagedFields, AWriteThatChangesTimesOnlyIsNoWrite) {
  write("a", workload({{"replicas", 1}}));
  json object = live_;
  object["metadata"]["managedFields"][0]["time"] = "2030-01-01T00:00:00Z";
  json changed = object;
  keep_times_of_unchanged(live_, object);
  EXPECT_EQ(object, live_);

  changed["spec"]["replicas"] = 2;
  const json expected = changed;
  keep_times_of_unchanged(live_, changed);
  EXPECT_EQ(changed, expected);
}

}  // namespace
}  // namespace fakeapi::cluster::fields
