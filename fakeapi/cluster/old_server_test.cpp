// Servers of other ages: what becomes of a watch that asks for a list in its stream
// (apimachinery: meta/internalversion/validation).
#include <gtest/gtest.h>

#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::testing {
namespace {

using Told = std::vector<std::string>;

const std::string watch_list =
    "?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";

Client client_of(WatchList age) {
  Options options;
  options.watch_list = age;
  return Client(options);
}

TEST(WatchListOff, IsDeclinedWithTheNameOfItsFeatureGate) {
  Client client = client_of(WatchList::off);
  const Answer answer = client.get(endpoints_path + watch_list);
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.body["message"],
            "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: "
            "sendInitialEvents is forbidden for watch unless the WatchList feature gate is "
            "enabled");
}

TEST(WatchListUnknown, IsDeclinedForItsResourceVersionMatch) {
  Client client = client_of(WatchList::unknown);
  const Answer answer = client.get(endpoints_path + watch_list);
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.body["message"],
            "ListOptions.meta.k8s.io \"\" is invalid: [resourceVersionMatch: Forbidden: "
            "resourceVersionMatch is forbidden for watch, resourceVersionMatch: Forbidden: "
            "resourceVersionMatch is forbidden unless resourceVersion is provided]");
}

TEST(WatchListUnknown, KnowsNothingOfInitialEventsAlone) {
  Client client = client_of(WatchList::unknown);
  EXPECT_TRUE(client.watch(endpoints_path + "?watch=true&sendInitialEvents=true"));
}

TEST(WatchListIgnored, SendsWhatThereIsAndNeverSaysThatItIsAll) {
  Client client = client_of(WatchList::ignored);
  client.post(endpoints_path, endpoints_object("a"));
  const auto stream = client.watch(endpoints_path + watch_list);
  EXPECT_EQ(Client::told(client.read(*stream)), Told{"ADDED a"});
}

TEST(OldServer, WatchesFromAVersionAsEver) {
  for (const WatchList age : {WatchList::off, WatchList::unknown, WatchList::ignored}) {
    Client client = client_of(age);
    client.post(endpoints_path, endpoints_object("a"));
    const std::string version = client.get(endpoints_path).body["metadata"]["resourceVersion"];
    client.post(endpoints_path, endpoints_object("b"));
    const auto stream = client.watch(endpoints_path + "?watch=true&resourceVersion=" + version);
    EXPECT_EQ(Client::told(client.read(*stream)), Told{"ADDED b"});
  }
}

}  // namespace
}  // namespace fakeapi::cluster::testing
