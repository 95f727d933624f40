#include "fakeapi/run/trial/junit.hpp"

#include <gtest/gtest.h>

namespace fakeapi::run {
namespace {

Verdict verdict_with(const std::string& expectation, const std::string& reason) {
  Verdict verdict;
  verdict.scenario = "flapping";
  verdict.seed = 3;
  verdict.findings = {{"exit 0", true, "it did"}, {expectation, false, reason}};
  verdict.seconds = 1.5;
  return verdict;
}

TEST(Junit, IsASuiteForEachRunAndACaseForEachExpectation) {
  EXPECT_EQ(to_junit({verdict_with("no pods", "there were 2")}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites>\n"
            "  <testsuite name=\"flapping (seed 3)\" tests=\"2\" failures=\"1\" errors=\"0\" "
            "time=\"1.500\">\n"
            "    <testcase classname=\"flapping (seed 3)\" name=\"exit 0\"/>\n"
            "    <testcase classname=\"flapping (seed 3)\" name=\"no pods\">\n"
            "      <failure message=\"there were 2\"/>\n"
            "    </testcase>\n"
            "  </testsuite>\n"
            "</testsuites>\n");
}

// XML 1.0, 2.4: in an attribute neither < nor & may stand, and the quote ends it.
TEST(Junit, EscapesWhatMeansSomethingInXml) {
  const std::string text = to_junit({verdict_with("says \"<a> & 'b'\"", "x")});
  EXPECT_NE(text.find("name=\"says &quot;&lt;a&gt; &amp; 'b'&quot;\""), std::string::npos) << text;
}

// XML 1.0, 2.2 and 3.3.3: a line end would become a space, other control characters are no XML.
TEST(Junit, KeepsLineEndsAndDropsWhatCannotBeInADocument) {
  const std::string text = to_junit({verdict_with("e", std::string("one\ntwo\x1b[0m\0three", 17))});
  EXPECT_NE(text.find("message=\"one&#10;two [0m three\""), std::string::npos) << text;
}

// XML 1.0, 4.3.3: bytes that are no UTF-8 are a fatal error to every reader.
TEST(Junit, IsUtf8WhateverAScenarioSays) {
  const std::string text = to_junit({verdict_with("says \"\xff\xc3\"", "gr\xc3\xbc\xc3\x9f")});
  EXPECT_EQ(text.find('\xff'), std::string::npos);
  EXPECT_NE(text.find("gr\xc3\xbc\xc3\x9f"), std::string::npos);
}

TEST(Junit, ARunThatExpectsNothingIsStillACase) {
  Verdict verdict;
  verdict.scenario = "quiet";
  EXPECT_NE(to_junit({verdict}).find("tests=\"1\" failures=\"0\""), std::string::npos);
}

}  // namespace
}  // namespace fakeapi::run
