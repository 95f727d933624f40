// YAML of bodies: what a client may not make of a small text.
#include "fakeapi/cluster/api/yaml.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// sigs.k8s.io/yaml, convertToJSONableObject: keys that are no text, number or truth value are an
// error. As JSON inside JSON inside JSON they would also double with each level.
TEST(Yaml, KeysAreScalars) {
  EXPECT_EQ(parse_yaml("a: 1\n2: b\ntrue: c\n1.5: d\n"),
            (json{{"a", 1}, {"2", "b"}, {"true", "c"}, {"1.5", "d"}}));
  EXPECT_FALSE(parse_yaml("? [a]\n: b\n"));
  EXPECT_FALSE(parse_yaml("? {a: b}\n: c\n"));
  EXPECT_FALSE(parse_yaml("~: a\n"));
  EXPECT_FALSE(parse_yaml(repeated("{? ", 60) + "a" + repeated("}", 60)));
}

// go-yaml reader: bytes that are no UTF-8 end the reading.
TEST(Yaml, IsUtf8) {
  EXPECT_FALSE(parse_yaml("a: \xff\n"));
  EXPECT_FALSE(parse_yaml("? \xff\n: b\n"));
  EXPECT_EQ(parse_yaml("a: \u00e9\n"), (json{{"a", "\u00e9"}}));
}

// "Billion laughs": each line has nine aliases of the one before (go-yaml: "document contains
// excessive aliasing").
TEST(Yaml, AliasesDoNotMultiplyWithoutBound) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias +
            repeated(", " + alias, 8) + "]\n";
  }
  EXPECT_FALSE(parse_yaml(text));
  EXPECT_EQ(parse_yaml("a: &x {b: 1}\nc: *x\n"), (json{{"a", {{"b", 1}}}, {"c", {{"b", 1}}}}));
}

// A key may be longer than what a reader looks ahead for: an annotation's has up to 317 characters.
TEST(Yaml, KeysMayBeLong) {
  const std::string key = repeated("k", 2000);
  for (const json& value :
       {json(1), json({{"a", "b"}}), json::array({1, json({{"a", 2}})}), json()}) {
    const json object = {{key, value}, {"z", {{key, value}}}};
    EXPECT_EQ(parse_yaml(yaml_text(object)), object) << value;
  }
}

// A text that begins as a document does is one only in quotes (go-yaml, emitterc.go).
TEST(Yaml, QuotesWhatWouldBeginOrEndADocument) {
  for (const char* text : {"--- a", "---", "... a", "..."}) {
    EXPECT_EQ(parse_yaml(yaml_text(json(text))), json(text)) << text;
  }
}

TEST(Yaml, BreaksThatAreNoLineFeedsStayInTheirText) {
  EXPECT_EQ(parse_yaml(R"("a\Nb\_c\Ld")"), json("a\u0085b\u00a0c\u2028d"));
  for (const char* text : {"a\u0085b", "a\u2028b", "a\u2029b", "\ufeffa", "a\u009eb", "a\x7f"}) {
    EXPECT_EQ(parse_yaml(yaml_text(json(text))), json(text)) << text;
  }
}

// go-yaml, readerc.go: "control characters are not allowed".
TEST(Yaml, HasNoControlCharacters) {
  using namespace std::string_literals;
  for (const std::string& text : {"a: \x1a"s, "a: b\0"s, "\x7f: b"s, "a: \xc2\x80"s}) {
    EXPECT_FALSE(parse_yaml(text)) << text;
  }
  EXPECT_TRUE(parse_yaml("a: b\tc\r\nd: \xc2\xa0\n"));
}

// The same with one long text instead of many nodes.
TEST(Yaml, ALongTextDoesNotMultiplyWithoutBound) {
  const std::string text =
      "a: &a " + repeated("x", 1'000'000) + "\nb: [*a" + repeated(", *a", 1000) + "]\n";
  EXPECT_FALSE(parse_yaml(text));
}

TEST(Yaml, NestedDeeperThanAStackBearsIsRefused) {
  EXPECT_FALSE(parse_yaml("a: " + repeated("[", 10'000) + repeated("]", 10'000)));
  EXPECT_FALSE(parse_yaml(repeated("[", 200'000)));
  EXPECT_FALSE(parse_yaml(repeated("- ", 200'000) + "a"));
  EXPECT_FALSE(parse_yaml(repeated("{a: ", 200'000)));
}

}  // namespace
}  // namespace fakeapi::cluster
