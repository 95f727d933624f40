// JSON as Go's decoders read it, and what strict decoding says about it.
#include "fakeapi/cluster/api/strict_json.hpp"

#include <gtest/gtest.h>

namespace fakeapi::cluster {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// encoding/json: "invalid UTF-8 or invalid UTF-16 surrogate pairs are not treated as an error.
// Instead, they are replaced by the Unicode replacement character U+FFFD."
TEST(StrictJson, ReadsWhatIsNoCharacterAsTheReplacementCharacter) {
  const auto read = [](std::string_view text) { return parse_strict(text).value; };
  EXPECT_EQ(read("{\"a\xff\":\"\xc3(\"}"), (json{{"a\ufffd", "\ufffd("}}));
  EXPECT_EQ(read(R"(["\ud800","\udc00x","\ud800\ud83d\ude00","\uD83D\uDE00"])"),
            (json{"\ufffd", "\ufffdx", "\ufffd\U0001f600", "\U0001f600"}));
  // The first backslash takes the second one with it.
  EXPECT_EQ(read(R"(["\\ud800"])"), json::array({"\\ud800"}));
  EXPECT_FALSE(parse_strict("{\"a\":1}\xff").error == std::nullopt);
  EXPECT_FALSE(parse_strict(R"(["\ud8"])").error == std::nullopt);
}

// encoding/json, maxNestingDepth.
TEST(StrictJson, IsRefusedBelowTheDepthOfGo) {
  EXPECT_FALSE(parse_strict(nested(10'000)).error);
  EXPECT_EQ(parse_strict(nested(10'001)).error, "exceeded max depth");
  EXPECT_EQ(parse_strict(nested(1'000'000)).error, "exceeded max depth");
}

// sigs.k8s.io/json, saveStrictError: each once, and no more than a hundred.
TEST(StrictJson, NamesEachDuplicateOnceAndNotTooMany) {
  EXPECT_EQ(parse_strict(R"({"a":{"b":1,"b":2,"b":3},"c":[{"d":1,"d":1}]})").duplicates,
            (Texts{"duplicate field \"a.b\"", "duplicate field \"c[0].d\""}));
  std::string many = "{";
  for (int i = 0; i < 1000; ++i) many += "\"" + std::to_string(i % 500) + "\":1,";
  EXPECT_EQ(parse_strict(many + "\"x\":1}").duplicates.size(), strict_errors_max);
}

// The path of a field costs no more for lying deep: this text would otherwise be hundreds of
// megabytes of paths.
TEST(StrictJson, DuplicatesThatLieDeepAreFoundInGoodTime) {
  std::string text;
  for (int i = 0; i < 9'000; ++i) text += "{\"aaaa\":";
  text += "{";
  for (int i = 0; i < 100'000; ++i) text += "\"b\":1,";
  text += "\"c\":1}" + std::string(9'000, '}');
  const StrictJson parsed = parse_strict(text);
  EXPECT_FALSE(parsed.error);
  EXPECT_EQ(parsed.duplicates.size(), 1U);
  EXPECT_EQ(in_order_of_appearance(text, {"x", "aaaa"}), (Texts{"aaaa", "x"}));
}

TEST(StrictJson, PathsComeInTheOrderOfTheText) {
  const std::string text = R"({"z":1,"a":[0,{"y":1,"b":2}],"m":{"k":{"j":1}}})";
  EXPECT_EQ(in_order_of_appearance(text, {"a[1].b", "a[1].y", "m.k.j", "none", "z"}),
            (Texts{"z", "a[1].y", "a[1].b", "m.k.j", "none"}));
}

}  // namespace
}  // namespace fakeapi::cluster
