// CustomResourceDefinitions, as apiextensions-apiserver
// pkg/registry/customresourcedefinition/tableconvertor prints them since v1.37.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/columns/test_support.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;
using testing::cells_of;
using testing::headers_of;

TEST(PrintDefinition, HasTheColumnsOfDefinitions) {
  EXPECT_EQ(headers_of(custom_resource_definitions()),
            "Name,Scope,Versions,Created At,Group*,Kind*,ShortNames*,Established*");
  EXPECT_EQ(custom_resource_definitions().columns[3].type, "date");
  EXPECT_EQ(custom_resource_definitions().columns[7].type, "boolean");
}

// Versions that are not served are left out; the others are sorted as texts.
TEST(PrintDefinition, ShowsWhatItServes) {
  const json definition = R"({
    "metadata":{"name":"backups.db.example.com","creationTimestamp":"2026-11-23T06:21:04Z"},
    "spec":{"group":"db.example.com","scope":"Namespaced",
      "names":{"kind":"Backup","shortNames":["bk","bkp"]},
      "versions":[{"name":"v1beta1","served":true},{"name":"v1alpha1","served":false},
        {"name":"v1","served":true,"storage":true}]},
    "status":{"conditions":[{"type":"NamesAccepted","status":"True"},
      {"type":"Established","status":"True"}]}})"_json;
  EXPECT_EQ(cells_of(custom_resource_definitions(), definition),
            json({"backups.db.example.com", "Namespaced", "v1(storage),v1beta1",
                  "2026-11-23T06:21:04Z", "db.example.com", "Backup", "bk,bkp", true}));
}

TEST(PrintDefinition, IsNotEstablishedUntilTheConditionSaysSo) {
  const json definition =
      R"({"status":{"conditions":[{"type":"Established","status":"False"}]}})"_json;
  EXPECT_EQ(cells_of(custom_resource_definitions(), definition)[7], false);
}

}  // namespace
}  // namespace fakeapi::cluster::columns
