// PersistentVolumes and PersistentVolumeClaims, as printers.go prints them.
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

json with_age(json object, const char* name, std::chrono::seconds age) {
  object["metadata"]["name"] = name;
  object["metadata"]["creationTimestamp"] = ago(age);
  return object;
}

TEST(PrintPersistentVolume, ShowsWhatItIsAndWhoHasIt) {
  EXPECT_EQ(headers_of(persistent_volumes()),
            "Name,Capacity,Access Modes,Reclaim Policy,Status,Claim,StorageClass,"
            "VolumeAttributesClass,Reason,Age,VolumeMode*");
  const json object = with_age(R"({
    "spec": {"capacity": {"storage": "5Gi"}, "accessModes": ["ReadWriteOnce"],
             "persistentVolumeReclaimPolicy": "Retain", "storageClassName": "slow",
             "claimRef": {"namespace": "db", "name": "data-0"}, "volumeMode": "Block",
             "volumeAttributesClassName": "gold"},
    "status": {"phase": "Failed", "reason": "NoSpace"}})"_json,
                               "pv-1", 3min);
  EXPECT_EQ(cells_of(persistent_volumes(), object),
            json({"pv-1", "5Gi", "RWO", "Retain", "Failed", "db/data-0", "slow", "gold", "NoSpace",
                  "3m", "Block"}));
}

// Fields that are nil, and Go's zero quantity.
TEST(PrintPersistentVolume, ShowsWhatIsUnset) {
  EXPECT_EQ(cells_of(persistent_volumes(), with_age(json::object(), "pv", 0s)),
            json({"pv", "0", "", "", "", "", "", "<unset>", "", "0s", "<unset>"}));
}

// helper.GetAccessModesAsString: in a fixed order, without duplicates.
TEST(PrintPersistentVolume, OrdersAccessModes) {
  const json object = {
      {"spec",
       {{"accessModes", json::array({"ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany",
                                     "ReadWriteMany", "ReadWriteOnce"})}}}};
  EXPECT_EQ(cells_of(persistent_volumes(), object)[2], "RWO,ROX,RWX,RWOP");
}

// helper.GetPersistentVolumeClass and GetPersistentVolumeClaimClass.
TEST(PrintVolumes, PreferTheAnnotationOfTheClass) {
  json object = {{"spec", {{"storageClassName", "new"}}}};
  object["metadata"]["annotations"]["volume.beta.kubernetes.io/storage-class"] = "old";
  EXPECT_EQ(cells_of(persistent_volumes(), object)[6], "old");
  EXPECT_EQ(cells_of(persistent_volume_claims(), object)[5], "old");
}

TEST(PrintVolumes, AreTerminatingWhenDeleted) {
  const json object = {{"metadata", {{"deletionTimestamp", ago(1s)}}},
                       {"status", {{"phase", "Bound"}}}};
  EXPECT_EQ(cells_of(persistent_volumes(), object)[4], "Terminating");
  EXPECT_EQ(cells_of(persistent_volume_claims(), object)[1], "Terminating");
}

TEST(PrintPersistentVolumeClaim, ShowsWhatItHasGot) {
  EXPECT_EQ(headers_of(persistent_volume_claims()),
            "Name,Status,Volume,Capacity,Access Modes,StorageClass,VolumeAttributesClass,Age,"
            "VolumeMode*");
  const json object = with_age(R"({
    "spec": {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "1Gi"}},
             "volumeName": "pv-1", "storageClassName": "slow", "volumeMode": "Filesystem"},
    "status": {"phase": "Bound", "capacity": {"storage": "5Gi"},
               "accessModes": ["ReadWriteOnce"]}})"_json,
                               "data-0", 2h);
  EXPECT_EQ(
      cells_of(persistent_volume_claims(), object),
      json({"data-0", "Bound", "pv-1", "5Gi", "RWO", "slow", "<unset>", "120m", "Filesystem"}));
}

TEST(PrintPersistentVolumeClaim, ShowsNeitherSizeNorModesBeforeItIsBound) {
  const json object = with_age(R"({"spec": {"accessModes": ["ReadWriteOnce"],
    "resources": {"requests": {"storage": "1Gi"}}}, "status": {"phase": "Pending"}})"_json,
                               "data-0", 1s);
  EXPECT_EQ(cells_of(persistent_volume_claims(), object),
            json({"data-0", "Pending", "", "", "", "", "<unset>", "1s", "<unset>"}));
}

}  // namespace
}  // namespace fakeapi::cluster::columns
