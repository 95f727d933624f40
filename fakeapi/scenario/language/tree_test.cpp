// What YAML allows and the language does not, and places.
#include "fakeapi/scenario/language/tree.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fakeapi::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> problems_of(const std::string& text) {
  Report report("x.yaml");
  parse_yaml(text, report);
  std::vector<std::string> texts;
  for (const Problem& problem : report.take()) texts.push_back(to_string(problem));
  return texts;
}

TEST(ParseYaml, KeepsDuplicateKeysInTheFilesOrder) {
  Report report("x.yaml");
  const Node root = parse_yaml("a: 1\na: 2\n", report);
  ASSERT_EQ(root.keys.size(), 2U);
  EXPECT_EQ(root.values[0].text, "1");
  EXPECT_EQ(root.values[1].text, "2");
}

TEST(ParseYaml, KnowsWhereAValueStands) {
  Report report("x.yaml");
  const Node root = parse_yaml("a:\n  - {b: 'c'}\n", report);
  ASSERT_EQ(root.values.size(), 1U);
  const Node& value = root.values[0].values.at(0).values.at(0);
  EXPECT_EQ(value.text, "c");
  EXPECT_TRUE(value.quoted);
  EXPECT_EQ(value.place.line, 2);
  EXPECT_EQ(value.place.column, 9);
}

TEST(ParseYaml, PutsAMissingValueAtItsKey) {
  Report report("x.yaml");
  const Node root = parse_yaml("a: 1\nb:\nc: 2\n", report);
  ASSERT_EQ(root.values.size(), 3U);
  EXPECT_EQ(root.values[1].kind, Node::Kind::nothing);
  EXPECT_EQ(root.values[1].place.line, 2);
  EXPECT_EQ(root.values[1].place.column, 1);
}

TEST(ParseYaml, TellsWhereAnErrorOfSyntaxIs) {
  EXPECT_THAT(problems_of("version: 1\na: b: c\n"),
              ElementsAre(HasSubstr("x.yaml:2:5: not YAML: ")));
}

TEST(ParseYaml, RefusesAliases) {
  EXPECT_THAT(problems_of("a: &x 1\nb: *x\n"), ElementsAre(HasSubstr("x.yaml:2:4: a YAML alias")));
}

TEST(ParseYaml, RefusesTags) {
  EXPECT_THAT(problems_of("a: !!str 1\n"), ElementsAre(HasSubstr("x.yaml:1:4: a YAML tag")));
}

TEST(ParseYaml, RefusesASecondDocument) {
  EXPECT_THAT(problems_of("a: 1\n---\nb: 2\n"), ElementsAre(HasSubstr(": a second YAML document")));
}

// yaml-cpp takes U+0004 for the end of the text: everything after it would be ignored in silence.
TEST(ParseYaml, RefusesControlCharacters) {
  EXPECT_THAT(problems_of("a: 1\nb: \x04 2\n"), ElementsAre("x.yaml:2:4: a control character"));
}

// RFC 3629: overlong forms, surrogates and what lies beyond U+10FFFF are not UTF-8.
TEST(ParseYaml, RefusesBytesThatAreNotUtf8) {
  for (const char* bytes : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                            "\xF0\x80\x80\x80", "\xFF", "\x80", "\xC3"}) {
    EXPECT_THAT(problems_of(std::string("\xC3\xA9: ") + bytes),
                ElementsAre("x.yaml:1:4: a byte that is not UTF-8"));
  }
}

TEST(ParseYaml, AcceptsUtf8OfEveryLength) {
  EXPECT_THAT(problems_of("a: \xC3\xA9 \xE2\x82\xAC \xED\x9F\xBF \xF0\x9F\x98\x80\n"), IsEmpty());
}

TEST(ParseYaml, RefusesAFileThatIsTooLarge) {
  EXPECT_THAT(problems_of(std::string((1U << 20) + 1, '#')),
              ElementsAre(HasSubstr("1048576 bytes")));
}

TEST(ParseYaml, SurvivesDeepNesting) {
  EXPECT_THAT(problems_of(std::string(100'000, '[')), ElementsAre(HasSubstr("not YAML: ")));
}

}  // namespace
}  // namespace fakeapi::scenario
