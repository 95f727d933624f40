// The store: versions, history, order, and texts that are made once.
#include "fakeapi/cluster/store.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::cluster {
namespace {

nlohmann::json named(const std::string& name, const std::string& space = "default") {
  return {{"kind", "Endpoints"},
          {"apiVersion", "v1"},
          {"metadata", {{"name", name}, {"namespace", space}}}};
}

std::shared_ptr<Kinds> kinds() {
  static const auto table = std::make_shared<Kinds>();
  return table;
}
const Kind& endpoints() { return kinds()->of("endpoints"); }

// One sequence for all kinds, and a deletion takes a number too (wire-facts, "Versions").
TEST(Store, EveryChangeTakesTheNextVersion) {
  Store store(kinds());
  EXPECT_EQ(store.put(endpoints(), named("a"))->version(), 1U);
  EXPECT_EQ(store.put(kinds()->of("pods"), named("a"))->version(), 2U);
  EXPECT_EQ(store.remove(endpoints(), named("a"))->version(), 3U);
}

TEST(Store, ThePastIsReadFromTheHistory) {
  Store store(kinds());
  store.put(endpoints(), named("a"));
  store.put(endpoints(), named("b"));
  store.remove(endpoints(), named("a"));
  EXPECT_EQ(store.objects_at(endpoints(), 1).size(), 1U);
  EXPECT_EQ(store.objects_at(endpoints(), 2).size(), 2U);
  EXPECT_EQ(store.objects_at(endpoints(), 3).begin()->first.name, "b");
}

// etcd orders by the whole key, where '-' and '.' come before the '/' that ends a namespace.
TEST(Store, ObjectsComeInTheOrderOfEtcdsKeys) {
  Store store(kinds());
  for (const char* space : {"a", "a-b", "ab"}) store.put(endpoints(), named("x", space));
  std::vector<std::string> order;
  store.visit(endpoints(), {},
              [&](const ObjectPtr& object) { order.push_back(object->namespace_name()); });
  EXPECT_EQ(order, (std::vector<std::string>{"a-b", "a", "ab"}));
}

TEST(Store, CompactionForgetsOldEventsOnly) {
  Store store(kinds());
  store.put(endpoints(), named("a"));
  store.put(endpoints(), named("b"));
  store.compact(1);
  EXPECT_EQ(store.compacted(endpoints()), 1U);
  EXPECT_EQ(store.first_sequence(endpoints()), 1U);
  EXPECT_EQ(store.event(endpoints(), 1).version, 2U);
}

TEST(Store, TheHistoryStaysWithinItsLimit) {
  Store store(kinds());
  store.set_history_limit(2);
  for (const char* name : {"a", "b", "c", "d"}) store.put(endpoints(), named(name));
  EXPECT_EQ(store.end_sequence(endpoints()) - store.first_sequence(endpoints()), 2U);
  EXPECT_EQ(store.compacted(endpoints()), 2U);
}

// An item of a list has no kind and apiVersion (lists.json); the rest is the same text.
TEST(Object, AnItemLeavesKindAndVersionOut) {
  Store store(kinds());
  EXPECT_EQ(store.put(endpoints(), named("a"))->item(),
            R"({"metadata":{"name":"a","namespace":"default","resourceVersion":"1"}})");
}

// The text is made once for all who read it.
TEST(Object, TextsAreShared) {
  Store store(kinds());
  const ObjectPtr object = store.put(endpoints(), named("a"));
  EXPECT_EQ(object->body().get(), object->body().get());
  EXPECT_EQ(object->line(EventType::added).get(), object->line(EventType::added).get());
}

}  // namespace
}  // namespace fakeapi::cluster
