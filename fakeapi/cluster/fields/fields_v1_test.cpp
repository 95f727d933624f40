// The text of sets of fields (structured-merge-diff fieldpath/serialize.go and serialize-pe.go).
#include "fakeapi/cluster/fields/fields_v1.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "fakeapi/cluster/fields/test_sets.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;
using testing::random_set;

FieldSet parsed(const json& fields) {
  auto out = parse_fields_v1(fields);
  EXPECT_EQ(out.index(), 0U) << fields;
  return out.index() == 0 ? std::get<FieldSet>(std::move(out)) : FieldSet{};
}

std::string error_of(const json& fields) {
  auto out = parse_fields_v1(fields);
  return out.index() == 1 ? std::get<std::string>(out) : "";
}

RC_GTEST_PROP(FieldsV1Property, ReadsBackWhatItWrites, ()) {
  const FieldSet set = random_set();
  RC_ASSERT(std::get<FieldSet>(parse_fields_v1(fields_v1(set))) == set);
  RC_ASSERT(std::get<FieldSet>(parse_fields_v1(json::parse(fields_v1_text(set)))) == set);
  RC_ASSERT(json::parse(fields_v1_text(set)) == fields_v1(set));
}

// A level is a member besides what is below it when it has ".", and by itself when it is empty.
TEST(FieldsV1, TellsAFieldFromWhatIsBelowIt) {
  const FieldSet set = parsed({{"f:a", {{".", json::object()}, {"f:b", json::object()}}},
                               {"f:c", {{"f:d", json::object()}}}});
  const auto path = [](std::initializer_list<const char*> names) {
    Path out;
    for (const char* name : names) out.push_back(PathElement::field(name));
    return out;
  };
  EXPECT_TRUE(set.has(path({"a"})));
  EXPECT_TRUE(set.has(path({"a", "b"})));
  EXPECT_FALSE(set.has(path({"c"})));
  EXPECT_TRUE(set.has(path({"c", "d"})));
  EXPECT_EQ(set.size(), 3U);
}

// Fields before keys before values before indexes; keys by what they are worth, not by their
// digits.
TEST(FieldsV1, IsWrittenInTheOrderOfElements) {
  const json fields = json::parse(R"({"i:10":{},"i:9":{},"v:\"x\"":{},"v:10":{},"v:9":{},
      "k:{\"port\":8080}":{},"k:{\"port\":443}":{},"k:{\"name\":\"b\",\"port\":1}":{},
      "f:b":{},"f:a":{}})");
  EXPECT_EQ(fields_v1_text(parsed(fields)),
            R"({"f:a":{},"f:b":{},"k:{\"name\":\"b\",\"port\":1}":{},"k:{\"port\":443}":{},)"
            R"("k:{\"port\":8080}":{},"v:9":{},"v:10":{},"v:\"x\"":{},"i:9":{},"i:10":{}})");
}

// Names stand as they are, values as encoding/json writes them.
TEST(FieldsV1, EscapesValuesAndNotNames) {
  FieldSet set;
  set.insert({PathElement::field("a/<b>\"c")});
  set.insert({PathElement::value(std::make_shared<const json>("<x>"))});
  EXPECT_EQ(fields_v1_text(set), R"({"f:a/<b>\"c":{},"v:\"\\u003cx\\u003e\"":{}})");
}

TEST(FieldsV1, ReadsAKeyWhateverItsSpacesAndItsOrder) {
  const FieldSet set = parsed({{R"(k:{ "protocol" : "TCP", "port":80.0 })", json::object()}});
  EXPECT_EQ(fields_v1_text(set), R"({"k:{\"port\":80,\"protocol\":\"TCP\"}":{}})");
}

// Kinds that a later version may know are dropped rather than kept without understanding.
TEST(FieldsV1, DropsElementsOfAnUnknownKind) {
  EXPECT_EQ(parsed({{"z:1", {{"f:a", json::object()}}}, {"f:b", {{"z:1", json::object()}}}}),
            parsed({{"f:b", json::object()}}));
}

TEST(FieldsV1, SaysWhatIsNoElement) {
  EXPECT_EQ(error_of({{"a", json::object()}}), "key must be 2 characters long:");
  EXPECT_EQ(error_of({{"abc", json::object()}}), "missing colon: abc");
  EXPECT_FALSE(error_of({{"v:{", json::object()}}).empty());
  EXPECT_FALSE(error_of({{"k:1", json::object()}}).empty());
  EXPECT_FALSE(error_of({{"i:x", json::object()}}).empty());
  EXPECT_FALSE(error_of({{"f:a", 1}}).empty());
  EXPECT_FALSE(error_of("text").empty());
}

TEST(FieldsV1, EndsAtADepthThatNoTypeHas) {
  json deep = json::object();
  for (int i = 0; i < 5000; ++i) deep = json{{"f:a", std::move(deep)}};
  EXPECT_EQ(error_of(deep), "exceeded max depth");
}

// As messages show paths: fieldpath/element.go, PathElement.String.
TEST(Paths, AreShownAsMessagesShowThem) {
  const auto value = [](json v) { return std::make_shared<const json>(std::move(v)); };
  const Path path = {PathElement::field("spec"), PathElement::field("ports"),
                     PathElement::key({{"protocol", value("TCP")}, {"port", value(80)}}),
                     PathElement::value(value("a\"b")), PathElement::index(3)};
  EXPECT_EQ(display(path), R"(.spec.ports[port=80,protocol="TCP"][="a\"b"][3])");
}

}  // namespace
}  // namespace fakeapi::cluster::fields
