// Laws that hold whatever is done to the cluster: a list is what the watch from any earlier version
// adds up to, and a watch can be resumed at any version it delivered without a gap and without a
// repetition.
#include <cstdint>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::testing {
namespace {

using nlohmann::json;
using State = std::map<std::string, json>;

// One random write to one of four objects; refusals are part of it.
void write_something(Client& client) {
  const std::string name = *rc::gen::element<std::string>("a", "b", "c", "d");
  const std::string app = *rc::gen::element<std::string>("x", "y");
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      client.post(endpoints_path, endpoints_object(name, app));
      break;
    case 1:
      client.put(endpoints_path + "/" + name, endpoints_object(name, app));
      break;
    case 2:
      client.merge(endpoints_path + "/" + name, {{"metadata", {{"labels", {{"app", app}}}}}});
      break;
    case 3:
      client.remove(endpoints_path + "/" + name);
      break;
    default:
      client.post(pods_path, pod_object(name, app));
      break;
  }
}

std::string any_selector() {
  return *rc::gen::element<std::string>("", "&labelSelector=app%3Dx", "&labelSelector=app%21%3Dx",
                                        "&fieldSelector=metadata.name%3Da",
                                        "&fieldSelector=metadata.name%21%3Da",
                                        "&labelSelector=app%3Dx&fieldSelector=metadata.name%3Db");
}

State listed(Client& client, const std::string& query) {
  State out;
  const Answer answer = client.get(endpoints_path + "?" + query);
  for (const json& item : answer.body["items"]) out[item["metadata"]["name"]] = item;
  return out;
}

void fold(State& state, const std::vector<json>& events) {
  for (const json& event : events) {
    json object = event["object"];
    const std::string name = object["metadata"]["name"];
    object.erase("kind");
    object.erase("apiVersion");
    if (event["type"] == "DELETED") {
      RC_ASSERT(state.erase(name) == 1U);
    } else {
      RC_ASSERT((event["type"] == "ADDED") == (state.count(name) == 0U));
      state[name] = std::move(object);
    }
  }
}

TEST(Properties, AListIsTheFoldOfAWatchFromAnyEarlierVersion) {
  EXPECT_TRUE(rc::check("list = fold(watch from any version, after the list of that version)", [] {
    Client client;
    const int writes = *rc::gen::inRange(0, 30);
    for (int i = 0; i < writes; ++i) write_something(client);
    const std::uint64_t from = *rc::gen::inRange<std::uint64_t>(1, client.cluster.version() + 1);
    const std::string selector = any_selector();
    const std::string version = "resourceVersion=" + std::to_string(from);
    State state = listed(client, version + "&resourceVersionMatch=Exact" + selector);
    const auto stream = client.watch(endpoints_path + "?watch=true&" + version + selector);
    fold(state, client.read(*stream));
    for (int i = 0; i < 5; ++i) write_something(client);
    fold(state, client.read(*stream));
    RC_ASSERT(state == listed(client, selector));
  }));
}

TEST(Properties, AWatchResumesAtAnyDeliveredVersionWithoutGapOrRepetition) {
  EXPECT_TRUE(rc::check("watch(v) = watch(v) up to w, then watch(w)", [] {
    Client client;
    for (int i = 0; i < 30; ++i) write_something(client);
    const std::string selector = any_selector();
    const auto watched = [&](const std::string& version) {
      const auto stream =
          client.watch(endpoints_path + "?watch=true&resourceVersion=" + version + selector);
      return client.read(*stream);
    };
    const std::vector<json> all = watched("1");
    RC_PRE(!all.empty());
    const auto at = static_cast<std::size_t>(*rc::gen::inRange<std::size_t>(0, all.size()));
    const std::vector<json> rest = watched(all[at]["object"]["metadata"]["resourceVersion"]);
    RC_ASSERT(rest ==
              std::vector<json>(all.begin() + static_cast<std::ptrdiff_t>(at) + 1, all.end()));
  }));
}

// KEP-3157: the events before the bookmark are the list.
TEST(Properties, InitialEventsAreTheList) {
  EXPECT_TRUE(rc::check("initial events, up to the bookmark = list", [] {
    Client client;
    for (int i = 0; i < 20; ++i) write_something(client);
    const std::string selector = any_selector();
    const auto stream =
        client.watch(endpoints_path +
                     "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                     "&allowWatchBookmarks=true" +
                     selector);
    std::vector<json> events = client.read(*stream);
    RC_ASSERT(!events.empty());
    RC_ASSERT(events.back()["type"] == "BOOKMARK");
    events.pop_back();
    State state;
    fold(state, events);
    RC_ASSERT(state == listed(client, selector));
  }));
}

}  // namespace
}  // namespace fakeapi::cluster::testing
