// Faults in and out of JSON, and what is said about those that cannot be.
#include "fakeapi/wire/fault_json.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "fakeapi/wire/fault_words.hpp"

namespace fakeapi::wire {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

Fault parsed(const std::string& text) {
  const auto result = parse_fault("f", json::parse(text));
  if (const auto* error = std::get_if<std::string>(&result)) ADD_FAILURE() << *error;
  return std::holds_alternative<Fault>(result) ? std::get<Fault>(result) : Fault{};
}

std::string error_of(const std::string& text, const std::string& name = "f") {
  const auto result = parse_fault(name, json::parse(text));
  const auto* error = std::get_if<std::string>(&result);
  return error == nullptr ? "" : *error;
}

TEST(FaultJson, EveryKeyOfAMatch) {
  const Match match = parsed(R"({"match": {"verb": ["get", "list"], "resource": "endpoint*",
    "group": "", "namespace": "web", "name": "mysql", "user-agent": "kubectl/*", "connection": 3,
    "nth": "2..5", "fraction": 0.5}, "latency": "1ms"})")
                          .match;
  EXPECT_EQ(match.verbs, (std::vector<std::string>{"get", "list"}));
  EXPECT_EQ(match.resources, std::vector<std::string>{"endpoint*"});
  EXPECT_EQ(match.group, "");
  EXPECT_EQ(match.namespace_name, "web");
  EXPECT_EQ(match.name, "mysql");
  EXPECT_EQ(match.user_agent, "kubectl/");
  EXPECT_EQ(match.connection, 3U);
  EXPECT_EQ(match.nth_first, 2U);
  EXPECT_EQ(match.nth_last, 5U);
  EXPECT_EQ(match.fraction, 0.5);
}

// The form that kube-apiserver gives under load (wire-facts, "Overload").
TEST(FaultJson, A429IsThatOfAnOverloadUnlessItSaysOtherwise) {
  EXPECT_EQ(parsed(R"({"respond": {"status": 429}})").action.respond->form, AnswerForm::overload);
  EXPECT_EQ(parsed(R"({"respond": {"status": 429, "form": "status"}})").action.respond->form,
            AnswerForm::status);
  EXPECT_EQ(parsed(R"({"respond": {"status": 503}})").action.respond->form, AnswerForm::status);
}

TEST(FaultJson, PartsGoTogether) {
  const Action action = parsed(R"j({"latency": "lognormal(80ms, 0.4)", "bandwidth": "4KiB/s",
    "body": {"after": "2KiB", "then": "stall"},
    "stream": {"after-events": 2, "after": "3s", "then": "cut-chunk"}})j")
                            .action;
  EXPECT_EQ(action.latency->sigma, 0.4);
  EXPECT_EQ(action.bandwidth_bytes_per_second, 4096U);
  EXPECT_EQ(action.body, (BodyFault{2048, 0.5, BodyEffect::stall}));
  EXPECT_EQ(action.stream, (StreamFault{2, seconds(3), StreamEffect::cut_chunk}));
}

TEST(FaultJson, UnknownKeysAreErrorsWithTheNearest) {
  EXPECT_EQ(error_of(R"({"latencey": "1ms"})"),
            R"(unknown key "latencey"; did you mean "latency"?)");
  EXPECT_EQ(error_of(R"({"match": {"verbs": "get"}, "latency": "1ms"})"),
            R"(match: unknown key "verbs"; did you mean "verb"?)");
  EXPECT_EQ(error_of(R"({"stream": {"then": "stal"}})"),
            R"(stream.then: unknown word "stal"; did you mean "stall"?)");
}

struct Wrong {
  const char* text;
  const char* message;
};
class FaultJsonWrong : public ::testing::TestWithParam<Wrong> {};

TEST_P(FaultJsonWrong, IsNamedWithItsPlace) {
  EXPECT_THAT(error_of(GetParam().text), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Values, FaultJsonWrong,
    ::testing::Values(
        Wrong{"[]", "must be an object"}, Wrong{"{}", "it does nothing"},
        Wrong{R"({"match": []})", "match: must be an object"},
        Wrong{R"({"latency": 5})", "latency: 5 is not a time"},
        Wrong{R"({"window": "9s..1s", "latency": "1s"})", R"(window: "9s..1s" is not a window)"},
        Wrong{R"({"bandwidth": "4KiB"})", R"(bandwidth: "4KiB" is not a rate)"},
        Wrong{R"({"bandwidth": "0B/s"})", "is not a rate"},
        Wrong{R"({"respond": {}})", "respond.status: is needed"},
        Wrong{R"({"respond": {"status": 200}})",
              "respond.status: must be a number from 400 to 599"},
        Wrong{R"({"respond": {"status": 503, "form": "overload"}})", "429 only"},
        Wrong{R"({"respond": {"status": 429, "retry-after": -1}})", "respond.retry-after"},
        Wrong{R"({"respond": {"status": 500}, "answer": "close"})", "exclude each other"},
        Wrong{R"({"answer": "nothing"})", "answer: unknown word"},
        Wrong{R"({"carried-out": true, "latency": "1s"})", R"(goes with "answer" only)"},
        Wrong{R"({"body": {"after": 1.5, "then": "cut"}})", "body.after: must be a share"},
        Wrong{R"({"body": {"after": 0.5}})", "body.then: is needed"},
        Wrong{R"({"stream": {"after-events": -1, "then": "cut"}})", "stream.after-events"},
        Wrong{R"({"match": {"verb": [], "nth": 1}, "latency": "1s"})",
              "match.verb: must not be empty"},
        Wrong{R"({"match": {"name": ""}, "latency": "1s"})", "match.name: must be a text"},
        Wrong{R"({"match": {"nth": 0}, "latency": "1s"})", "match.nth: 0 is not a count"},
        Wrong{R"({"match": {"fraction": 0}, "latency": "1s"})", "match.fraction"},
        Wrong{R"({"match": {"connection": "both"}, "latency": "1s"})", "match.connection"},
        Wrong{R"({"match": {"verb": "connect"}, "latency": "1s"})", "match.verb: \"connect\""},
        Wrong{R"({"connect": "reset", "latency": "1s"})", "connect: stands alone"},
        Wrong{R"({"connect": "reset", "match": {"resource": "pods"}})", "has no request yet"},
        Wrong{R"({"connect": "refuse", "match": {"nth": 2}})", "cannot be counted"}));

TEST(FaultJson, NameIsALabel) {
  EXPECT_THAT(error_of(R"({"latency": "1s"})", "No Name"), HasSubstr("no name of a fault"));
  EXPECT_THAT(error_of(R"({"latency": "1s"})", std::string(64, 'a')), HasSubstr("at most 63"));
}

TEST(FaultJson, EntryShowsFaithfulnessAndCounts) {
  FaultPlan plan(1);
  plan.put(parsed(R"({"latency": "1ms", "stream": {"then": "drop"}})"));
  const json shown = to_json(plan.entries().front());
  EXPECT_EQ(shown["name"], "f");
  EXPECT_EQ(shown["faithfulness"], "hostile") << "the least faithful part counts";
  EXPECT_EQ(shown["matched"], 0);
  EXPECT_EQ(shown["met"], 0);
}

template <class Value>
Value any_of(const Words<Value>& words) {
  return (*rc::gen::elementOf(words)).value;
}

Match any_match() {
  Match match;
  if (*rc::gen::arbitrary<bool>()) match.verbs = {"get", "watch"};
  if (*rc::gen::arbitrary<bool>()) match.resources = {"endpoint*"};
  if (*rc::gen::arbitrary<bool>()) match.group = *rc::gen::element<std::string>("", "apps");
  if (*rc::gen::arbitrary<bool>()) match.namespace_name = "web";
  if (*rc::gen::arbitrary<bool>()) match.user_agent = "kubectl/";
  if (*rc::gen::arbitrary<bool>()) match.connection = *rc::gen::inRange<std::uint64_t>(0, 1000);
  if (!match.connection) match.parity = Parity::odd;
  match.nth_first = *rc::gen::inRange<std::uint64_t>(1, 5);
  if (*rc::gen::arbitrary<bool>())
    match.nth_last = match.nth_first + *rc::gen::inRange<std::uint64_t>(0, 3);
  match.fraction = *rc::gen::element(1.0, 0.5, 0.125);
  return match;
}

Action any_action() {
  Action action;
  action.latency = Latency{Latency::Shape::constant, milliseconds(*rc::gen::inRange(0, 99)), {}, 0};
  action.bandwidth_bytes_per_second = *rc::gen::inRange<std::uint64_t>(0, 100'000);
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      action.respond = Respond{429, any_of(answer_forms()), *rc::gen::inRange(0, 9), "words"};
      break;
    case 1:
      action.no_answer = any_of(no_answers());
      action.carried_out = *rc::gen::arbitrary<bool>();
      break;
    case 2:
      action.body =
          BodyFault{*rc::gen::inRange<std::uint64_t>(0, 9999), 0.5, any_of(body_effects())};
      break;
    default:
      action.stream = StreamFault{*rc::gen::inRange<std::uint64_t>(0, 9),
                                  seconds(*rc::gen::inRange(0, 9)), any_of(stream_effects())};
  }
  return action;
}

// The scenario language, a person and a program get back what they put.
RC_GTEST_PROP(FaultJsonProperty, WhatIsPrintedIsReadAsTheSame, ()) {
  Fault fault{"some-name", any_match(), {}, any_action()};
  if (*rc::gen::arbitrary<bool>()) fault.window.to = cluster::Instant(seconds(9));
  const auto again = parse_fault(fault.name, json(to_json(fault)));
  RC_ASSERT(std::holds_alternative<Fault>(again));
  RC_ASSERT(std::get<Fault>(again) == fault);
}

RC_GTEST_PROP(FaultJsonProperty, FaultsOfConnectionsAreReadAsTheyArePrinted, ()) {
  Fault fault;
  fault.name = "connect";
  fault.action.connect = any_of(connect_faults());
  if (fault.action.connect != ConnectFault::refuse) fault.match.nth_last = 3;
  const auto again = parse_fault(fault.name, json(to_json(fault)));
  RC_ASSERT(std::get<Fault>(again) == fault);
}

}  // namespace
}  // namespace fakeapi::wire
