// Label selectors beyond the recorded ones: each operator, and that no text crashes the parser.
#include "fakeapi/cluster/label_selector.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

namespace fakeapi::cluster {
namespace {

bool selects(const char* selector, const nlohmann::json& labels) {
  auto parsed = LabelSelector::parse(selector);
  EXPECT_TRUE(parsed) << selector;
  return parsed && parsed->matches({{"metadata", {{"labels", labels}}}});
}

std::string error_of(const char* selector) {
  auto parsed = LabelSelector::parse(selector);
  return parsed ? std::string() : parsed.failure().message;
}

// Kubernetes documentation, "Labels and Selectors": != and notin also select what has no such
// label.
TEST(LabelSelector, InequalitySelectsWhatHasNoSuchLabel) {
  EXPECT_TRUE(selects("tier!=db", nlohmann::json::object()));
  EXPECT_TRUE(selects("tier notin (db,web)", nlohmann::json::object()));
  EXPECT_FALSE(selects("tier!=db", {{"tier", "db"}}));
}

TEST(LabelSelector, SetsSelectAnyOfTheirValues) {
  EXPECT_TRUE(selects("app in (a, c)", {{"app", "c"}}));
  EXPECT_FALSE(selects("app in (a, c)", {{"app", "b"}}));
}

TEST(LabelSelector, PresenceAndAbsence) {
  EXPECT_TRUE(selects("app", {{"app", ""}}));
  EXPECT_FALSE(selects("!app", {{"app", ""}}));
  EXPECT_TRUE(selects("!app", nlohmann::json::object()));
}

// selector.go: Gt and Lt compare integers and select nothing else.
TEST(LabelSelector, GreaterAndLessCompareIntegers) {
  EXPECT_TRUE(selects("n>9", {{"n", "10"}}));
  EXPECT_FALSE(selects("n>9", {{"n", "ten"}}));
  EXPECT_TRUE(selects("n<9", {{"n", "-10"}}));
}

TEST(LabelSelector, AllRequirementsMustHold) {
  EXPECT_TRUE(selects("a=1,b!=2,c", {{"a", "1"}, {"c", "x"}}));
  EXPECT_FALSE(selects("a=1,b!=2,c", {{"a", "1"}, {"b", "2"}, {"c", "x"}}));
}

// "in" and "notin" are ordinary words where a value stands (selector.go, ParserContext).
TEST(LabelSelector, OperatorsAreWordsWhereAValueStands) {
  EXPECT_TRUE(selects("app=in", {{"app", "in"}}));
  EXPECT_TRUE(selects("app in (in,notin)", {{"app", "notin"}}));
}

TEST(LabelSelector, AnEmptyValueMayBeWritten) {
  EXPECT_TRUE(selects("app=", {{"app", ""}}));
  EXPECT_TRUE(selects("app in (,a)", {{"app", ""}}));
}

// Texts beside the recorded ones, from selector.go.
TEST(LabelSelector, ErrorsNameTheToken) {
  EXPECT_EQ(error_of("a=b,"), "found '', expected: identifier after ','");
  EXPECT_EQ(error_of("a=b c"), "found 'c', expected: ',' or 'end of string'");
  EXPECT_EQ(error_of(",a"), "found ',', expected: !, identifier, or 'end of string'");
  EXPECT_EQ(error_of("a in b"), "unable to parse requirement: found 'b' expected: '('");
}

// Whatever a client sends is an answer, not a crash.
TEST(LabelSelector, AnyTextIsSelectorOrError) {
  EXPECT_TRUE(rc::check("any text parses or is refused with a text", [] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(
        std::vector<std::string>{"a", "in", "notin", "=", "==", "!=", "!", "(", ")", ",", " ", ">",
                                 "<", "b/c", "0", "\t", "é"}));
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    auto parsed = LabelSelector::parse(text);
    if (parsed) {
      parsed->matches({{"metadata", {{"labels", {{"a", "b"}}}}}});
    } else {
      RC_ASSERT(!parsed.failure().message.empty());
    }
  }));
}

}  // namespace
}  // namespace fakeapi::cluster
