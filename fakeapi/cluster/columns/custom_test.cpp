// Custom resources, as apiextensions-apiserver pkg/registry/customresource/tableconvertor prints
// them.
#include "fakeapi/cluster/columns/custom.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/test_support.hpp"

namespace fakeapi::cluster::columns {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ago;
using testing::cells_of;
using testing::headers_of;

// The cell that one column of a type shows of a value; null where nothing is found.
json cell(const char* type, const json& value) {
  const Printer printer =
      custom_resources(json::array({{{"name", "X"}, {"type", type}, {"jsonPath", ".spec.x"}}}));
  return cells_of(printer, {{"metadata", {{"name", "a"}}}, {"spec", {{"x", value}}}})[1];
}

TEST(CustomResources, HaveNameAndAgeWithoutColumns) {
  for (const json& none : {json(), json::array()}) {
    const Printer printer = custom_resources(none);
    EXPECT_EQ(headers_of(printer), "Name,Age");
    EXPECT_EQ(printer.columns[1].type, "date");
    const json object = {{"metadata", {{"name", "a"}, {"creationTimestamp", ago(90s)}}}};
    EXPECT_EQ(cells_of(printer, object), json({"a", "90s"}));
  }
}

// Columns replace Age; a description comes from the definition or names the path.
TEST(CustomResources, ShowTheColumnsOfTheirDefinition) {
  const Printer printer = custom_resources(R"([
    {"name":"Replicas","type":"integer","format":"int32","jsonPath":".spec.replicas"},
    {"name":"Ready","type":"string","description":"Is it?","priority":1,
     "jsonPath":".status.conditions[?(@.type==\"Ready\")].status"}])"_json);
  EXPECT_EQ(headers_of(printer), "Name,Replicas,Ready*");
  EXPECT_EQ(printer.columns[1].format, "int32");
  EXPECT_EQ(printer.columns[1].description,
            "Custom resource definition column (in JSONPath format): .spec.replicas");
  EXPECT_EQ(printer.columns[2].description, "Is it?");
  const json object = R"({"metadata":{"name":"a"},"spec":{"replicas":3},
    "status":{"conditions":[{"type":"Ready","status":"True"}]}})"_json;
  EXPECT_EQ(cells_of(printer, object), json({"a", 3, "True"}));
}

TEST(CustomResources, ShowNullWhereThePathFindsNothing) {
  const Printer printer = custom_resources(R"([
    {"name":"A","type":"string","jsonPath":".spec.missing"},
    {"name":"B","type":"string","jsonPath":".spec.list[5]"}])"_json);
  EXPECT_EQ(cells_of(printer, R"({"metadata":{"name":"a"},"spec":{"list":[]}})"_json),
            json({"a", nullptr, nullptr}));
}

TEST(CustomResources, ShowTheFirstOfManyValues) {
  const Printer printer =
      custom_resources(R"([{"name":"A","type":"string","jsonPath":".spec.list[*]"}])"_json);
  EXPECT_EQ(cells_of(printer, R"({"spec":{"list":["x","y"]}})"_json)[1], "x");
}

TEST(CustomResources, PrintAnythingIntoAStringColumn) {
  EXPECT_EQ(cell("string", "text"), "text");
  EXPECT_EQ(cell("string", 3), "3");
  EXPECT_EQ(cell("string", true), "true");
  EXPECT_EQ(cell("string", json({{"a", {1, 2}}})), "{\"a\":[1,2]}");
  EXPECT_EQ(cell("string", nullptr), "<no value>");
}

TEST(CustomResources, ShowOnlyNumbersInAnIntegerColumn) {
  EXPECT_EQ(cell("integer", 3), 3);
  EXPECT_EQ(cell("integer", 3.9), 3);
  EXPECT_EQ(cell("integer", -3.9), -3);
  EXPECT_EQ(cell("integer", "3"), json());
  EXPECT_EQ(cell("integer", true), json());
  EXPECT_EQ(cell("integer", nullptr), json());
}

// Whole numbers are written without a decimal point.
TEST(CustomResources, ShowOnlyNumbersInANumberColumn) {
  EXPECT_EQ(cell("number", 2.5), 2.5);
  EXPECT_EQ(cell("number", 3.0).dump(), "3");
  EXPECT_EQ(cell("number", "2.5"), json());
}

TEST(CustomResources, ShowOnlyTruthValuesInABooleanColumn) {
  EXPECT_EQ(cell("boolean", false), false);
  EXPECT_EQ(cell("boolean", "true"), json());
}

// A date is shown as the time since then.
TEST(CustomResources, ShowAgesInADateColumn) {
  EXPECT_EQ(cell("date", ago(5min)), "5m");
  EXPECT_EQ(cell("date", ""), "<unknown>");
  EXPECT_EQ(cell("date", "yesterday"), "<invalid>");
  EXPECT_EQ(cell("date", 5), json());
}

// New returns the convertor as far as it came, and kube-apiserver serves with it.
TEST(CustomResources, EndTheirColumnsBeforeAPathThatIsNone) {
  const Printer printer = custom_resources(R"([
    {"name":"A","type":"string","jsonPath":".spec.a"},
    {"name":"B","type":"string","jsonPath":".spec.b["},
    {"name":"C","type":"string","jsonPath":".spec.c"}])"_json);
  EXPECT_EQ(headers_of(printer), "Name,A");
  EXPECT_EQ(cells_of(printer, R"({"spec":{"a":"x"}})"_json), json({"", "x"}));
}

}  // namespace
}  // namespace fakeapi::cluster::columns
