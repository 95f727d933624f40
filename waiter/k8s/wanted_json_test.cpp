#include "waiter/k8s/wanted_json.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waiter::k8s {
namespace {

using nlohmann::json;

TEST(WantedJson, KeepsWhatTheEngineReadsAndNothingElse) {
  const json value = parse_wanted(
      R"({"kind":"X","unknown":{"name":"lost","list":[1,{"kind":2}]},"items":[{"metadata":{"name":"a",
          "managedFields":[{"fieldsV1":{"f:x":{}}}],"labels":{"app":"y","kubernetes.io/service-name":"s"}}},
          {"metadata":null}],"after":1,"reason":true})");
  EXPECT_EQ(
      value,
      json::parse(
          R"({"kind":"X","items":[{"metadata":{"name":"a","labels":{"kubernetes.io/service-name":"s"}}},
                           {"metadata":null}],"reason":true})"));
}

TEST(WantedJson, IsTheValueItselfWhereThatIsNoContainer) {
  EXPECT_EQ(parse_wanted("17"), json(17));
  EXPECT_EQ(parse_wanted("\"a\""), json("a"));
}

TEST(WantedJson, IsDiscardedWhereTheTextIsNoJson) {
  for (const char* text : {"", "{", "{}}", "[1,]", "{\"a\":}", "{\"unknown\":[}"}) {
    EXPECT_TRUE(parse_wanted(text).is_discarded()) << text;
  }
}

// A body that is nested without end must not cost memory, wanted or not.
TEST(WantedJson, IsDiscardedWhereItIsNestedTooDeep) {
  for (const std::string name : {"items", "unknown"}) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "{\"" + name + "\":";
    text += "1" + std::string(100, '}');
    EXPECT_TRUE(parse_wanted(text).is_discarded()) << name;
  }
}

}  // namespace
}  // namespace waiter::k8s
