// Questions about the event log: who asks at once, who waits, and what ends the wait.
#include "fakeapi/run/control/event_wait.hpp"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::run {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;

constexpr cluster::Instant start{};

EventQuery query_of(const std::string& parameters) {
  return std::get<EventQuery>(
      parse_event_query(cluster::parse_uri("/_fakeapi/v1/events?" + parameters)));
}

std::string problem_of(const std::string& parameters) {
  return std::get<std::string>(
      parse_event_query(cluster::parse_uri("/_fakeapi/v1/events?" + parameters)));
}

json body(wire::Exchange& exchange) { return json::parse(*exchange.body()); }

TEST(EventWait, ReadsItsParameters) {
  EXPECT_EQ(query_of("since=7&timeout=20s").since, 7U);
  EXPECT_EQ(query_of("since=7&timeout=20s").timeout, 20s);
  EXPECT_EQ(query_of("").timeout, 0s);
  EXPECT_THAT(problem_of("since=-1"), HasSubstr("is not a number"));
  EXPECT_THAT(problem_of("timeout=11m"), HasSubstr("at most 10m"));
  EXPECT_THAT(problem_of("timeout=-1s"), HasSubstr("at most 10m"));
  EXPECT_THAT(problem_of("since=1&wait=1s"), HasSubstr("unknown parameter"));
}

TEST(EventWait, AnswersAtOnceWhenThereIsSomethingNew) {
  EventLog log;
  log.write(start, "a", "one", "");
  log.write(start + 1s, "b", "two", "because");
  auto exchange = answer_event_query(start, log, {1, 20s});
  ASSERT_TRUE(exchange.head_is_due(start));
  EXPECT_EQ(body(exchange), json::parse(R"({"seq": 2, "epoch": 1, "epoch-since": 0, "events":
      [{"at": 1, "lane": "b", "what": "two", "why": "because"}]})"));
}

TEST(EventWait, WaitsForTheNextLine) {
  EventLog log;
  log.write(start, "a", "one", "");
  auto exchange = answer_event_query(start, log, {1, 20s});
  int told = 0;
  exchange.on_ready([&] { ++told; });
  EXPECT_FALSE(exchange.head_is_due(start + 19s));
  EXPECT_EQ(exchange.head_due(), start + 20s);
  log.write(start, "a", "two", "");
  EXPECT_EQ(told, 1);
  ASSERT_TRUE(exchange.head_is_due(start + 19s));
  EXPECT_EQ(body(exchange)["events"].size(), 1U);
}

TEST(EventWait, EndsWithNothingWhenItsTimeIsOver) {
  EventLog log;
  auto exchange = answer_event_query(start, log, {0, 20s});
  ASSERT_TRUE(exchange.head_is_due(start + 20s));
  EXPECT_EQ(body(exchange)["events"], json::array());
}

TEST(EventWait, WhoLeavesIsToldNothingMore) {
  EventLog log;
  { auto exchange = answer_event_query(start, log, {0, 20s}); }
  log.write(start, "a", "one", "");
  EXPECT_EQ(log.count(), 1U);
}

// It is the number of another server's log, of which a page has come back.
TEST(EventWait, NumberThatIsNotReachedIsAnsweredAtOnce) {
  EventLog log;
  log.write(start, "a", "one", "");
  auto exchange = answer_event_query(start, log, {1000, 20s});
  ASSERT_TRUE(exchange.head_is_due(start));
  EXPECT_EQ(body(exchange)["seq"], 1);
}

TEST(EventWait, TellsWhereTheEpochBegins) {
  EventLog log;
  log.write(start, "a", "one", "");
  log.begin_epoch();
  log.write(start, "a", "two", "");
  auto exchange = answer_event_query(start, log, {0, 0s});
  EXPECT_EQ(body(exchange)["epoch"], 2);
  EXPECT_EQ(body(exchange)["epoch-since"], 1);
}

TEST(EventLog, KeepsTheLastLinesAndCountsAll) {
  EventLog log;
  for (std::size_t i = 0; i < EventLog::lines_max + 5; ++i)
    log.write(start, "a", std::to_string(i), "");
  EXPECT_EQ(log.count(), EventLog::lines_max + 5);
  EXPECT_EQ(log.lines_since(0).size(), EventLog::lines_max);
  EXPECT_THAT(*log.lines_since(0).front(), HasSubstr("\"5\""));
  EXPECT_EQ(log.lines_since(log.count() - 1).size(), 1U);
}

}  // namespace
}  // namespace fakeapi::run
