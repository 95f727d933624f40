// What a log may look like: what is written comes back, and what is not a line of it is refused
// with its number.
#include "fakeapi/lanes/event.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/lanes/test_logs.hpp"

namespace fakeapi::lanes {
namespace {

LogError error_of(const std::string& text) {
  const auto log = parse_log(text);
  const auto* error = std::get_if<LogError>(&log);
  if (error == nullptr) {
    ADD_FAILURE() << "accepted: " << text;
    return {0, ""};
  }
  return *error;
}

// The form that docs/event-log.md promises: four keys, in this order.
TEST(ToJsonLine, WritesTheFourKeysInTheirOrder) {
  EXPECT_EQ(to_json_line({12.345, "api/mysql", "ready 3/3", "three \"addresses\""}),
            R"({"at":12.345,"lane":"api/mysql","what":"ready 3/3","why":"three \"addresses\""})");
}

// A line is a line: a newline inside a text must not end it.
TEST(ToJsonLine, KeepsANewlineOfATextInsideTheLine) {
  EXPECT_EQ(to_json_line({1, "steps", "step", "a\nb"}).find('\n'), std::string::npos);
}

// RFC 8259, 8.1: JSON is UTF-8; a byte that is none cannot be carried, and must not throw either.
TEST(ToJsonLine, ReplacesBytesThatAreNoUtf8) {
  EXPECT_NE(to_json_line({1, "steps", "step", "\xFF"}).find("\xEF\xBF\xBD"), std::string::npos);
}

// What one program writes another reads: nothing is lost, whatever the texts hold.
RC_GTEST_PROP(ParseLog, GivesBackWhatToJsonLineWrote, ()) {
  const Event event = *any_event();
  const auto log = parse_log(to_json_line(event) + "\n");
  RC_ASSERT(std::holds_alternative<std::vector<Event>>(log));
  const auto& events = std::get<std::vector<Event>>(log);
  RC_ASSERT(events.size() == 1U);
  RC_ASSERT(events[0].at_seconds == event.at_seconds);
  RC_ASSERT(events[0].lane == event.lane);
  RC_ASSERT(events[0].what == event.what);
  RC_ASSERT(events[0].why == event.why);
}

// Several writers share a log, so its lines may be out of order; equal times keep theirs, which is
// cause and effect.
TEST(ParseLog, OrdersByTimeAndKeepsTheOrderOfEqualTimes) {
  const auto events = parsed(R"({"at":2,"lane":"b","what":"","why":""}
{"at":1,"lane":"x","what":"first","why":""}
{"at":1,"lane":"a","what":"second","why":""})");
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].what, "first");
  EXPECT_EQ(events[1].what, "second");
  EXPECT_EQ(events[2].lane, "b");
}

TEST(ParseLog, SkipsBlankLinesAndCarriageReturns) {
  EXPECT_EQ(parsed("\n  \r\n{\"at\":1,\"lane\":\"a\",\"what\":\"\",\"why\":\"\"}\r\n\n").size(),
            1U);
}

TEST(ParseLog, OfNothingIsNoEvents) { EXPECT_TRUE(parsed("").empty()); }

// A user finds the line in an editor: numbers begin with 1 and count blank lines.
TEST(ParseLog, NamesTheLineOfTheFirstError) {
  EXPECT_EQ(error_of("{\"at\":1,\"lane\":\"\",\"what\":\"\",\"why\":\"\"}\n\nnonsense\n{").line,
            3U);
}

struct Refused {
  const char* line;
  const char* message_part;
};

class ParseLogRefuses : public testing::TestWithParam<Refused> {};

// Strict: a log of another program or version is refused, not drawn as something that did not
// happen.
TEST_P(ParseLogRefuses, WithAMessageThatSaysWhat) {
  EXPECT_NE(error_of(GetParam().line).message.find(GetParam().message_part), std::string::npos)
      << error_of(GetParam().line).message;
}

INSTANTIATE_TEST_SUITE_P(
    Lines, ParseLogRefuses,
    testing::Values(
        Refused{R"([1,"a","b","c"])", "not a JSON object"},
        Refused{R"({"lane":"","what":"","why":""})", "\"at\" is missing"},
        Refused{R"({"at":1,"what":"","why":""})", "\"lane\" is missing"},
        Refused{R"({"at":1,"lane":"","what":"","why":"","who":""})", "\"who\" is unknown"},
        Refused{R"({"at":"1","lane":"","what":"","why":""})", "must be a number"},
        Refused{R"({"at":true,"lane":"","what":"","why":""})", "must be a number"},
        Refused{R"({"at":1,"lane":null,"what":"","why":""})", "\"lane\" must be a string"},
        Refused{R"({"at":1,"lane":"","what":"","why":{"why":1}})", "\"why\" must be a string"},
        Refused{R"({"at":1,"at":2,"lane":"","what":"","why":""})", "\"at\" is there twice"},
        Refused{R"({"at":1e999,"lane":"","what":"","why":""})", "overflow"},
        Refused{R"({"at":1,"lane":"","what":"","why":""} {})", "parse error"},
        Refused{"{\"at\":1,\"lane\":\"\xFF\",\"what\":\"\",\"why\":\"\"}", "UTF-8"},
        Refused{R"({"at":1,"lane":"","what":"","why":")", "parse error"}));

TEST(ParseLog, RefusesALineThatIsLongerThanTheLimit) {
  const std::string longest(line_bytes_max, 'x');
  EXPECT_NE(error_of(to_json_line({1, "", "note", longest})).message.find("longer"),
            std::string::npos);
}

}  // namespace
}  // namespace fakeapi::lanes
