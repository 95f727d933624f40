// The distance has an independent meaning: each letter put in, left out, replaced or swapped costs
// one.
#include "fakeapi/scenario/language/closest.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::scenario {
namespace {

TEST(EditDistance, CountsEachKindOfEditAsOne) {
  EXPECT_EQ(edit_distance("ready", "ready"), 0U);
  EXPECT_EQ(edit_distance("redy", "ready"), 1U);    // put in
  EXPECT_EQ(edit_distance("readyy", "ready"), 1U);  // left out
  EXPECT_EQ(edit_distance("reaty", "ready"), 1U);   // replaced
  EXPECT_EQ(edit_distance("raedy", "ready"), 1U);   // swapped
  EXPECT_EQ(edit_distance("", "ready"), 5U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);  // the textbook's pair
}

TEST(Closest, SuggestsNothingThatIsFarAway) {
  EXPECT_EQ(closest("redy", {"pending", "ready"}), "ready");
  EXPECT_EQ(closest("banana", {"pending", "ready"}), "");
  EXPECT_EQ(closest("x", {}), "");
}

TEST(Closest, TakesTheFirstOfEqualCandidates) {
  EXPECT_EQ(closest("mysql-7", {"mysql-0", "mysql-1"}), "mysql-0");
}

TEST(UnknownWord, NamesTheNearest) {
  EXPECT_EQ(unknown_word("key", "thne", {"then", "after"}),
            R"(unknown key "thne"; did you mean "then"?)");
  EXPECT_EQ(unknown_word("key", "xyz", {"then", "after"}),
            R"(unknown key "xyz"; known are then, after)");
}

RC_GTEST_PROP(EditDistance, IsSymmetricAndZeroOnlyForEqualWords, (std::string a, std::string b)) {
  RC_ASSERT(edit_distance(a, b) == edit_distance(b, a));
  RC_ASSERT((edit_distance(a, b) == 0) == (a == b));
}

RC_GTEST_PROP(EditDistance, IsOneAfterOneLetterIsLeftOut, (std::string word)) {
  RC_PRE(!word.empty());
  const auto at = *rc::gen::inRange<std::size_t>(0, word.size());
  RC_ASSERT(edit_distance(word, std::string(word).erase(at, 1)) == 1U);
}

}  // namespace
}  // namespace fakeapi::scenario
