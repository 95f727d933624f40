// Texts of a log become texts that can be drawn: harmless, and as wide as they say.
#include "fakeapi/lanes/letters.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/lanes/test_logs.hpp"

namespace fakeapi::lanes {
namespace {

// ESC starts a terminal's commands: a log must not be able to clear the screen of whoever looks at
// its picture.
TEST(Printable, ShowsControlCharactersInsteadOfObeyingThem) {
  EXPECT_EQ(printable("a\x1b[2Jb\n\x7f"), "a\\x1b[2Jb\\n\\x7f");
}

// "Trojan source" (CVE-2021-42574): bidirectional overrides make a text look like another.
TEST(Printable, ShowsBidirectionalOverrides) { EXPECT_EQ(printable("\u202eabc"), "\\u202eabc"); }

// RFC 3629, 3: overlong forms, surrogates and cut off sequences are no UTF-8.
TEST(Printable, ReplacesWhatIsNoUtf8) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(printable("\xC0\xAF"), bad + bad);
  EXPECT_EQ(printable("\xED\xA0\x80"), bad + bad + bad);
  EXPECT_EQ(printable("a\xE2\x82"), "a" + bad + bad);
}

TEST(Printable, KeepsOtherScripts) { EXPECT_EQ(printable("Größe 中文 ✓"), "Größe 中文 ✓"); }

RC_GTEST_PROP(Printable, IsIdempotent, ()) {
  const std::string once = printable(*rc::gen::arbitrary<std::string>());
  RC_ASSERT(printable(once) == once);
}

// Unicode Standard Annex 11: East Asian wide characters take two columns, combining marks none.
TEST(WidthOf, CountsColumnsOfATerminal) {
  EXPECT_EQ(width_of("abc", terminal_columns), 3);
  EXPECT_EQ(width_of("中文", terminal_columns), 4);
  EXPECT_EQ(width_of("e\u0301", terminal_columns), 1);
}

TEST(Cut, MarksThatSomethingIsMissing) {
  EXPECT_EQ(cut("abcdef", 4, terminal_columns), "abc…");
  EXPECT_EQ(cut("abcd", 4, terminal_columns), "abcd");
  EXPECT_EQ(cut("abcd", 0, terminal_columns), "");
}

// StatefulSet Pods and Services of one release differ in their last letters.
TEST(CutInTheMiddle, KeepsBothEnds) {
  EXPECT_EQ(cut_in_the_middle("abcdefgh", 5, terminal_columns), "ab…gh");
}

TEST(Wrapped, BreaksAtSpaces) {
  EXPECT_EQ(wrapped("one two three", 8, 9, terminal_columns),
            (std::vector<std::string>{"one two", "three"}));
}

TEST(Wrapped, BreaksAWordThatFitsNoLine) {
  EXPECT_EQ(wrapped("abcdefgh", 3, 9, terminal_columns),
            (std::vector<std::string>{"abc", "def", "gh"}));
}

TEST(Wrapped, CutsTheLastLineThatIsAllowed) {
  EXPECT_EQ(wrapped("one two three", 5, 2, terminal_columns),
            (std::vector<std::string>{"one", "two …"}));
}

// Whatever the text, it stays inside: two columns are the widest character there is.
RC_GTEST_PROP(Wrapped, KeepsEveryLineInsideTheWidth, ()) {
  const std::string text = printable(*any_text());
  const int width = *rc::gen::inRange(2, 30);
  const int lines_max = *rc::gen::inRange(1, 5);
  const auto lines = wrapped(text, width, lines_max, terminal_columns);
  RC_ASSERT(static_cast<int>(lines.size()) <= lines_max);
  for (const std::string& line : lines) {
    RC_ASSERT(width_of(line, terminal_columns) <= width);
    RC_ASSERT(!line.empty());
  }
}

}  // namespace
}  // namespace fakeapi::lanes
