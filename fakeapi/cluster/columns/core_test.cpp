// The plain kinds, as printers.go prints them.
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
  object["metadata"] = {{"name", name}, {"creationTimestamp", ago(age)}};
  return object;
}

TEST(PrintNamespace, ShowsItsPhase) {
  EXPECT_EQ(headers_of(namespaces()), "Name,Status,Age");
  const json object = with_age({{"status", {{"phase", "Terminating"}}}}, "db", 5min);
  EXPECT_EQ(cells_of(namespaces(), object), json({"db", "Terminating", "5m"}));
}

// Data and binaryData are counted together, as an integer.
TEST(PrintConfigMap, CountsItsEntries) {
  EXPECT_EQ(headers_of(config_maps()), "Name,Data,Age");
  const json object = with_age(
      {{"data", {{"a", "1"}, {"b", "2"}}}, {"binaryData", {{"c", "AA=="}}}}, "settings", 3s);
  EXPECT_EQ(cells_of(config_maps(), object), json({"settings", 3, "3s"}));
  EXPECT_EQ(cells_of(config_maps(), with_age(json::object(), "empty", 0s)),
            json({"empty", 0, "0s"}));
}

TEST(PrintSecret, ShowsItsTypeAndCountsItsEntries) {
  EXPECT_EQ(headers_of(secrets()), "Name,Type,Data,Age");
  const json object = with_age({{"type", "Opaque"}, {"data", {{"password", "eA=="}}}}, "pw", 2h);
  EXPECT_EQ(cells_of(secrets(), object), json({"pw", "Opaque", 1, "120m"}));
}

// Secrets are no longer counted since v1.24.
TEST(PrintServiceAccount, ShowsOnlyItsAge) {
  EXPECT_EQ(headers_of(service_accounts()), "Name,Age");
  const json object = with_age({{"secrets", json::array({{{"name", "token"}}})}}, "default", 48h);
  EXPECT_EQ(cells_of(service_accounts(), object), json({"default", "2d"}));
}

TEST(PrintLease, ShowsItsHolder) {
  EXPECT_EQ(headers_of(leases()), "Name,Holder,Age");
  const json object = with_age({{"spec", {{"holderIdentity", "node-a_1"}}}}, "leader", 1s);
  EXPECT_EQ(cells_of(leases(), object), json({"leader", "node-a_1", "1s"}));
  EXPECT_EQ(cells_of(leases(), with_age(json::object(), "free", 1s)), json({"free", "", "1s"}));
}

// apiserver registry/rest/table.go: the time itself, in UTC, in a column of type "date".
TEST(PrintRole, ShowsWhenItWasCreated) {
  EXPECT_EQ(headers_of(name_and_creation()), "Name,Created At");
  EXPECT_EQ(name_and_creation().columns[1].type, "date");
  const json object = {
      {"metadata", {{"name", "reader"}, {"creationTimestamp", "2026-11-23T06:21:04Z"}}}};
  EXPECT_EQ(cells_of(name_and_creation(), object), json({"reader", "2026-11-23T06:21:04Z"}));
}

// A bookmark of a watch has no more than a version: Go prints the zero values.
TEST(PrintBookmark, PrintsZeroValues) {
  const json bookmark = {{"metadata", {{"resourceVersion", "281"}}}};
  EXPECT_EQ(cells_of(namespaces(), bookmark), json({"", "", "<unknown>"}));
  EXPECT_EQ(cells_of(secrets(), bookmark), json({"", "", 0, "<unknown>"}));
  EXPECT_EQ(cells_of(name_and_creation(), bookmark), json({"", "0001-01-01T00:00:00Z"}));
}

// The column that names the object is marked for clients; events have it last.
TEST(Columns, OneOfThemNamesTheObject) {
  for (const Printer* printer : {&namespaces(),
                                 &nodes(),
                                 &pods(),
                                 &services(),
                                 &endpoints(),
                                 &endpoint_slices(),
                                 &config_maps(),
                                 &secrets(),
                                 &service_accounts(),
                                 &events(),
                                 &leases(),
                                 &deployments(),
                                 &replica_sets(),
                                 &stateful_sets(),
                                 &daemon_sets(),
                                 &jobs(),
                                 &role_bindings(),
                                 &cluster_role_bindings(),
                                 &custom_resource_definitions(),
                                 &name_and_creation()}) {
    int names = 0;
    for (const Column& column : printer->columns) names += column.format == "name" ? 1 : 0;
    EXPECT_EQ(names, 1) << headers_of(*printer);
    cells_of(*printer, json::object());
  }
}

}  // namespace
}  // namespace fakeapi::cluster::columns
