// A replica that lags and a history that went back: the two ways in which a client meets the past.
#include <cstdint>

#include <gtest/gtest.h>

#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::testing {
namespace {

using nlohmann::json;
using State = WatchStream::State;
using Told = std::vector<std::string>;

const std::string watch_list =
    "?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";

std::string version_of(const Answer& answer) { return answer.body["metadata"]["resourceVersion"]; }

struct Lagging : ::testing::Test {
  Lagging() {
    client.post(endpoints_path, endpoints_object("old"));
    held = client.cluster.version();
    client.cluster.hold_cache(held);
    client.post(endpoints_path, endpoints_object("new"));
  }
  Client client;
  std::uint64_t held = 0;
};

TEST_F(Lagging, ReadsAsOfNowAreCurrent) {
  EXPECT_EQ(client.get(endpoints_path).body["items"].size(), 2U);
  EXPECT_EQ(client.get(endpoints_path + "/new").status, 200);
}

TEST_F(Lagging, ReadsThatACacheMayAnswerAreOld) {
  const Answer any = client.get(endpoints_path + "?resourceVersion=0");
  EXPECT_EQ(any.body["items"].size(), 1U);
  EXPECT_EQ(version_of(any), std::to_string(held));
  EXPECT_EQ(client.get(endpoints_path + "/new?resourceVersion=0").status, 404);
  EXPECT_EQ(client.get(endpoints_path + "/old?resourceVersion=0").status, 200);
}

TEST_F(Lagging, AVersionThatItHasNotReachedIsTooLarge) {
  const std::string newer = "?resourceVersion=" + std::to_string(held + 1);
  const Answer list = client.get(endpoints_path + newer);
  EXPECT_EQ(list.status, 504);
  EXPECT_EQ(list.body["message"],
            "Timeout: Too large resource version: " + std::to_string(held + 1) +
                ", current: " + std::to_string(held));
  EXPECT_EQ(client.get(endpoints_path + newer + "&resourceVersionMatch=Exact").status, 200);
}

TEST_F(Lagging, AWatchIsSilentUntilTheCacheCatchesUp) {
  const auto stream =
      client.watch(endpoints_path + "?watch=true&resourceVersion=" + std::to_string(held));
  int woken = 0;
  stream->on_ready([&] { ++woken; });
  EXPECT_EQ(stream->next(client.now).state, State::idle);
  client.cluster.hold_cache(std::nullopt);
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(Client::told(client.read(*stream)), Told{"ADDED new"});
}

TEST_F(Lagging, TheCacheMovesOnStepByStep) {
  client.post(endpoints_path, endpoints_object("newest"));
  const auto stream = client.watch(endpoints_path + "?watch=true");
  EXPECT_EQ(Client::told(client.read(*stream)), Told{"ADDED old"});
  client.cluster.hold_cache(held + 1);
  EXPECT_EQ(Client::told(client.read(*stream)), Told{"ADDED new"});
}

TEST_F(Lagging, BookmarksTellHowFarTheCacheIs) {
  const auto stream = client.watch(endpoints_path + "?watch=true&allowWatchBookmarks=true" +
                                   "&resourceVersion=" + std::to_string(held));
  client.read(*stream);
  client.now += std::chrono::minutes(1);
  const auto events = client.read(*stream);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["object"]["metadata"]["resourceVersion"], std::to_string(held));
}

// cacher.go, Watch: initial events as of now wait for the cache, for 3 s.
TEST_F(Lagging, AListInAStreamIsNeverOld) {
  const auto stream = client.watch(endpoints_path + watch_list);
  const auto events = client.read(*stream);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["type"], "ERROR");
  EXPECT_EQ(events[0]["object"]["code"], 504);
}

TEST_F(Lagging, AStreamThatWasBehindIsWokenByWhatComesAfterARollback) {
  const auto stream = client.watch(endpoints_path + "?watch=true");
  client.read(*stream);
  client.cluster.roll_back(client.now, held);
  EXPECT_EQ(stream->next(client.now).state, State::idle);
  client.cluster.hold_cache(std::nullopt);
  client.post(endpoints_path, endpoints_object("other"));
  EXPECT_EQ(Client::told(client.read(*stream)), Told{"ADDED other"});
}

TEST(Rollback, AllIsAsItWasAndVersionsAreGivenOnceMore) {
  Client client;
  client.post(endpoints_path, endpoints_object("kept"));
  client.post(endpoints_path, endpoints_object("deleted"));
  const std::uint64_t then = client.cluster.version();
  const json before = client.get(endpoints_path).body;
  client.remove(endpoints_path + "/deleted");
  client.put(endpoints_path + "/kept", endpoints_object("kept", "b"));
  client.post(endpoints_path, endpoints_object("made"));
  client.cluster.roll_back(client.now, then);
  EXPECT_EQ(client.get(endpoints_path).body, before);
  const Answer next = client.post(endpoints_path, endpoints_object("next"));
  EXPECT_EQ(version_of(next), std::to_string(then + 1));
}

TEST(Rollback, AnOpenWatchIsSilentUntilItsVersionIsPassed) {
  Client client;
  const std::uint64_t then = client.cluster.version();
  client.post(endpoints_path, endpoints_object("a"));
  client.post(endpoints_path, endpoints_object("b"));
  const auto stream = client.watch(endpoints_path + "?watch=true");
  client.read(*stream);
  client.cluster.roll_back(client.now, then);
  client.post(endpoints_path, endpoints_object("c"));
  client.post(endpoints_path, endpoints_object("d"));
  EXPECT_TRUE(client.read(*stream).empty());
  client.post(endpoints_path, endpoints_object("e"));
  EXPECT_EQ(Client::told(client.read(*stream)), Told{"ADDED e"});
}

// cacheWatcher.process: no bookmark either, or the client would believe that it is up to date.
TEST(Rollback, AWatchFromTheLostFutureGetsNoBookmark) {
  Client client;
  const std::uint64_t then = client.cluster.version();
  client.post(endpoints_path, endpoints_object("a"));
  const std::string lost = std::to_string(client.cluster.version());
  client.cluster.roll_back(client.now, then);
  const auto stream =
      client.watch(endpoints_path + "?watch=true&allowWatchBookmarks=true&resourceVersion=" + lost);
  client.now += std::chrono::minutes(1);
  EXPECT_TRUE(client.read(*stream).empty());
  const Answer list =
      client.get(endpoints_path + "?resourceVersionMatch=NotOlderThan&resourceVersion=" + lost);
  EXPECT_EQ(list.status, 504);
}

TEST(Rollback, ControllersRepairWhatIsBackAgain) {
  Client client;
  client.post(services_path, {{"metadata", {{"name", "db"}}},
                              {"spec", {{"selector", {{"a", "b"}}}, {"ports", {{{"port", 1}}}}}}});
  const std::uint64_t without_slices = client.cluster.version();
  client.pass(std::chrono::seconds(5));
  ASSERT_EQ(client.get(slices_path).body["items"].size(), 1U);
  client.cluster.roll_back(client.now, without_slices);
  ASSERT_EQ(client.get(slices_path).body["items"].size(), 0U);
  client.pass(std::chrono::seconds(5));
  EXPECT_EQ(client.get(slices_path).body["items"].size(), 1U);
}

TEST(Rollback, ADefinitionThatIsUndoneTakesItsResourceAlong) {
  Client client;
  const std::uint64_t then = client.cluster.version();
  client.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
              json::parse(R"({"metadata":{"name":"things.x.io"},"spec":{"group":"x.io",
    "scope":"Namespaced","names":{"plural":"things","kind":"Thing"},"versions":[{"name":"v1",
    "served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}})"));
  client.pass(std::chrono::seconds(5));
  const std::string things = "/apis/x.io/v1/namespaces/default/things";
  ASSERT_EQ(client.get(things).status, 200);
  client.cluster.roll_back(client.now, then);
  EXPECT_EQ(client.get(things).status, 404);
}

}  // namespace
}  // namespace fakeapi::cluster::testing
