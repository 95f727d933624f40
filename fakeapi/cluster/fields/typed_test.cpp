// Fields of values, differences, merges and removals, by the rules of structured-merge-diff typed/.
#include "fakeapi/cluster/fields/typed.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/fields/fields_v1.hpp"
#include "fakeapi/cluster/fields/test_types.hpp"

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;
using testing::Types;
using testing::workload;

class Typed : public ::testing::Test {
 protected:
  // Sets are compared as their text, which is what a failure should show.
  std::string fields_of(const json& spec) {
    return spec_of(fields_v1(to_field_set(shape_, workload(spec))));
  }
  Comparison compared(const json& before, const json& after) {
    return compare(shape_, workload(before), workload(after));
  }
  json merged(const json& live, const json& config) {
    return merge(shape_, workload(live), workload(config))["spec"];
  }
  std::string why_not(const json& spec, Duplicates duplicates = Duplicates::refused) {
    return mismatch(shape_, workload(spec), duplicates);
  }
  static FieldSet set_of(const json& spec) {
    return std::get<FieldSet>(parse_fields_v1({{"f:spec", spec}}));
  }
  static std::string spec_of(const json& fields) {
    return fields.contains("f:spec") ? fields["f:spec"].dump() : "";
  }
  static std::string spec_of(const FieldSet& set) { return spec_of(fields_v1(set)); }

  testing::Workload types_;
  Shape shape_{types_.type};
};

TEST_F(Typed, FieldsAreLeavesItemsAndKeysOfMaps) {
  EXPECT_EQ(fields_of({{"replicas", 1},
                       {"config", {{"a", "b"}}},
                       {"zones", {"x"}},
                       {"containers", {{{"name", "web"}, {"image", "i"}}}}}),
            R"({"f:config":{"f:a":{}},"f:containers":{"k:{\"name\":\"web\"}":)"
            R"({".":{},"f:image":{},"f:name":{}}},"f:replicas":{},"f:zones":{"v:\"x\"":{}}})");
}

// doList and doMap of an atomic type: it is owned as a whole.
TEST_F(Typed, AtomicListsAndMapsAreOneField) {
  EXPECT_EQ(fields_of({{"selector", {{"app", "web"}}},
                       {"containers", {{{"name", "web"}, {"args", {"a", "b"}}}}}}),
            R"({"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:args":{},"f:name":{}}},)"
            R"("f:selector":{}})");
}

// visitMapItems: null and empty maps are owned themselves, as nothing is below them.
TEST_F(Typed, NullAndEmptyMapsAreFields) {
  EXPECT_EQ(fields_of({{"config", json::object()}, {"replicas", nullptr}, {"zones", nullptr}}),
            R"({"f:config":{},"f:replicas":{},"f:zones":{}})");
}

TEST_F(Typed, AnEmptyListOfItemsHasNoField) {
  EXPECT_EQ(fields_of({{"zones", json::array()}}), "");
}

// getAssociativeKeyDefault: a key that is missing counts with its default.
TEST_F(Typed, AKeyThatIsMissingCountsWithItsDefault) {
  EXPECT_EQ(fields_of({{"containers", {{{"name", "web"}, {"ports", {{{"port", 80}}}}}}}}),
            R"({"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:name":{},"f:ports":)"
            R"({"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:port":{}}}}}})");
}

// Without a type, maps are merged by key and lists are atomic (typed.DeducedParseableType); a key
// that no type declares is a field besides what is below it.
TEST_F(Typed, WhatHasNoTypeIsMergedByKeyAndItsListsAreAtomic) {
  EXPECT_EQ(fields_of({{"extra", {{"a", {1, 2}}, {"b", {{"c", 1}}}}}}),
            R"({"f:extra":{"f:a":{},"f:b":{".":{},"f:c":{}}}})");
  EXPECT_EQ(fields_v1(to_field_set(Shape(), {{"a", {{"b", {1}}}}})).dump(),
            R"({"f:a":{".":{},"f:b":{}}})");
}

// visitListItems: items that share their keys are owned together.
TEST_F(Typed, ItemsWithTheSameKeyAreOneField) {
  EXPECT_EQ(fields_of({{"containers", {{{"name", "a"}, {"image", "x"}}, {{"name", "a"}}}}}),
            R"({"f:containers":{"k:{\"name\":\"a\"}":{}}})");
}

TEST_F(Typed, ADifferenceIsAddedModifiedOrRemoved) {
  const Comparison found =
      compared({{"replicas", 1}, {"paused", true}, {"config", {{"a", "1"}, {"b", "1"}}}},
               {{"replicas", 2}, {"zones", {"x"}}, {"config", {{"a", "1"}, {"c", "1"}}}});
  EXPECT_EQ(spec_of(found.modified), R"({"f:replicas":{}})");
  EXPECT_EQ(spec_of(found.added), R"({"f:config":{"f:c":{}},"f:zones":{".":{},"v:\"x\"":{}}})");
  EXPECT_EQ(spec_of(found.removed), R"({"f:config":{"f:b":{}},"f:paused":{}})");
}

// value.EqualsUsing: 1 and 1.0 are one number; nothing else equals a value of another kind.
TEST_F(Typed, NumbersAreEqualByWorth) {
  EXPECT_TRUE(compared({{"replicas", 1}}, {{"replicas", 1.0}}).modified.empty());
  EXPECT_EQ(spec_of(compared({{"zones", nullptr}}, {{"zones", json::array()}}).modified),
            R"({"f:zones":{}})");
}

TEST_F(Typed, TheOrderOfItemsIsNoDifference) {
  const Comparison found =
      compared({{"zones", {"x", "y"}}, {"containers", {{{"name", "a"}}, {{"name", "b"}}}}},
               {{"zones", {"y", "x"}}, {"containers", {{{"name", "b"}}, {{"name", "a"}}}}});
  EXPECT_TRUE(found.added.empty() && found.modified.empty() && found.removed.empty());
}

// A value of any type that changes its form is modified, and what is below it comes or goes.
TEST_F(Typed, AChangeOfFormIsAModification) {
  const Comparison found = compared({{"extra", 1}}, {{"extra", {{"a", 1}}}});
  EXPECT_EQ(spec_of(found.modified), R"({"f:extra":{}})");
  EXPECT_EQ(spec_of(found.added), R"({"f:extra":{"f:a":{}}})");
}

TEST_F(Typed, AMergeReplacesLeavesAndJoinsMapsSetsAndLists) {
  EXPECT_EQ(merged({{"replicas", 1},
                    {"config", {{"a", "1"}, {"b", "1"}}},
                    {"selector", {{"app", "web"}}},
                    {"zones", {"x", "y"}},
                    {"containers", {{{"name", "web"}, {"image", "1"}}, {{"name", "log"}}}}},
                   {{"replicas", 2},
                    {"config", {{"b", "2"}}},
                    {"selector", {{"tier", "db"}}},
                    {"zones", {"z"}},
                    {"containers", {{{"name", "web"}, {"image", "2"}}}}}),
            json({{"replicas", 2},
                  {"config", {{"a", "1"}, {"b", "2"}}},
                  {"selector", {{"tier", "db"}}},
                  {"zones", {"x", "y", "z"}},
                  {"containers", {{{"name", "web"}, {"image", "2"}}, {{"name", "log"}}}}}));
}

// visitListItems: the order of the configuration, with what only the live object has kept between
// its neighbours.
TEST_F(Typed, AMergeKeepsTheOrderOfTheConfiguration) {
  const auto zones = [&](const json& live, const json& config) {
    return merged({{"zones", live}}, {{"zones", config}})["zones"];
  };
  EXPECT_EQ(zones({"a", "b", "c"}, {"c", "a"}), json({"b", "c", "a"}));
  EXPECT_EQ(zones({"a", "x", "b"}, {"a", "b", "c"}), json({"a", "x", "b", "c"}));
  EXPECT_EQ(zones({"x", "a"}, {"a", "b"}), json({"x", "a", "b"}));
}

TEST_F(Typed, AMergeJoinsAnItemWhoseKeyIsDefaulted) {
  const json live = {{"containers",
                      {{{"name", "a"},
                        {"ports",
                         {{{"port", 80}, {"protocol", "TCP"}, {"name", "x"}},
                          {{"port", 80}, {"protocol", "UDP"}}}}}}}};
  const json config = {
      {"containers", {{{"name", "a"}, {"ports", {{{"port", 80}, {"name", "y"}}}}}}}};
  EXPECT_EQ(merged(live, config)["containers"][0]["ports"],
            json({{{"port", 80}, {"protocol", "TCP"}, {"name", "y"}},
                  {{"port", 80}, {"protocol", "UDP"}}}));
}

TEST_F(Typed, RemovalTakesFieldsAndItemsOut) {
  const json object =
      workload({{"replicas", 1},
                {"zones", {"x", "y"}},
                {"containers", {{{"name", "a"}, {"image", "i"}}, {{"name", "b"}}}}});
  const json out = remove_items(shape_, object,
                                set_of({{"f:replicas", json::object()},
                                        {"f:zones", {{"v:\"x\"", json::object()}}},
                                        {"f:containers",
                                         {{R"(k:{"name":"a"})", {{"f:image", json::object()}}},
                                          {R"(k:{"name":"b"})", json::object()}}}}));
  EXPECT_EQ(out["spec"], json({{"zones", {"y"}}, {"containers", {{{"name", "a"}}}}}));
}

// What loses everything is null, as the original's nil; decoding drops it.
TEST_F(Typed, AListThatLosesEverythingIsNull) {
  const json out = remove_items(shape_, workload({{"zones", {"x"}}, {"replicas", 1}}),
                                set_of({{"f:zones", {{"v:\"x\"", json::object()}}}}));
  EXPECT_EQ(out["spec"], json({{"zones", nullptr}, {"replicas", 1}}));
}

TEST_F(Typed, ExtractionLeavesFieldsAndItemsOnly) {
  const json object = workload({{"replicas", 1}, {"zones", {"x", "y"}}, {"config", {{"a", "b"}}}});
  const json out = extract_items(
      shape_, object,
      set_of({{"f:replicas", json::object()}, {"f:zones", {{"v:\"y\"", json::object()}}}}));
  EXPECT_EQ(out, json({{"spec", {{"replicas", 1}, {"zones", {"y"}}}}}));
}

// EnsureNamedFieldsAreMembers: declared fields above members, but neither keys of maps nor items.
TEST_F(Typed, NamedFieldsAboveMembersCanBeMadeMembers) {
  const FieldSet set = set_of(
      {{"f:config", {{"f:a", json::object()}}},
       {"f:extra", {{"f:b", {{"f:c", json::object()}}}}},
       {"f:containers",
        {{R"(k:{"name":"a"})", {{"f:resources", {{"f:limits", {{"f:cpu", json::object()}}}}}}}}}});
  EXPECT_EQ(fields_v1(with_named_fields(shape_, set))["f:spec"].dump(),
            R"({".":{},"f:config":{".":{},"f:a":{}},"f:containers":{".":{},)"
            R"("k:{\"name\":\"a\"}":{"f:resources":{".":{},"f:limits":{".":{},"f:cpu":{}}}}},)"
            R"("f:extra":{".":{},"f:b":{"f:c":{}}}})");
}

// ReconcileFieldSetWithSchema: what is claimed below an atomic map or list is the map or the list.
TEST_F(Typed, ClaimsBelowWhatIsAtomicBecomeTheWhole) {
  const FieldSet set = set_of(
      {{"f:selector", {{"f:app", json::object()}}}, {"f:config", {{"f:a", json::object()}}}});
  const auto out = reconciled(shape_, set);
  ASSERT_TRUE(out);
  EXPECT_EQ(spec_of(*out), R"({"f:config":{"f:a":{}},"f:selector":{}})");
  EXPECT_FALSE(reconciled(shape_, *out));
}

TEST_F(Typed, AFieldCanOverruleWhetherItsTypeIsAtomic) {
  Types types;
  schema::Type* reference = types.structure({{"name", types.string()}});
  reference->atomic = true;
  schema::Type* labels = types.map_of(types.string());
  schema::Type* type = types.structure({{"claim", reference}, {"ref", reference}, {"m", labels}});
  Types::field_of(type, "claim").granular = true;
  Types::field_of(type, "m").atomic = true;
  EXPECT_EQ(fields_v1(to_field_set(Shape(type), {{"claim", {{"name", "a"}}},
                                                 {"ref", {{"name", "a"}}},
                                                 {"m", {{"a", "b"}}}}))
                .dump(),
            R"({"f:claim":{"f:name":{}},"f:m":{},"f:ref":{}})");
}

TEST_F(Typed, AFittingValueHasNoMismatch) {
  EXPECT_EQ(why_not({{"replicas", 1}, {"zones", {"a"}}, {"extra", {{"x", {1, "a", nullptr}}}}}),
            "");
  EXPECT_EQ(why_not({{"replicas", nullptr}, {"zones", nullptr}, {"config", nullptr}}), "");
}

// The texts are typed/validate.go's and typed/helpers.go's.
TEST_F(Typed, AMismatchIsSaidInTheWordsOfTheOriginal) {
  EXPECT_EQ(why_not({{"replicas", "two"}}),
            ".spec.replicas: expected numeric (int or float), got string");
  EXPECT_EQ(why_not({{"config", {{"a", true}}}}),
            ".spec.config.a: expected string, got &value.valueUnstructured{Value:true}");
  EXPECT_EQ(why_not({{"paused", "yes"}}), ".spec.paused: expected boolean, got &{yes}");
  EXPECT_EQ(why_not({{"config", {"a"}}}), ".spec.config: expected map, got &{[a]}");
  EXPECT_EQ(why_not({{"zones", {{"a", "b"}}}}), ".spec.zones: expected list, got &{map[a:b]}");
  EXPECT_EQ(why_not({{"bogus", 1}}), ".spec.bogus: field not declared in schema");
  EXPECT_EQ(why_not({{"zones", {{"a"}}}}),
            ".spec.zones: element 0: not supported: associative list with lists as elements");
  EXPECT_EQ(why_not({{"containers", {{{"image", "i"}}}}}),
            ".spec.containers: element 0: associative list with keys has an element that omits all "
            "key fields [\"name\"] (and doesn't have default values for any key fields)");
  EXPECT_EQ(why_not({{"containers", {{{"name", "a"}, {"image", 1}}}}}),
            ".spec.containers[name=\"a\"].image: expected string, got "
            "&value.valueUnstructured{Value:1}");
}

TEST_F(Typed, SeveralMismatchesAreListed) {
  EXPECT_EQ(why_not({{"paused", 1}, {"replicas", true}}),
            "errors:\n  .spec.paused: expected boolean, got &{1}\n"
            "  .spec.replicas: expected numeric (int or float), got bool");
}

TEST_F(Typed, DuplicatesAreRefusedWhereTheyAreNotAllowed) {
  const json spec = {
      {"containers", {{{"name", "a"}, {"ports", {{{"port", 80}}, {{"port", 80}}}}}}}};
  EXPECT_EQ(why_not(spec),
            ".spec.containers[name=\"a\"].ports: duplicate entries for key "
            "[port=80,protocol=\"TCP\"]");
  EXPECT_EQ(why_not(spec, Duplicates::allowed), "");
}

// Creater.New: what Go always writes is there. Nothing is always written of a custom resource.
TEST_F(Typed, AnObjectInWhichNothingIsSetHasWhatGoAlwaysWrites) {
  Types types;
  schema::Type* spec = types.structure({{"items", types.list_of(types.string())},
                                        {"kind", types.string()},
                                        {"at", types.scalar(Types::Kind::time)},
                                        {"label", types.string()}});
  Types::field_of(spec, "items").when_empty = schema::Field::Empty::null;
  Types::field_of(spec, "kind").when_empty = schema::Field::Empty::zero;
  Types::field_of(spec, "at").when_empty = schema::Field::Empty::null;
  schema::Type* type = types.structure({{"spec", spec}});
  EXPECT_EQ(zero_object(type, "v1", "K"),
            json({{"apiVersion", "v1"},
                  {"kind", "K"},
                  {"spec", {{"items", nullptr}, {"kind", ""}, {"at", nullptr}}}}));
  type->custom = true;
  EXPECT_EQ(zero_object(type, "v1", "K"), json({{"apiVersion", "v1"}, {"kind", "K"}}));
}

// The OpenAPI documents give "" and 0 as defaults of fields that Go always writes.
TEST_F(Typed, AKeyWhoseDefaultIsZeroIsNeverMissing) {
  Types types;
  schema::Type* item = types.structure({{"name", types.string()}, {"port", types.integer()}});
  Types::field_of(item, "name").zero_default = true;
  Types::field_of(item, "port").zero_default = true;
  const Shape shape(types.list_by({"name", "port"}, item));
  EXPECT_EQ(element_of_item(shape, json::object()).element->text(), R"(k:{"name":"","port":0})");
}

}  // namespace
}  // namespace fakeapi::cluster::fields
