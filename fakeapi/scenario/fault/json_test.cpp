// Faults in and out of JSON, and what is said about those that cannot be.
#include "fakeapi/scenario/fault/json.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "fakeapi/scenario/fault/read.hpp"
#include "fakeapi/scenario/fault/words.hpp"

namespace fakeapi::fault {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

Fault parsed(const std::string& text) {
  const auto result = parse_fault("f", text);
  if (const auto* error = std::get_if<std::string>(&result)) ADD_FAILURE() << *error;
  return std::holds_alternative<Fault>(result) ? std::get<Fault>(result) : Fault{};
}

std::string error_of(const std::string& text, const std::string& name = "f") {
  const auto result = parse_fault(name, text);
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
            R"(line 1:2: unknown key "latencey" in a fault (did you mean "latency"?))");
  EXPECT_EQ(error_of(R"({"match": {"verbs": "get"}, "latency": "1ms"})"),
            R"(line 1:12: unknown key "verbs" in a match (did you mean "verb"?))");
  EXPECT_EQ(error_of(R"({"stream": {"then": "stal"}})"),
            R"(line 1:21: then: unknown word "stal" (did you mean "stall"?))");
}

// A fault that was tried out in a scenario file is pasted as it is.
TEST(FaultJson, MayBeYaml) {
  EXPECT_EQ(parsed("latency: 1ms\nmatch: {verb: [get, list]}\n").match.verbs,
            (std::vector<std::string>{"get", "list"}));
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
        Wrong{"[]", "a fault must be a mapping"}, Wrong{"{}", "it does nothing"},
        Wrong{R"({"match": []})", "match must be a mapping (which requests), not a list"},
        Wrong{R"({"latency": 5})", "latency must be a duration such as"},
        Wrong{R"({"window": "9s..1s", "latency": "1s"})", "window must be a window such as"},
        Wrong{R"({"bandwidth": "4KiB"})", "bandwidth must be a rate such as"},
        Wrong{R"({"bandwidth": "0B/s"})", "must be a rate such as 4KiB/s"},
        Wrong{R"({"respond": {}})", R"(missing key "status" in an answer)"},
        Wrong{R"({"respond": {"status": 200}})", "status must be a number from 400 to 599"},
        Wrong{R"({"respond": {"status": 503, "form": "overload"}})", "a form of 429 only"},
        Wrong{R"({"respond": {"status": 429, "retry-after": -1}})", "retry-after must be"},
        Wrong{R"({"respond": {"status": 500}, "answer": "close"})", "exclude each other"},
        Wrong{R"({"answer": "nothing"})", "answer must be silence, close or reset"},
        Wrong{R"({"carried-out": true, "latency": "1s"})", R"(goes with "answer" only)"},
        Wrong{R"({"body": {"after": 1.5, "then": "cut"}})",
              "after must be a number from above 0 to 1 or a size"},
        Wrong{R"({"body": {"after": 0.5}})", R"(missing key "then" in a body)"},
        Wrong{R"({"stream": {"after-events": -1, "then": "cut"}})", "after-events must be"},
        Wrong{R"({"match": {"verb": [], "nth": 1}, "latency": "1s"})", "verb must not be empty"},
        Wrong{R"({"match": {"name": ""}, "latency": "1s"})",
              "name must be a text of 1 to 253 bytes"},
        Wrong{R"({"match": {"nth": 0}, "latency": "1s"})", "nth must be a count"},
        Wrong{R"({"match": {"fraction": 0}, "latency": "1s"})",
              "fraction must be a number from above 0 to 1"},
        Wrong{R"({"match": {"connection": "both"}, "latency": "1s"})",
              "connection must be a number from 1"},
        Wrong{R"({"match": {"verb": "connect"}, "latency": "1s"})",
              R"(verb: unknown word "connect")"},
        Wrong{R"({"connect": "reset", "latency": "1s"})", R"("connect" stands alone)"},
        Wrong{R"({"connect": "reset", "match": {"resource": "pods"}})", "has no request yet"},
        Wrong{R"({"connect": "refuse", "match": {"nth": 2}})", "cannot be counted"}));

TEST(FaultJson, NameIsALabel) {
  EXPECT_THAT(error_of(R"({"latency": "1s"})", "No Name"), HasSubstr("no name of a fault"));
  EXPECT_THAT(error_of(R"({"latency": "1s"})", std::string(64, 'a')), HasSubstr("at most 63"));
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
  if (*rc::gen::arbitrary<bool>()) match.connection = *rc::gen::inRange<std::uint64_t>(1, 1000);
  if (!match.connection) match.parity = Parity::odd;
  match.nth_first = *rc::gen::inRange<std::uint64_t>(1, 5);
  if (*rc::gen::arbitrary<bool>())
    match.nth_last = match.nth_first + *rc::gen::inRange<std::uint64_t>(0, 3);
  match.fraction = *rc::gen::element(1.0, 0.5, 0.125);
  return match;
}

Action any_action() {
  Action action;
  action.latency = scenario::Distribution{
      scenario::Distribution::Shape::constant, milliseconds(*rc::gen::inRange(0, 99)), {}, 0};
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
  const auto again = parse_fault(fault.name, to_json(fault).dump());
  RC_ASSERT(std::holds_alternative<Fault>(again));
  RC_ASSERT(std::get<Fault>(again) == fault);
}

RC_GTEST_PROP(FaultJsonProperty, FaultsOfConnectionsAreReadAsTheyArePrinted, ()) {
  Fault fault;
  fault.name = "connect";
  fault.action.connect = any_of(connect_faults());
  if (fault.action.connect != ConnectFault::refuse) fault.match.nth_last = 3;
  const auto again = parse_fault(fault.name, to_json(fault).dump());
  RC_ASSERT(std::get<Fault>(again) == fault);
}

}  // namespace
}  // namespace fakeapi::fault
