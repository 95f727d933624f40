// Watches: what needs a special state of the server (expired history, slow readers) or much time.
#include "fakeapi/cluster/watch_hub.hpp"

#include <cstdint>

#include <gtest/gtest.h>

#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::testing {
namespace {

using State = WatchStream::State;
using Told = std::vector<std::string>;

// wire-facts, "Expired history".
TEST(Watch, FromBeforeTheCompactionIsOneErrorAndTheEnd) {
  Client client;
  client.post(endpoints_path, endpoints_object("a"));
  client.post(endpoints_path, endpoints_object("b"));
  const std::uint64_t newest = client.cluster.version();
  client.cluster.compact(newest);
  const auto stream = client.watch(endpoints_path + "?watch=true&resourceVersion=1");
  const auto events = client.read(*stream);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["type"], "ERROR");
  EXPECT_EQ(events[0]["object"]["code"], 410);
  EXPECT_EQ(events[0]["object"]["reason"], "Expired");
  EXPECT_EQ(events[0]["object"]["message"],
            "too old resource version: 1 (" + std::to_string(newest) + ")");
  EXPECT_EQ(stream->next(client.now).state, State::ended);
}

// A stream is never skipped forward: what it has not read and cannot read any more cuts it.
TEST(Watch, AReaderThatFallsBehindTheHistoryIsCut) {
  Client client;
  const auto stream = client.watch(endpoints_path + "?watch=true");
  client.read(*stream);
  client.cluster.set_history_limit(2);
  for (const char* name : {"a", "b", "c"}) client.post(endpoints_path, endpoints_object(name));
  EXPECT_EQ(stream->next(client.now).state, State::cut);
  EXPECT_EQ(stream->next(client.now).state, State::cut);
}

// ... but a stream that waits for other objects is not behind, however much happens beside it.
TEST(Watch, WhatDoesNotConcernAStreamDoesNotCutIt) {
  Client client;
  const auto stream = client.watch(endpoints_path + "?watch=true&fieldSelector=metadata.name=z");
  EXPECT_TRUE(client.read(*stream).empty());
  client.cluster.set_history_limit(1);
  for (const char* name : {"a", "b", "c", "z"}) client.post(endpoints_path, endpoints_object(name));
  EXPECT_EQ(Client::told(client.read(*stream)), Told{"ADDED z"});
}

TEST(Watch, AnIdleStreamIsWokenOnceByWhatConcernsIt) {
  Client client;
  const auto one = client.watch(endpoints_path + "?watch=true&fieldSelector=metadata.name=a");
  const auto other = client.watch("/api/v1/namespaces/kube-system/endpoints?watch=true");
  int woken = 0;
  int other_woken = 0;
  one->on_ready([&] { ++woken; });
  other->on_ready([&] { ++other_woken; });
  client.read(*one);
  client.read(*other);
  client.post(endpoints_path, endpoints_object("b"));
  EXPECT_EQ(woken, 0);
  client.post(endpoints_path, endpoints_object("a"));
  client.merge(endpoints_path + "/a", {{"metadata", {{"labels", {{"x", "y"}}}}}});
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(other_woken, 0);
  EXPECT_EQ(Client::told(client.read(*one)), (Told{"ADDED a", "MODIFIED a"}));
}

TEST(Watch, ManyStreamsShareTheTextOfAnEvent) {
  Client client;
  const auto one = client.watch(endpoints_path + "?watch=true");
  const auto two = client.watch("/api/v1/endpoints?watch=true");
  client.post(endpoints_path, endpoints_object("a"));
  EXPECT_EQ(one->next(client.now).bytes.get(), two->next(client.now).bytes.get());
}

// wire-facts, "Bookmarks": about 2 s before the end; and about once a minute (cacher.go).
TEST(Watch, BookmarksComeEachMinuteAndBeforeTheEnd) {
  Client client;
  const auto version = std::to_string(client.cluster.version());
  const auto stream = client.watch(
      endpoints_path +
      "?watch=true&allowWatchBookmarks=true&timeoutSeconds=90&resourceVersion=" + version);
  EXPECT_TRUE(client.read(*stream).empty());
  std::vector<std::int64_t> seconds;
  while (stream->next(client.now).state != State::ended) {
    const auto due = stream->deadline();
    ASSERT_TRUE(due);
    client.now = *due;
    const auto events = client.read(*stream);
    for (const auto& event : events) {
      EXPECT_EQ(event["type"], "BOOKMARK");
      EXPECT_EQ(event["object"]["metadata"]["resourceVersion"], version);
      seconds.push_back(
          std::chrono::duration_cast<std::chrono::seconds>(client.now.time_since_epoch()).count());
    }
  }
  EXPECT_EQ(seconds, (std::vector<std::int64_t>{60, 88}));
}

// apiserver: --min-request-timeout 1800 s, and at most twice that.
TEST(Watch, WithoutATimeoutAStreamLivesBetweenHalfAnHourAndAnHour) {
  Client client;
  for (int i = 0; i < 20; ++i) {
    const auto ends = client.watch(endpoints_path + "?watch=true")->deadline();
    ASSERT_TRUE(ends);
    EXPECT_GE(*ends, Instant{} + std::chrono::seconds(1800));
    EXPECT_LT(*ends, Instant{} + std::chrono::seconds(3600));
  }
}

// wire-facts, "Versions": a watch from the future is silent until the future is reached.
TEST(Watch, FromTheFutureIsSilentUntilThatVersionIsPassed) {
  Client client;
  const std::uint64_t future = client.cluster.version() + 2;
  const auto stream =
      client.watch(endpoints_path + "?watch=true&allowWatchBookmarks=true&resourceVersion=" +
                   std::to_string(future));
  client.post(endpoints_path, endpoints_object("a"));
  client.pass(std::chrono::seconds(61));
  EXPECT_TRUE(client.read(*stream).empty());
  client.post(endpoints_path, endpoints_object("b"));
  client.post(endpoints_path, endpoints_object("c"));
  EXPECT_EQ(Client::told(client.read(*stream)), Told{"ADDED c"});
}

TEST(Watch, AStreamMayOutliveItsCluster) {
  std::unique_ptr<WatchStream> stream;
  {
    Client client;
    client.post(endpoints_path, endpoints_object("a"));
    stream = client.watch(endpoints_path + "?watch=true");
  }
  EXPECT_EQ(stream->next(Instant{}).state, State::ready);
  EXPECT_EQ(stream->next(Instant{}).state, State::idle);
}

}  // namespace
}  // namespace fakeapi::cluster::testing
