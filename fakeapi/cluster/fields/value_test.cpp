// Go's order and Go's texts.
#include "fakeapi/cluster/fields/value.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster::fields {
namespace {

using nlohmann::json;

// structured-merge-diff value/value.go, CompareUsing: floats and integers by what they are worth,
// then strings, booleans, lists, maps, null.
TEST(Values, AreOrderedByKindAndThenByWorth) {
  const std::vector<json> in_order = {-1,
                                      0.5,
                                      1,
                                      443,
                                      8080.5,
                                      "",
                                      "a",
                                      "b",
                                      false,
                                      true,
                                      json::array(),
                                      json::array({1}),
                                      json::array({1, 1}),
                                      json::object(),
                                      {{"a", 1}},
                                      {{"a", 1}, {"b", 1}},
                                      {{"a", 2}},
                                      {{"b", 1}},
                                      nullptr};
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    for (std::size_t j = 0; j < in_order.size(); ++j) {
      const int order = compare_values(in_order[i], in_order[j]);
      EXPECT_EQ((order > 0) - (order < 0), (i > j) - (i < j)) << in_order[i] << " " << in_order[j];
    }
  }
}

TEST(Values, OfAnIntegerAndAFloatAreTheSameNumber) {
  EXPECT_EQ(compare_values(json(443), json(443.0)), 0);
}

// encoding/json: HTML characters and the two line separators are escaped, floats have no
// superfluous digits and an exponent only beyond 1e21 and below 1e-6.
TEST(GoJson, EscapesAndPrintsAsEncodingJsonDoes) {
  EXPECT_EQ(go_json("<a> & \"b\"\n\x01"), R"("\u003ca\u003e \u0026 \"b\"\n\u0001")");
  EXPECT_EQ(go_json("\u2028\u2029é"), R"("\u2028\u2029é")");
  EXPECT_EQ(go_json({{"b", {1.0, 1.5, 1e21, 1e-7}}, {"a", nullptr}}),
            R"({"a":null,"b":[1,1.5,1e+21,1e-7]})");
}

// jsoniter's Stream.WriteObjectField leaves HTML alone.
TEST(GoJson, LeavesHtmlInKeysAlone) { EXPECT_EQ(json_key("<a>\""), R"("<a>\"")"); }

// strconv.Quote and fmt: what a terminal would not show is escaped.
TEST(GoText, QuotesAsStrconvDoes) {
  EXPECT_EQ(go_quoted("a\"b\\c\td\x7f é\u00ad"), "\"a\\\"b\\\\c\\td\\x7f é\\u00ad\"");
}

TEST(GoText, ShowsNestedValuesAsFmtDoes) {
  const json value = {{"b", {"x", 1, 1.5}}, {"a", nullptr}};
  EXPECT_EQ(go_text(value), "map[a:<nil> b:[x 1 1.5]]");
  EXPECT_EQ(go_syntax(value),
            R"(map[string]interface {}{"a":interface {}(nil), "b":[]interface {}{"x", 1, 1.5}})");
}

// %v of a float is %g, which has an exponent from seven digits on.
TEST(GoText, ShowsLargeFloatsWithAnExponent) {
  EXPECT_EQ(go_text(999999.0), "999999");
  EXPECT_EQ(go_text(1000000.0), "1e+06");
  EXPECT_EQ(go_text(1000000), "1000000");
}

}  // namespace
}  // namespace fakeapi::cluster::fields
