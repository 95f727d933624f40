// Texts that several kinds print: labels, selectors, lists that are cut short.
#include "fakeapi/cluster/columns/cells.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

// apimachinery pkg/labels/labels.go: Set.String sorts "key=value" texts, and '-' sorts before '='.
TEST(LabelsText, SortsWholeTexts) {
  const json labels = {{"a", "1"}, {"a-b", "2"}, {"c", ""}};
  EXPECT_EQ(labels_text(&labels), "a-b=2,a=1,c=");
}

TEST(LabelsText, IsNoneWithoutLabels) {
  const json empty = json::object();
  const json null;
  EXPECT_EQ(labels_text(&empty), "<none>");
  EXPECT_EQ(labels_text(&null), "<none>");
  EXPECT_EQ(labels_text(nullptr), "<none>");
}

// apimachinery meta/v1 LabelSelectorAsSelector and labels Requirement.String.
TEST(SelectorText, IsTheQuerySortedByKey) {
  const json selector = R"({"matchLabels":{"tier":"db","app":"mysql"},"matchExpressions":[
    {"key":"zone","operator":"In","values":["b","a"]},
    {"key":"env","operator":"NotIn","values":["dev"]},
    {"key":"b","operator":"Exists"},
    {"key":"c","operator":"DoesNotExist"}]})"_json;
  EXPECT_EQ(selector_text(&selector), "app=mysql,b,!c,env notin (dev),tier=db,zone in (a,b)");
}

TEST(SelectorText, IsEmptyForEverythingAndForNothing) {
  const json everything = json::object();
  const json nothing;
  EXPECT_EQ(selector_text(&everything), "");
  EXPECT_EQ(selector_text(&nothing), "");
  EXPECT_EQ(selector_text(nullptr), "");
  EXPECT_EQ(selector_or_none(nullptr), "<none>");
}

TEST(SelectorText, SaysWhenASelectorIsMalformed) {
  for (const char* expression :
       {R"({"key":"a","operator":"Like","values":["b"]})", R"({"key":"a","operator":"In"})",
        R"({"key":"a","operator":"Exists","values":["b"]})"}) {
    const json selector = {{"matchExpressions", json::array({json::parse(expression)})}};
    EXPECT_FALSE(selector_text(&selector)) << expression;
    EXPECT_EQ(selector_or_none(&selector), "<error>");
  }
}

// printers.go listWithMoreString.
TEST(ShortLists, ShowThreeAndCountTheRest) {
  ShortList list;
  EXPECT_EQ(list.text(), "");
  for (const char* one : {"a", "b", "c"}) list.add(one);
  EXPECT_EQ(list.text(), "a,b,c");
  list.add("d");
  EXPECT_EQ(list.text(), "a,b,c + 1 more...");
  list.add("e");
  EXPECT_EQ(list.text(), "a,b,c + 2 more...");
}

// printers.go layoutContainerCells.
TEST(ContainerTexts, JoinNamesAndImages) {
  const json object = R"({"spec":{"template":{"spec":{"containers":[
    {"name":"a","image":"x:1"},{"name":"b","image":"y:2"}]}}}})"_json;
  const auto texts = container_texts(object, {"spec", "template", "spec"});
  EXPECT_EQ(texts.names, "a,b");
  EXPECT_EQ(texts.images, "x:1,y:2");
  EXPECT_EQ(container_texts(json::object(), {"spec"}).names, "");
}

}  // namespace
}  // namespace fakeapi::cluster::columns
