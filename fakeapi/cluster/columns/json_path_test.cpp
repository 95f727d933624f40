// Paths, as client-go util/jsonpath parses and evaluates them.
#include "fakeapi/cluster/columns/json_path.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

const json document = R"({
  "spec":{"replicas":3,"a.b":"dotted","list":[10,20,30,40],"off":false,"none":null},
  "status":{"conditions":[
    {"type":"Synced","status":"False","age":5},
    {"type":"Ready","status":"True","age":7},
    {"type":"Ready (late) now","status":"Unknown"}]}})"_json;

// What a path finds, as a list; "error" and "malformed" where it fails.
json found(const char* path) {
  const auto parsed = JsonPath::parse(path);
  if (!parsed) return "malformed";
  const auto result = parsed->find(document);
  if (result.failed) return "error";
  json out = json::array();
  for (const json* value : result.values) out.push_back(*value);
  return out;
}

TEST(JsonPaths, FollowFields) {
  EXPECT_EQ(found(".spec.replicas"), json::array({3}));
  EXPECT_EQ(found(".spec.off"), json::array({false}));
  EXPECT_EQ(found(".spec.none"), json::array({nullptr}));
  EXPECT_EQ(found("$.spec.replicas"), json::array({3}));
}

// AllowMissingKeys: nothing, and no error.
TEST(JsonPaths, FindNothingWhereAKeyIsMissing) {
  EXPECT_EQ(found(".spec.missing.deeper"), json::array());
  EXPECT_EQ(found(".spec.replicas.deeper"), json::array());
  EXPECT_EQ(found(".spec.none.deeper"), json::array());
  EXPECT_EQ(found("."), json::array());
}

// A quoted key is read again as a path: only a backslash keeps a dot inside a key.
TEST(JsonPaths, EscapeDotsWithABackslash) {
  EXPECT_EQ(found(".spec.a\\.b"), json::array({"dotted"}));
  EXPECT_EQ(found(".spec['a\\.b']"), json::array({"dotted"}));
  EXPECT_EQ(found(".spec['a.b']"), json::array());
  EXPECT_EQ(found(".spec['replicas']"), json::array({3}));
  EXPECT_EQ(found(".spec[\"replicas\"]"), "malformed");
}

TEST(JsonPaths, IndexLists) {
  EXPECT_EQ(found(".spec.list[0]"), json::array({10}));
  EXPECT_EQ(found(".spec.list[-1]"), json::array({40}));
  EXPECT_EQ(found(".spec.list[1:3]"), json({20, 30}));
  EXPECT_EQ(found(".spec.list[-2:]"), json({30, 40}));
  EXPECT_EQ(found(".spec.list[::2]"), json({10, 30}));
  EXPECT_EQ(found(".spec.list[0,2]"), json({10, 30}));
  EXPECT_EQ(found(".spec.list[1:1]"), json::array());
}

TEST(JsonPaths, FailBeyondTheEndOfAList) {
  EXPECT_EQ(found(".spec.list[4]"), "error");
  EXPECT_EQ(found(".spec.list[-5]"), "error");
  EXPECT_EQ(found(".spec.list[2:1]"), "error");
  EXPECT_EQ(found(".spec.list[::0]"), "error");
  EXPECT_EQ(found(".spec[0]"), "error");
}

TEST(JsonPaths, SurviveTheLargestNumbers) {
  EXPECT_EQ(found(".spec.list[1::9223372036854775807]"), json::array({20}));
  EXPECT_EQ(found(".spec.list[9223372036854775807]"), "malformed");
  EXPECT_EQ(found(".spec.list[-9223372036854775808]"), "error");
  EXPECT_EQ(found(".spec.list[-9223372036854775808:9223372036854775807]"), "error");
}

TEST(JsonPaths, SelectEverythingWithAWildcard) {
  EXPECT_EQ(found(".spec.list[*]"), json({10, 20, 30, 40}));
  EXPECT_EQ(found(".status.conditions[*].type"), json({"Synced", "Ready", "Ready (late) now"}));
  EXPECT_EQ(found(".status.conditions[2].*"), json({"Unknown", "Ready (late) now"}));
}

TEST(JsonPaths, FilterLists) {
  EXPECT_EQ(found(".status.conditions[?(@.type==\"Ready\")].status"), json::array({"True"}));
  EXPECT_EQ(found(".status.conditions[?(@.type=='Ready')].status"), json::array({"True"}));
  EXPECT_EQ(found(".status.conditions[?(@.type!=\"Ready\")].status"), json({"False", "Unknown"}));
  EXPECT_EQ(found(".status.conditions[?(@.type==\"Ready (late) now\")].status"),
            json::array({"Unknown"}));
  EXPECT_EQ(found(".status.conditions[?(@.age)].age"), json({5, 7}));
  EXPECT_EQ(found(".status.conditions[?(@.age>5)].type"), json::array({"Ready"}));
  EXPECT_EQ(found(".status.conditions[?(@.age<=5)].type"), json::array({"Synced"}));
  EXPECT_EQ(found(".spec.list[?(@>=30)]"), json({30, 40}));
  EXPECT_EQ(found(".spec.list[?(@>99)]"), json::array());
}

TEST(JsonPaths, FailToCompareDifferentTypes) {
  EXPECT_EQ(found(".status.conditions[?(@.age==\"5\")]"), "error");
  EXPECT_EQ(found(".status.conditions[?(@.age==5.0)]"), "error");
  EXPECT_EQ(found(".status.conditions[?(@.type===\"R\")]"), "error");
  EXPECT_EQ(found(".spec[?(@.a==1)]"), "error");
}

// Where an element lacks the key there is nothing to compare.
TEST(JsonPaths, SkipElementsWithoutTheComparedKey) {
  EXPECT_EQ(found(".status.conditions[?(@.age==7)].type"), json::array({"Ready"}));
}

TEST(JsonPaths, Descend) {
  EXPECT_EQ(found("..age"), json({5, 7}));
  EXPECT_EQ(found(".status..type"), json({"Synced", "Ready", "Ready (late) now"}));
}

TEST(JsonPaths, RefuseWhatIsNoPath) {
  for (const char* path :
       {".a[", ".a[x]", ".a[1:2:3:4]", ".a[?(@.b", ".a[?(@.b)", ".a[0]~", ".a[0](b)", "....",
        ".a[-]", ".a[?(@.b==)]", ".a['b", ".a\n", ".a \"b"}) {
    EXPECT_EQ(found(path), "malformed") << path;
  }
}

// Whatever a definition says: a path is refused or evaluated, and both end.
TEST(JsonPaths, SurviveAnyText) {
  EXPECT_TRUE(rc::check("any text is refused or evaluated", [] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(
        std::vector<std::string>{".", "..",   "a",      "spec",       "[",   "]",  "*", "?",
                                 "(", ")",    "@",      "'",          "\"",  "\\", ":", ",",
                                 "-", "1",    "0",      "==",         "<",   " ",  "{", "}",
                                 "$", "true", "status", "conditions", "\xc3"}));
    std::string path;
    for (const std::string& part : parts) path += part;
    if (const auto parsed = JsonPath::parse(path)) parsed->find(document);
  }));
}

}  // namespace
}  // namespace fakeapi::cluster::columns
