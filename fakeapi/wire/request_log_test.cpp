// What the log remembers, and how a question waits for its answer.
#include "fakeapi/wire/request_log.hpp"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/wire/request_query.hpp"
#include "fakeapi/wire/test_streams.hpp"

namespace fakeapi::wire {
namespace {

using namespace testing_tools;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Instant now{seconds(10)};
const std::string endpoints = "/api/v1/namespaces/web/endpoints";

struct Log : RequestLog {
  std::unique_ptr<StreamNote> watch(const std::string& target = endpoints + "?watch=1") {
    return add(now, {1, "test/1"}, "GET", target, 200, "", true);
  }
  void get(const std::string& target = endpoints, std::uint64_t connection = 1, int status = 200,
           const std::string& fault = "", const std::string& agent = "test/1") {
    add(now, {connection, agent}, "GET", target, status, fault, false);
  }
  std::vector<std::uint64_t> seqs() const {
    std::vector<std::uint64_t> out;
    visit([&](const RequestEntry& entry) { out.push_back(entry.seq); });
    return out;
  }
};

RequestQuery query(const std::string& parameters) {
  const auto parsed = parse_request_query(cluster::parse_uri("/x?" + parameters));
  if (const auto* error = std::get_if<std::string>(&parsed)) ADD_FAILURE() << *error;
  return std::get<RequestQuery>(parsed);
}

std::string query_error(const std::string& parameters) {
  const auto parsed = parse_request_query(cluster::parse_uri("/x?" + parameters));
  return std::holds_alternative<std::string>(parsed) ? std::get<std::string>(parsed) : "";
}

json ask(RequestLog& log, const std::string& parameters) {
  Exchange exchange = answer_query(now, log, query(parameters));
  EXPECT_TRUE(exchange.head_is_due(now));
  EXPECT_EQ(exchange.head().status, 200);
  return json::parse(*exchange.body());
}

std::vector<std::uint64_t> found(RequestLog& log, const std::string& parameters) {
  std::vector<std::uint64_t> out;
  const json answer = ask(log, parameters);
  for (const json& one : answer["requests"]) out.push_back(one["seq"]);
  return out;
}

TEST(RequestLog, EntryTellsWhatWasAskedAndWhatBecameOfIt) {
  Log log;
  log.get(endpoints + "/mysql?pretty=1", 3, 429, "apf", "kubectl/v1.37");
  EXPECT_EQ(ask(log, "")["requests"][0], json::parse(R"({"seq": 1, "at": 10.0, "connection": 3,
    "user-agent": "kubectl/v1.37", "verb": "get", "group": "", "resource": "endpoints",
    "namespace": "web", "name": "mysql", "target": "/api/v1/namespaces/web/endpoints/mysql?pretty=1",
    "status": 429, "fault": "apf", "open": false})"));
}

TEST(RequestLog, WatchIsOpenAsLongAsItsNoteLives) {
  Log log;
  auto note = log.watch();
  EXPECT_THAT(found(log, "open=true"), ElementsAre(1));
  EXPECT_EQ(log.open_streams(), 1U);
  note.reset();
  EXPECT_THAT(found(log, "open=true"), ElementsAre());
  EXPECT_THAT(found(log, "open=false"), ElementsAre(1));
  EXPECT_EQ(log.open_streams(), 0U);
}

TEST(RequestLog, WatchTellsTheVersionThatItDeliveredLast) {
  Log log;
  const auto version = [&log] { return ask(log, "")["requests"][0]["resourceVersion"]; };
  auto note = log.watch(endpoints + "?watch=1&resourceVersion=5");
  EXPECT_EQ(version(), "5") << "nothing delivered yet: where it begins";
  note->delivered(
      bytes(R"({"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"7"}}})"));
  EXPECT_EQ(version(), "7");
  note->delivered(bytes(R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}})"));
  EXPECT_EQ(version(), "9");
  note.reset();
  EXPECT_EQ(version(), "9") << "also when it is over";
}

// A fault may cut an event inside its version: what did not arrive whole is none.
TEST(RequestLog, VersionThatWasCutIsNone) {
  Log log;
  auto note = log.watch();
  note->delivered(bytes(R"({"type":"ADDED","object":{"metadata":{"resourceVersion":"12)"));
  EXPECT_EQ(ask(log, "")["requests"][0]["resourceVersion"], "");
}

TEST(RequestLog, KeepsTheLastAndEveryOpenStream) {
  Log log;
  const auto open = log.watch();
  auto closed = log.watch();
  for (std::size_t i = 0; i < RequestLog::entries_max; ++i) log.get();
  closed.reset();
  const auto seqs = log.seqs();
  ASSERT_EQ(seqs.size(), RequestLog::entries_max + 1);
  EXPECT_EQ(seqs[0], 1U) << "the open watch, however old";
  EXPECT_EQ(seqs[1], 3U);
  EXPECT_EQ(seqs.back(), RequestLog::entries_max + 2);
  EXPECT_THAT(found(log, "open=true"), ElementsAre(1));
}

TEST(RequestLog, StreamIsListedOnceWhileItIsAmongTheLast) {
  Log log;
  log.get();
  const auto open = log.watch();
  log.get();
  EXPECT_THAT(log.seqs(), ElementsAre(1, 2, 3));
}

TEST(RequestLog, LongTextsAreCut) {
  Log log;
  log.get("/" + std::string(100'000, 'a'), 1, 200, "", std::string(100'000, 'u'));
  log.visit([](const RequestEntry& entry) {
    EXPECT_EQ(entry.target.size(), RequestLog::target_bytes_max);
    EXPECT_EQ(entry.user_agent.size(), RequestLog::user_agent_bytes_max);
  });
}

TEST(RequestLog, BytesThatAreNoTextDoNotSpoilTheAnswer) {
  Log log;
  log.get(endpoints, 1, 200, "", "\xFF\xFE");
  EXPECT_EQ(ask(log, "")["requests"].size(), 1U);
}

TEST(RequestQuery, EachParameterNarrows) {
  Log log;
  log.get(endpoints, 1, 200, "", "kubectl/1");
  log.get("/apis/apps/v1/namespaces/db/deployments/x", 2, 503, "slow", "other");
  for (const char* second :
       {"verb=get", "resource=deployments", "group=apps", "namespace=db", "name=x", "connection=2",
        "status=503", "fault=slow", "user-agent=oth", "since=1"}) {
    EXPECT_THAT(found(log, second), ElementsAre(2)) << second;
  }
  EXPECT_THAT(found(log, "verb=list&user-agent=kubectl/"), ElementsAre(1));
}

TEST(RequestQuery, VersionIsThatOfAStreamThatHasCaughtUp) {
  Log log;
  const auto behind = log.watch(endpoints + "?watch=1&resourceVersion=5");
  const auto ahead = log.watch(endpoints + "?watch=1&resourceVersion=5");
  ahead->delivered(bytes(R"({"object":{"metadata":{"resourceVersion":"7"}}})"));
  EXPECT_THAT(found(log, "version=7"), ElementsAre(2));
}

TEST(RequestQuery, WrongParametersAreNamed) {
  EXPECT_EQ(query_error("resourse=pods"),
            R"(unknown parameter "resourse"; did you mean "resource"?)");
  EXPECT_THAT(query_error("open=yes"), HasSubstr("open: \"yes\" is not true or false"));
  EXPECT_THAT(query_error("count=many"), HasSubstr("count: \"many\" is not a number"));
  EXPECT_THAT(query_error("timeout=2h"), HasSubstr("at most 10m"));
  EXPECT_THAT(query_error("timeout=-1s"), HasSubstr("timeout"));
}

TEST(RequestQuery, TellsTheLimitOfTheLog) {
  Log log;
  log.get();
  const json answer = ask(log, "");
  EXPECT_EQ(answer["limit"], RequestLog::entries_max);
  EXPECT_EQ(answer["seq"], 1);
}

struct Waiting {
  Waiting(Log& log, const std::string& parameters)
      : exchange(answer_query(now, log, query(parameters))) {
    exchange.on_ready([this] { ++called; });
  }
  Exchange exchange;
  int called = 0;
};

// The synchronisation point: no watch, one watch, two watches, answer.
TEST(RequestQuery, WaitsUntilAsManyHoldAsAreAskedFor) {
  Log log;
  Waiting waiting(log, "verb=watch&resource=endpoints&open=true&count=2&timeout=10s");
  EXPECT_FALSE(waiting.exchange.head_is_due(now));
  const auto first = log.watch();
  EXPECT_EQ(waiting.called, 1);
  EXPECT_FALSE(waiting.exchange.head_is_due(now));
  const auto second = log.watch();
  EXPECT_EQ(waiting.called, 2);
  ASSERT_TRUE(waiting.exchange.head_is_due(now));
  EXPECT_EQ(waiting.exchange.head().status, 200);
  EXPECT_EQ(json::parse(*waiting.exchange.body())["requests"].size(), 2U);
}

TEST(RequestQuery, AnswersAtOnceWhatHoldsAlready) {
  Log log;
  const auto open = log.watch();
  EXPECT_TRUE(Waiting(log, "open=true&count=1").exchange.head_is_due(now));
}

TEST(RequestQuery, WaitsForAVersionToBeDelivered) {
  Log log;
  const auto note = log.watch();
  Waiting waiting(log, "open=true&version=7&timeout=10s");
  EXPECT_FALSE(waiting.exchange.head_is_due(now));
  note->delivered(bytes(R"({"object":{"metadata":{"resourceVersion":"7"}}})"));
  EXPECT_EQ(waiting.called, 1);
  EXPECT_TRUE(waiting.exchange.head_is_due(now));
}

// Ten thousand events between two turns are one reason to look again.
TEST(RequestQuery, ManyChangesAreReportedOnceUntilItHasLooked) {
  Log log;
  Waiting waiting(log, "verb=watch&count=1");
  EXPECT_FALSE(waiting.exchange.head_is_due(now));
  for (int i = 0; i < 100; ++i) log.get();
  EXPECT_EQ(waiting.called, 1);
  EXPECT_FALSE(waiting.exchange.head_is_due(now));
  log.get();
  EXPECT_EQ(waiting.called, 2);
}

TEST(RequestQuery, GivesUpWhenItsTimeIsOver) {
  Log log;
  const auto open = log.watch();
  Waiting waiting(log, "open=true&count=2&timeout=10s");
  EXPECT_EQ(waiting.exchange.head_due(), now + seconds(10));
  EXPECT_FALSE(waiting.exchange.head_is_due(now + seconds(9)));
  ASSERT_TRUE(waiting.exchange.head_is_due(now + seconds(10)));
  EXPECT_EQ(waiting.exchange.head().status, 504);
  EXPECT_EQ(json::parse(*waiting.exchange.body())["message"],
            "after 10s the log holds 1 of 2 such requests");
}

TEST(RequestQuery, OneWhoLeavesIsForgotten) {
  Log log;
  { const Waiting waiting(log, "count=5"); }
  log.get();  // would call into what is gone
  EXPECT_EQ(log.count(), 1U);
}

}  // namespace
}  // namespace fakeapi::wire
