// Writes: deletion in all its forms, what updates may touch, and bodies that make no sense.
#include "fakeapi/cluster/registry.hpp"

#include <cstdint>

#include <gtest/gtest.h>

#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::testing {
namespace {

using nlohmann::json;

// API concepts, "Finalizers": the object stays, marked, until the last one is taken off.
TEST(Registry, AFinalizerKeepsADeletedObject) {
  Client client;
  json object = endpoints_object("a");
  object["metadata"]["finalizers"] = {"example.com/hold"};
  client.post(endpoints_path, object);
  const Answer deleted = client.remove(endpoints_path + "/a");
  EXPECT_TRUE(deleted.body["metadata"].contains("deletionTimestamp"));
  EXPECT_EQ(client.get(endpoints_path + "/a").status, 200);
  client.merge(endpoints_path + "/a", {{"metadata", {{"finalizers", nullptr}}}});
  EXPECT_EQ(client.get(endpoints_path + "/a").status, 404);
}

// registry/core/pod/strategy.go CheckGracefulDelete: nobody would confirm the end of a Pod without
// a Node.
TEST(Registry, APodWithoutANodeGoesAtOnce) {
  Client client;
  client.post(pods_path, pod_object("p", "a", ""));
  client.remove(pods_path + "/p");
  EXPECT_EQ(client.get(pods_path + "/p").status, 404);
}

// The grace period's end deletes nothing: the kubelet does, with a grace period of 0.
TEST(Registry, APodOnANodeWaitsForItsKubelet) {
  Client client;
  client.post(pods_path, pod_object("p", "a"));
  const Answer deleted = client.remove(pods_path + "/p");
  EXPECT_EQ(deleted.status, 200);
  EXPECT_EQ(deleted.body["metadata"]["deletionGracePeriodSeconds"], 30);
  client.pass(std::chrono::seconds(60));
  EXPECT_EQ(client.get(pods_path + "/p").status, 200);
  client.remove(pods_path + "/p?gracePeriodSeconds=0");
  EXPECT_EQ(client.get(pods_path + "/p").status, 404);
}

// metadata.deletionTimestamp is when the grace period ends (traces/graceful-termination.json).
TEST(Registry, TheDeletionTimestampIsTheEndOfTheGracePeriod) {
  Client client;  // its clock starts at the epoch
  client.post(pods_path, pod_object("p", "a"));
  client.pass(std::chrono::seconds(10));
  const Answer deleted = client.remove(pods_path + "/p?gracePeriodSeconds=20");
  EXPECT_EQ(deleted.body["metadata"]["deletionTimestamp"], "1970-01-01T00:00:30Z");
}

// Recording: put-same-content. The replayer does not compare versions, so they are compared here.
TEST(Registry, AWriteThatChangesNothingKeepsTheVersion) {
  Client client;
  const Answer created = client.post(endpoints_path, endpoints_object("a"));
  const std::uint64_t version = client.cluster.version();
  const Answer again = client.put(endpoints_path + "/a", endpoints_object("a"));
  EXPECT_EQ(again.body, created.body);
  EXPECT_EQ(client.cluster.version(), version);
}

// registry/rest/delete.go: only a shorter grace period may be given later.
TEST(Registry, ALongerGracePeriodChangesNothing) {
  Client client;
  client.post(pods_path, pod_object("p", "a"));
  const Answer first = client.remove(pods_path + "/p");
  const Answer second = client.remove(pods_path + "/p?gracePeriodSeconds=600");
  EXPECT_EQ(second.body["metadata"], first.body["metadata"]);
}

// API concepts, "Updates to existing resources".
TEST(Registry, AnUpdateOfAnotherUidIsAConflict) {
  Client client;
  client.post(endpoints_path, endpoints_object("a"));
  json object = endpoints_object("a");
  object["metadata"]["uid"] = "00000000-0000-0000-0000-000000000000";
  EXPECT_EQ(client.put(endpoints_path + "/a", object).status, 409);
}

TEST(Registry, AServiceKeepsItsAddressWhenAnUpdateLeavesItOut) {
  Client client;
  const std::string ip = client.post(services_path, service_object("s")).body["spec"]["clusterIP"];
  const Answer replaced = client.put(services_path + "/s", service_object("s"));
  EXPECT_EQ(replaced.status, 200);
  EXPECT_EQ(replaced.body["spec"]["clusterIP"], ip);
}

TEST(Registry, TwoServicesHaveTwoAddresses) {
  Client client;
  const json one = client.post(services_path, service_object("a")).body["spec"]["clusterIP"];
  const json two = client.post(services_path, service_object("b")).body["spec"]["clusterIP"];
  EXPECT_NE(one, two);
}

// core/validation ValidatePodUpdate: a Pod's spec is all but fixed.
TEST(Registry, APodMayNotMoveToAnotherNode) {
  Client client;
  client.post(pods_path, pod_object("p", "a"));
  const Answer moved = client.merge(pods_path + "/p", {{"spec", {{"nodeName", "other"}}}});
  EXPECT_EQ(moved.status, 422);
  EXPECT_EQ(moved.body["details"]["causes"][0]["field"], "spec");
}

// The mirror image of pod-status-ignores-spec: the main resource does not write the status.
TEST(Registry, AnUpdateOfAPodDoesNotChangeItsStatus) {
  Client client;
  client.post(pods_path, pod_object("p", "a"));
  const Answer patched = client.merge(pods_path + "/p", pod_status("10.0.0.1", true));
  EXPECT_EQ(patched.status, 200);
  EXPECT_EQ(patched.body["status"]["phase"], "Pending");
}

TEST(Registry, TheStatusCanAlsoBePut) {
  Client client;
  json pod = client.post(pods_path, pod_object("p", "a")).body;
  pod["status"]["phase"] = "Running";
  EXPECT_EQ(client.put(pods_path + "/p/status", pod).body["status"]["phase"], "Running");
}

// Options.allow_loopback_addresses relaxes the one rule that forbids backends on this machine.
TEST(Registry, LoopbackIsAllowedWhereTheOptionsSaySo) {
  json object = endpoints_object("a");
  object["subsets"][0]["addresses"][0]["ip"] = "127.0.0.1";
  Client strict;
  EXPECT_EQ(strict.post(endpoints_path, object).status, 422);
  Options options;
  options.allow_loopback_addresses = true;
  Client relaxed(options);
  EXPECT_EQ(relaxed.post(endpoints_path, object).status, 201);
}

// Bodies of any type must be answered, not crashed on.
TEST(Registry, ValuesOfUnexpectedTypesAreRefusedOrStored) {
  Client client;
  for (const json& odd : {json(1), json("x"), json::array({1, "x", nullptr}), json::object(),
                          json(nullptr), json(true)}) {
    for (const char* key : {"subsets", "spec", "status", "metadata", "endpoints", "ports"}) {
      for (const std::string& path : {endpoints_path, services_path, pods_path, slices_path}) {
        json object = {{"metadata", {{"name", "odd"}}}};
        object[key] = odd;
        EXPECT_LT(client.post(path, object).status, 500) << path << " " << object;
      }
    }
  }
}

// A server that is asked the same gives the same answer: uids, names and times included.
TEST(Cluster, TheSameCallsGiveTheSameAnswers) {
  const auto run = [] {
    Options options;
    options.seed = 42;
    options.nodes = {"n"};
    Client client(options);
    std::string all;
    client.cluster.on_change([&](Instant, const Change& change) { all += change.object->dump(); });
    client.post(services_path, service_object("a"));
    client.post(pods_path, pod_object("p", "a"));
    client.pass(std::chrono::seconds(1));
    client.merge(pods_path + "/p/status", pod_status("10.0.0.1", true));
    client.pass(std::chrono::seconds(1));
    return all + client.get(slices_path).body.dump();
  };
  EXPECT_EQ(run(), run());
}

// A period that no clock reaches is written down, and overflows nothing.
TEST(Registry, AGracePeriodMayBeAnyNumber) {
  Client client;
  client.post(pods_path, pod_object("p", "a"));
  const Answer deleted = client.remove(pods_path + "/p", {{"gracePeriodSeconds", INT64_MAX}});
  EXPECT_EQ(deleted.status, 200);
  EXPECT_EQ(deleted.body["metadata"]["deletionGracePeriodSeconds"], INT64_MAX);
  EXPECT_EQ(client.get(pods_path + "/p").status, 200);
}

}  // namespace
}  // namespace fakeapi::cluster::testing
