// The control API without sockets: what each path does to plan, cluster and log.
#include "fakeapi/run/control/control.hpp"

#include <string>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::run {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

struct Answer {
  int status;
  json body;
};

struct Controlled {
  Answer call(const std::string& method, const std::string& path, const std::string& body = {}) {
    const cluster::Request request{method, "/_fakeapi/v1/" + path, {}, body};
    wire::Exchange exchange = control.answer(now, {1, "test"}, request);
    return {exchange.head().status, exchange.body() ? json::parse(*exchange.body()) : json()};
  }
  void create(const std::string& name) {
    cluster.operate(now, "POST", "/api/v1/namespaces/default/endpoints", "application/json",
                    R"({"metadata":{"name":")" + name + R"("}})");
  }

  cluster::Instant now{};
  boost::asio::io_context loop;
  server::Identity identity =
      std::get<server::Identity>(server::make_identity(std::time(nullptr) - 60));
  cluster::Cluster cluster{{}};
  wire::ApiFront front{cluster, 1, [](const cluster::Headers&) { return std::string(); }};
  server::ApiServer server{loop, identity, [this] { return now; }, {}};
  bool administrator = true;
  int changes = 0;
  Control control{{front, cluster, server, identity,
                   [this](const cluster::Headers&) { return administrator; },
                   [this] { ++changes; }}};
};

TEST(Control, OwnsItsPathsOnly) {
  EXPECT_TRUE(Control::owns("/_fakeapi/v1/status"));
  EXPECT_FALSE(Control::owns("/api/v1/pods"));
  EXPECT_FALSE(Control::owns("/_fakeapi"));
}

TEST(Control, NobodyElseIsLetIn) {
  Controlled test;
  test.administrator = false;
  EXPECT_EQ(test.call("GET", "status").status, 403);
  EXPECT_EQ(test.call("PUT", "faults/x", R"({"latency":"1s"})").status, 403);
  EXPECT_TRUE(test.front.faults().empty());
}

TEST(Control, FaultIsMadeReplacedShownAndTakenBack) {
  Controlled test;
  EXPECT_EQ(test.call("PUT", "faults/slow", R"({"latency":"1s"})").status, 201);
  EXPECT_EQ(test.call("PUT", "faults/slow", R"({"latency":"2s"})").status, 200);
  EXPECT_EQ(test.call("GET", "faults/slow").body["latency"], "2s");
  EXPECT_EQ(test.call("GET", "faults").body["faults"].size(), 1U);
  EXPECT_EQ(test.call("DELETE", "faults/slow").body["name"], "slow");
  EXPECT_EQ(test.call("GET", "faults/slow").status, 404);
  EXPECT_EQ(test.changes, 3);
}

TEST(Control, AllFaultsAreTakenBackAtOnce) {
  Controlled test;
  test.call("PUT", "faults/a", R"({"latency":"1s"})");
  test.call("PUT", "faults/b", R"({"latency":"1s"})");
  EXPECT_EQ(test.call("DELETE", "faults").body["faults"].size(), 2U);
  EXPECT_TRUE(test.front.faults().empty());
}

TEST(Control, FaultThatWouldLockOutIsRefused) {
  Controlled test;
  EXPECT_THAT(test.call("PUT", "faults/x", R"({"connect":"refuse"})").body["message"],
              HasSubstr("keep everybody out"));
  EXPECT_EQ(test.call("PUT", "faults/x", R"({"connect":"refuse","window":"1s..2s"})").status, 201);
}

TEST(Control, CacheIsHeldBackAndReleased) {
  Controlled test;
  const std::string held = std::to_string(test.cluster.version());
  EXPECT_EQ(test.call("POST", "hold").body, json({{"cache", held}, {"resourceVersion", held}}));
  test.create("a");
  EXPECT_EQ(test.call("GET", "status").body["cache"], held);
  const std::string newest = std::to_string(test.cluster.version());
  EXPECT_EQ(test.call("POST", "release").body["cache"], newest);
  EXPECT_EQ(test.call("GET", "status").body["cache"], newest);
}

TEST(Control, HistoryIsRolledBack) {
  Controlled test;
  const std::string then = std::to_string(test.cluster.version());
  test.create("a");
  const std::string newest = std::to_string(test.cluster.version());
  EXPECT_EQ(test.call("POST", "rollback", R"({"version":)" + then + "}").body,
            json({{"from", newest}, {"resourceVersion", then}}));
  EXPECT_EQ(test.call("GET", "status").body["resourceVersion"], then);
}

TEST(Control, RollbackNeedsAVersionThatIsKnown) {
  Controlled test;
  EXPECT_THAT(test.call("POST", "rollback").body["message"], HasSubstr("version: is needed"));
  EXPECT_THAT(test.call("POST", "rollback", R"({"version":1000000})").body["message"],
              HasSubstr("is newer than"));
  test.create("a");
  test.call("POST", "compact");
  for (const char* what : {"rollback", "hold"}) {
    EXPECT_THAT(test.call("POST", what, R"({"version":1})").body["message"],
                HasSubstr("is older than"));
  }
}

TEST(Control, FullPlanSaysSo) {
  Controlled test;
  for (std::size_t i = 0; i < wire::FaultPlan::faults_max; ++i) {
    ASSERT_EQ(test.call("PUT", "faults/f" + std::to_string(i), R"({"latency":"1s"})").status, 201);
  }
  EXPECT_THAT(test.call("PUT", "faults/more", R"({"latency":"1s"})").body["message"],
              HasSubstr("remove some"));
}

TEST(Control, CompactsUpToAVersionOrAll) {
  Controlled test;
  test.create("a");
  const std::string before = std::to_string(test.cluster.version());
  test.create("b");
  const std::string newest = std::to_string(test.cluster.version());
  EXPECT_EQ(test.call("POST", "compact", R"({"version": )" + before + "}").body["compacted"],
            before);
  EXPECT_EQ(test.call("POST", "compact", R"({"version": ")" + before + "\"}").body["compacted"],
            before);
  EXPECT_EQ(test.call("POST", "compact").body["compacted"], newest);
  EXPECT_EQ(test.call("POST", "compact", R"({"version": 999999})").status, 400);
  EXPECT_EQ(test.call("POST", "compact", R"({"version": -1})").status, 400);
}

TEST(Control, StatusCounts) {
  Controlled test;
  test.now += std::chrono::milliseconds(1500);
  test.call("PUT", "faults/a", R"({"latency":"1s"})");
  const json status = test.call("GET", "status").body;
  EXPECT_EQ(status["clock"], 1.5);
  EXPECT_EQ(status["faults"], 1);
  EXPECT_EQ(status["resourceVersion"], std::to_string(test.cluster.version()));
  EXPECT_EQ(status["requests"], 0) << "its own requests are not counted";
}

TEST(Control, UnknownPathsAndMethodsAreNamed) {
  Controlled test;
  EXPECT_THAT(test.call("GET", "fault").body["message"], HasSubstr("did you mean \"faults\"?"));
  EXPECT_THAT(test.call("GET", "").body["message"], HasSubstr("faults, requests, compact"));
  EXPECT_EQ(test.call("GET", "faults/a/b").status, 404);
  EXPECT_EQ(test.call("POST", "faults").status, 405);
  EXPECT_EQ(test.call("PUT", "faults").status, 405);
}

}  // namespace
}  // namespace fakeapi::run
