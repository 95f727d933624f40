// A scenario that is played without sockets and without time passing: what moving its clock does.
#include "fakeapi/run/play.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/scenario/fault/read.hpp"
#include "fakeapi/scenario/load.hpp"

namespace fakeapi::run {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct FakeSurroundings : Surroundings {
  std::optional<std::string> set_api_up(bool up) override {
    calls.push_back(up ? "up" : "down");
    return std::nullopt;
  }
  std::optional<std::string> set_token(cluster::Instant, const scenario::SetToken&) override {
    calls.push_back("token");
    return std::nullopt;
  }
  std::optional<std::string> set_authority(const scenario::SetAuthority&) override {
    return std::nullopt;
  }
  void set_rights(cluster::Instant, cluster::User::Rights rights) override {
    calls.push_back(rights == cluster::User::Rights::read_endpoints ? "read" : "other rights");
  }
  void end_connections() override { calls.push_back("end"); }

  std::vector<std::string> calls;
};

struct Played {
  explicit Played(const std::string& timeline)
      : play(load("version: 1\nabout: A test.\nservices:\n  db: {ports: {tcp: 80}, pods: 2}\n" +
                  timeline),
             {1, 1, PodNetwork::none, false}, {cluster, faults, listeners, surroundings, log}) {
    EXPECT_EQ(play.advance(now), std::nullopt);
    play.begin();
  }
  static scenario::Scenario load(const std::string& text) {
    auto loaded = scenario::load_scenario(text, "test.yaml", scenario::no_files);
    return std::get<scenario::Scenario>(std::move(loaded));
  }
  void pass(cluster::Duration time) {
    now += time;
    EXPECT_EQ(play.advance(now), std::nullopt);
    cluster.advance(now);
  }
  double seconds() const { return std::chrono::duration<double>(play.clock().at(now)).count(); }
  /// What the log says of a lane.
  std::vector<std::string> said(const std::string& lane) const {
    std::vector<std::string> found;
    for (const std::string* line : log.lines_since(log.epoch_since())) {
      const auto json = nlohmann::json::parse(*line);
      if (json["lane"] == lane)
        found.push_back(json["what"].get<std::string>() + " " + json["why"].get<std::string>());
    }
    return found;
  }

  cluster::Instant now{};
  cluster::Cluster cluster{{}};
  wire::FaultPlan faults{1};
  boost::asio::io_context loop;
  server::PodListeners listeners{loop};
  FakeSurroundings surroundings;
  EventLog log;
  Play play;
};

const std::string away =
    "timeline:\n- {at: 10s, why: off, api: down}\n- {at: 13s, why: on, api: up}\n";

TEST(Play, SeekForwardDoesAllStepsOnTheWayInTheirOrder) {
  Played test(
      "timeline:\n- {at: 10s, why: a, pods: {db-0: ready}}\n- {at: 20s, why: b, pods: {db-1: "
      "ready}}\n- {at: 30s, why: c, controllers: paused}\n");
  EXPECT_EQ(test.play.seek(test.now, 25s), std::nullopt);
  EXPECT_THAT(test.said("steps"), ElementsAre("step a", "step b"));
  EXPECT_EQ(test.play.next_step(), 30s);
  EXPECT_EQ(test.seconds(), 25);
}

// The step behind the end of all faults is not ended by it.
TEST(Play, SeekEndsFaultsBetweenTheStepsBeforeAndAfter) {
  Played test(
      "timeline:\n- {at: 10s, why: a, api: down}\n- {at: 30s, why: b, api: down}\nheal: 20s\n");
  EXPECT_EQ(test.play.seek(test.now, 40s), std::nullopt);
  EXPECT_THAT(test.surroundings.calls, ElementsAre("down", "up", "down"));
}

// A step that asks for the past finds what the steps before it made, as if the clock had run.
TEST(Play, RollbackWithinASeekGoesBackToThatTime) {
  Played test(
      "timeline:\n- {at: 10s, why: a, pods: {db-0: ready}}\n- {at: 20s, why: b, scale: {db: 0}}\n"
      "- {at: 30s, why: c, rollback: 15s}\n");
  EXPECT_EQ(test.play.seek(test.now, 40s), std::nullopt);
  const auto pod =
      test.cluster.operate(test.now, "GET", "/api/v1/namespaces/default/pods/db-0", "", "");
  EXPECT_EQ(pod.status, 200);
}

TEST(Play, SeekBackIsANewEpoch) {
  Played test("timeline:\n- {at: 10s, why: a, pods: {db-0: ready}}\n");
  EXPECT_EQ(test.play.seek(test.now, 15s), std::nullopt);
  const auto version = test.cluster.version();
  EXPECT_EQ(test.play.seek(test.now, 5s), std::nullopt);
  EXPECT_EQ(test.play.epoch(), 2U);
  EXPECT_GT(test.cluster.version(), version);
  EXPECT_THAT(test.surroundings.calls, ElementsAre("end"));
  EXPECT_THAT(test.said("steps"), ElementsAre());
  EXPECT_THAT(test.said("truth/db"), ElementsAre("ready 0/2 at the start"));
}

TEST(Play, RestartTakesBackWhatStepsChangedBeyondObjects) {
  Played test(
      "timeline:\n- {at: 10s, why: a, rights: nothing, token: expired, api: down}\nfaults:\n"
      "- {name: x, latency: 1s}\nheal: never\n");
  EXPECT_EQ(test.play.seek(test.now, 15s), std::nullopt);
  test.faults.remove("x");
  test.surroundings.calls.clear();
  EXPECT_EQ(test.play.restart(test.now), std::nullopt);
  EXPECT_THAT(test.surroundings.calls, ElementsAre("read", "token", "end", "up"));
  EXPECT_NE(test.faults.find("x"), nullptr);
}

// Nobody could let it go on.
TEST(Play, ClockRunsWhileTheApiIsDownAndStandsWhenItIsBack) {
  Played test(away);
  test.play.pause(test.now);
  EXPECT_EQ(test.play.seek(test.now, 10s), std::nullopt);
  EXPECT_FALSE(test.play.clock().paused());
  EXPECT_TRUE(test.play.pauses_when_back());
  test.pass(3s);
  EXPECT_TRUE(test.play.clock().paused());
  EXPECT_FALSE(test.play.pauses_when_back());
  test.pass(100s);
  EXPECT_EQ(test.seconds(), 13);
}

TEST(Play, ClockRunsWhileAFaultRefusesConnections) {
  Played test(away);
  test.play.pause(test.now);
  test.faults.put(std::get<fault::Fault>(
      fault::parse_fault("x", R"({"connect": "refuse", "window": "0s..2s"})")));
  test.play.advance(test.now);
  EXPECT_FALSE(test.play.clock().paused());
  test.pass(2s);
  EXPECT_TRUE(test.play.clock().paused());
  EXPECT_THAT(test.said("fault/x"),
              ElementsAre("active network: connect refuse", "over network: connect refuse"));
}

TEST(Play, ResumeForgetsThatItWasToStand) {
  Played test(away);
  test.play.pause(test.now);
  EXPECT_EQ(test.play.seek(test.now, 10s), std::nullopt);
  test.play.resume(test.now);
  test.pass(5s);
  EXPECT_FALSE(test.play.clock().paused());
}

TEST(Play, ApiDownByHandNeedsAStepThatBringsItBack) {
  Played test(away + "heal: never\n");
  EXPECT_EQ(test.play.perform_now(test.now, "api: down"), std::nullopt);
  EXPECT_EQ(test.play.perform_now(test.now, "api: up"), std::nullopt);
  EXPECT_EQ(test.play.seek(test.now, 14s), std::nullopt);
  EXPECT_THAT(test.play.perform_now(test.now, "api: down").value_or(""),
              HasSubstr("keep everybody"));
}

TEST(Play, StreamsOfAnEpochEndInIt) {
  Played test(away);
  test.log.listen();
  scenario::RequestSeen seen;
  seen.number = 7;
  seen.is_stream = true;
  test.play.request_came(seen);
  EXPECT_EQ(test.play.restart(test.now), std::nullopt);
  test.play.stream_ended(test.now, 7, true);
  EXPECT_THAT(test.said("client/unknown"), ElementsAre());
}

}  // namespace
}  // namespace fakeapi::run
