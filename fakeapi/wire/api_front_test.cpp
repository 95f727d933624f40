// Requests on their way through the plan to a real fake cluster and into the log.
#include "fakeapi/wire/api_front.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/wire/test_streams.hpp"

namespace fakeapi::wire {
namespace {

using namespace testing_tools;
using nlohmann::json;

const std::string endpoints = "/api/v1/namespaces/default/endpoints";

struct Front {
  Front() : front(cluster, 1, [](const cluster::Headers&) { return std::string("jane"); }) {}

  static cluster::Options options() {
    cluster::Options made;
    made.users = {{"secret", "admin", {"system:masters"}, cluster::User::Rights::everything}};
    return made;
  }
  Exchange ask(const std::string& method, const std::string& target, const json& body = {}) {
    cluster::Request request{method, target, {{"Authorization", "Bearer secret"}}, {}};
    if (!body.is_null()) {
      request.headers.emplace_back("Content-Type", "application/json");
      request.body = body.dump();
    }
    return front.answer({}, {1, "test/1"}, request);
  }
  int status(const std::string& target) { return ask("GET", target).head().status; }
  std::vector<RequestEntry> logged() {
    std::vector<RequestEntry> out;
    front.log().visit([&](const RequestEntry& entry) { out.push_back(entry); });
    return out;
  }

  cluster::Cluster cluster{options()};
  ApiFront front;
};

fault::Action respond(int status) {
  fault::Action action;
  action.respond = fault::Respond{status, fault::AnswerForm::status, {}, {}};
  return action;
}

TEST(ApiFront, WithoutFaultsTheClusterAnswers) {
  Front test;
  EXPECT_EQ(test.status(endpoints), 200);
  EXPECT_EQ(test.status("/nowhere"), 404);
  ASSERT_EQ(test.logged().size(), 2U);
  EXPECT_EQ(test.logged()[1].status, 404);
  EXPECT_EQ(test.logged()[1].fault, "");
}

TEST(ApiFront, FaultAnswersInTheClustersPlace) {
  Front test;
  test.front.faults().put(fault_of(respond(503), "down"));
  EXPECT_EQ(test.status(endpoints), 503);
  EXPECT_EQ(test.logged()[0].fault, "down");
  EXPECT_EQ(test.logged()[0].status, 503);
}

TEST(ApiFront, RefusedWriteDoesNotHappen) {
  Front test;
  test.front.faults().put(fault_of(respond(500)));
  const auto version = test.cluster.version();
  test.ask("POST", endpoints, {{"metadata", {{"name", "a"}}}});
  EXPECT_EQ(test.cluster.version(), version);
}

// The answer is lost, the write is not: a client that tries again gets 409.
TEST(ApiFront, WriteWhoseAnswerIsLostHappensWhenTheFaultSaysSo) {
  for (const bool carried_out : {false, true}) {
    Front test;
    fault::Action lost;
    lost.no_answer = fault::NoAnswer::close;
    lost.carried_out = carried_out;
    test.front.faults().put(fault_of(lost));
    EXPECT_EQ(test.ask("POST", endpoints, {{"metadata", {{"name", "a"}}}}).head().status, 0);
    test.front.faults().clear();
    EXPECT_EQ(test.status(endpoints + "/a"), carried_out ? 200 : 404);
    EXPECT_EQ(test.logged()[0].status, 0);
  }
}

TEST(ApiFront, ForbiddenNamesWhoAsks) {
  Front test;
  test.front.faults().put(fault_of(respond(403)));
  Exchange exchange = test.ask("GET", endpoints);
  EXPECT_NE(exchange.body()->find("User \\\"jane\\\" cannot list"), std::string::npos);
}

TEST(ApiFront, WatchIsInTheLogUntilItsExchangeIsGone) {
  Front test;
  {
    Exchange watch = test.ask("GET", endpoints + "?watch=1");
    EXPECT_TRUE(test.logged()[0].open);
    test.ask("POST", endpoints, {{"metadata", {{"name", "a"}}}});
    read_all(watch, {});
    EXPECT_EQ(test.logged()[0].resource_version(), std::to_string(test.cluster.version()));
  }
  EXPECT_FALSE(test.logged()[0].open);
}

// A watch that was refused is no watch.
TEST(ApiFront, RefusedWatchIsNotOpen) {
  Front test;
  test.front.faults().put(fault_of(respond(429)));
  const Exchange watch = test.ask("GET", endpoints + "?watch=1");
  EXPECT_FALSE(test.logged()[0].open);
}

TEST(ApiFront, EventThatIsDroppedIsNotDelivered) {
  Front test;
  test.front.faults().put(fault_of(stream_action(fault::StreamEffect::drop)));
  Exchange watch = test.ask("GET", endpoints + "?watch=1");
  test.ask("POST", endpoints, {{"metadata", {{"name", "a"}}}});
  EXPECT_EQ(read_all(watch, {}).parts.size(), 0U);
  EXPECT_EQ(test.logged()[0].resource_version(), "");
}

TEST(ApiFront, ConnectionIsMetBeforeItsRequests) {
  Front test;
  EXPECT_EQ(test.front.meet({}, 1), fault::ConnectFault::none);
  fault::Action reset;
  reset.connect = fault::ConnectFault::reset;
  fault::Fault second = fault_of(reset);
  second.match.nth_first = second.match.nth_last = 2;
  test.front.faults().put(second);
  EXPECT_EQ(test.front.meet({}, 2), fault::ConnectFault::none);
  EXPECT_EQ(test.front.meet({}, 3), fault::ConnectFault::reset);
  EXPECT_EQ(test.status(endpoints), 200);
}

}  // namespace
}  // namespace fakeapi::wire
