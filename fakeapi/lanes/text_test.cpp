// The terminal picture says by characters alone what it has to say, stays inside its width, and is
// the one that the documentation shows.
#include "fakeapi/lanes/text.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/lanes/letters.hpp"
#include "fakeapi/lanes/test_logs.hpp"

namespace fakeapi::lanes {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::stringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t index_of(const std::vector<std::string>& lines, const std::string& part) {
  for (std::size_t index = 0; index < lines.size(); ++index) {
    if (lines[index].find(part) != std::string::npos) return index;
  }
  ADD_FAILURE() << "no line with " << part;
  return 0;
}

std::string without_colours(const std::string& text) {
  std::string plain;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] == '\x1b') {
      index = text.find('m', index);
    } else {
      plain += text[index];
    }
  }
  return plain;
}

int column_of(const std::string& line, const std::string& part) {
  const std::size_t byte = line.find(part);
  if (byte == std::string::npos) return -1;
  return static_cast<int>(width_of(line.substr(0, byte), terminal_columns));
}

std::string full_cluster_restart(int width = 100) {
  return to_text(make_picture(sample("full-cluster-restart.jsonl")), {false, width});
}

// The number of Pods stands in the bars, so that the picture is complete without colours.
TEST(ToText, PrintsCountsInsideTheBars) {
  const auto lines = lines_of(full_cluster_restart());
  const std::string& truth = lines[index_of(lines, "WHAT REALLY LISTENS") + 1];
  EXPECT_THAT(truth, HasSubstr("0/3: nothing listens"));
  EXPECT_LT(column_of(truth, " 0/3"), column_of(truth, " 1/3"));
  EXPECT_LT(column_of(truth, " 1/3"), column_of(truth, " 2/3"));
}

TEST(ToText, CallsTheStaleIntervalOutInTheApisLane) {
  const auto lines = lines_of(full_cluster_restart());
  const std::size_t stale = index_of(lines, "STALE: 3/3");
  EXPECT_GT(stale, index_of(lines, "WHAT THE API SHOWS"));
  EXPECT_LT(stale, index_of(lines, "WHO STARTS WHEN"));
}

// The eye goes straight up from the start to the truth: the sign stands where nothing listens.
TEST(ToText, PutsTheSignOfAWrongStartBelowTheTimeInWhichNothingListens) {
  const auto lines = lines_of(full_cluster_restart());
  const std::string& danger = lines[index_of(lines, "start = WRONG")];
  const int sign = column_of(lines[index_of(lines, "at 6.1 s")], "▲");
  EXPECT_GE(sign, column_of(danger, "!"));
  EXPECT_LT(sign, static_cast<int>(width_of(danger, terminal_columns)));
}

TEST(ToText, PutsTheSignOfARightStartBehindThatTime) {
  const auto lines = lines_of(full_cluster_restart());
  const std::string& danger = lines[index_of(lines, "start = WRONG")];
  EXPECT_GE(column_of(lines[index_of(lines, "at 12.8 s")], "▲"),
            static_cast<int>(width_of(danger, terminal_columns)));
}

TEST(ToText, SaysTheVerdictInWords) {
  const std::string text = full_cluster_restart(140);
  EXPECT_THAT(text, HasSubstr("starts its workload at 6.1 s  WRONG: nothing listened"));
  EXPECT_THAT(text, HasSubstr("starts its workload at 12.8 s  RIGHT: mysql 1/3 listened"));
}

TEST(ToText, NamesTheMechanismTheStepsAndTheNotes) {
  const std::string text = full_cluster_restart();
  EXPECT_THAT(text, HasSubstr("Mechanism: 1 of 2, stale addresses"));
  EXPECT_THAT(text, HasSubstr(" 2   4.0 s  The API server is back"));
  EXPECT_THAT(text, HasSubstr("Note: Only --verify=tcp asks"));
}

TEST(ToText, ShowsRequestsByTheirOutcomeAndStreamsAsBars) {
  const auto lines = lines_of(to_text(make_picture(sample("restart-with-clients.jsonl")), {}));
  const std::size_t client = index_of(lines, "WHAT CLIENTS ASKED") + 1;
  EXPECT_THAT(lines[client], testing::ContainsRegex("wait-for-endpoints/0.1.0 +│ +x +[?] +│$"));
  EXPECT_THAT(lines[client + 1], testing::ContainsRegex("╞.*x +╞.*╡$"));
}

TEST(ToText, SaysWhichExpectationFailedBeforeThePictureAndListsAllBelow) {
  const auto lines = lines_of(to_text(make_picture(sample("restart-with-clients.jsonl")), {}));
  EXPECT_THAT(lines[1],
              testing::StartsWith("3 of 5 expectations met, 1 skipped. Failed: no start"));
  const std::size_t list = index_of(lines, "WHAT WAS EXPECTED");
  EXPECT_THAT(lines[list + 1], testing::StartsWith("  FAILED   no start while nothing listens"));
  EXPECT_THAT(lines[list + 5], testing::StartsWith("  SKIPPED  the token is renewed"));
}

// One sign for many would be a lie without the number.
TEST(ToText, CountsRequestsThatFallTogether) {
  std::vector<Event> log{{600, "", "end", ""}};
  for (int index = 0; index < 37; ++index) {
    log.push_back({300 + index * 0.01, "client/curl", "answered 200", "get pods /api/v1/pods"});
  }
  const auto lines = lines_of(to_text(make_picture(log), {}));
  EXPECT_THAT(lines[index_of(lines, "WHAT CLIENTS ASKED") + 1], HasSubstr("×37"));
}

// Colours add nothing that the plain text does not say, and move nothing.
TEST(ToText, IsTheSameTextWithAndWithoutColours) {
  const Picture picture = make_picture(sample("full-cluster-restart.jsonl"));
  const std::string coloured = to_text(picture, {true, 100});
  EXPECT_THAT(coloured, HasSubstr("\x1b["));
  EXPECT_EQ(without_colours(coloured), to_text(picture, {false, 100}));
}

// A Service's name has at most 63 characters (RFC 1035 label): it is shortened in its lane and
// spelt out below.
TEST(ToText, ShortensALongNameAndSpellsItOutBelow) {
  const std::string name = std::string(30, 'a') + "-" + std::string(32, 'b');
  const std::string text = to_text(make_picture({{1, "truth/" + name, "ready 1/1", ""}}), {});
  EXPECT_THAT(text, HasSubstr("aaa…bbb"));
  EXPECT_THAT(text, HasSubstr(name));
}

// Half a second of staleness in an hour is still the reason, and must not be rounded away.
TEST(ToText, ShowsTheShortestStaleInterval) {
  const std::string text = to_text(make_picture({{0, "truth/mysql", "ready 1/1", ""},
                                                 {0, "api/mysql", "ready 1/1", ""},
                                                 {10, "truth/mysql", "ready 0/1", ""},
                                                 {10.5, "api/mysql", "ready 0/1", ""},
                                                 {3600, "", "end", ""}}),
                                   {});
  const auto lines = lines_of(text);
  EXPECT_THAT(lines[index_of(lines, "WHAT THE API SHOWS") + 1], HasSubstr("░"));
}

TEST(ToText, TakesWidthsOutsideItsLimitsAsTheLimits) {
  const Picture picture = make_picture(sample("dependency-lost.jsonl"));
  EXPECT_EQ(to_text(picture, {false, 1}), to_text(picture, {false, 60}));
  EXPECT_EQ(to_text(picture, {false, 9999}), to_text(picture, {false, 200}));
}

// A terminal breaks longer lines, and a broken chart is no chart; and nothing of a log may reach
// the terminal raw.
RC_GTEST_PROP(ToText, StaysInsideTheWidthAndHarmless, ()) {
  const int width = *rc::gen::inRange(60, 201);
  const std::string text = to_text(make_picture(*any_log()), {false, width});
  for (const std::string& line : lines_of(text)) {
    RC_ASSERT(width_of(line, terminal_columns) <= width);
    RC_ASSERT(printable(line) == line);
  }
}

std::string block_of(const std::string& page, const std::string& language) {
  const std::string fence = "```" + language + "\n";
  const std::size_t from = page.find(fence);
  if (from == std::string::npos) return {};
  return page.substr(from + fence.size(), page.find("```", from + 3) - from - fence.size());
}

// The page shows a log and its picture: the picture is drawn from that log, by this code.
TEST(EventLogPage, ShowsThePictureOfItsExample) {
  const std::string page = file_text("docs/event-log.md");
  const auto events = parsed(block_of(page, "json"));
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(block_of(page, "text"), to_text(make_picture(events), {false, 100}));
}

}  // namespace
}  // namespace fakeapi::lanes
