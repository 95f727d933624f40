// Controllers where the traces are silent: order, pausing, Nodes, labels, cleaning up.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/controllers/subsets.hpp"
#include "fakeapi/cluster/controllers/work_queue.hpp"
#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::testing {
namespace {

using nlohmann::json;

constexpr Duration settled = std::chrono::milliseconds(100);

Options with_node() {
  Options options;
  options.nodes = {"n"};
  return options;
}

json only_slice(Client& client) {
  const json items = client.get(slices_path).body["items"];
  EXPECT_EQ(items.size(), 1U);
  return items.empty() ? json() : items[0];
}

// wire-facts, "Controllers": changes that come together are merged, and between two writes the two
// kinds disagree.
TEST(Controllers, SlicesAreWrittenBeforeEndpointsAndBothLater) {
  Client client(with_node());
  client.post(services_path, service_object("a"));
  EXPECT_TRUE(client.get(slices_path).body["items"].empty());
  ASSERT_TRUE(client.cluster.next_deadline());
  client.now = *client.cluster.next_deadline();
  client.cluster.advance(client.now);
  EXPECT_EQ(client.get(slices_path).body["items"].size(), 1U);
  EXPECT_TRUE(client.get(endpoints_path).body["items"].empty());
  client.pass(settled);
  EXPECT_EQ(client.get(endpoints_path).body["items"].size(), 1U);
}

TEST(Controllers, ThereIsNothingToDoWhenAllIsDone) {
  Client client(with_node());
  client.post(services_path, service_object("a"));
  client.pass(settled);
  client.pass(settled);
  EXPECT_FALSE(client.cluster.next_deadline());
}

TEST(Controllers, PausedOnesCatchUpWhenTheyRunAgain) {
  Client client(with_node());
  client.pass(settled);
  client.cluster.set_controllers_paused(client.now, true);
  client.post(services_path, service_object("a"));
  client.pass(std::chrono::seconds(10));
  EXPECT_FALSE(client.cluster.next_deadline());
  EXPECT_TRUE(client.get(slices_path).body["items"].empty());
  client.cluster.set_controllers_paused(client.now, false);
  client.pass(settled);
  EXPECT_EQ(client.get(slices_path).body["items"].size(), 1U);
  EXPECT_EQ(client.get(endpoints_path).body["items"].size(), 1U);
}

// endpointslice/utils.go podToEndpoint: terminating Pods stay, serving but not ready.
TEST(Controllers, ATerminatingPodServesAndIsNotReady) {
  Client client(with_node());
  client.post(services_path, service_object("a"));
  client.post(pods_path, pod_object("p", "a"));
  client.merge(pods_path + "/p/status", pod_status("10.0.0.1", true));
  client.pass(settled);
  client.remove(pods_path + "/p");
  client.pass(settled);
  EXPECT_EQ(only_slice(client)["endpoints"][0]["conditions"],
            (json{{"ready", false}, {"serving", true}, {"terminating", true}}));
  EXPECT_FALSE(client.get(endpoints_path + "/a").body.contains("subsets"));
}

// reconciler.go: "skipping Pod for Service, Node not found"; the Pod comes in with its Node.
TEST(Controllers, APodJoinsItsSliceWhenItsNodeComes) {
  Client client;
  client.post(services_path, service_object("a"));
  client.post(pods_path, pod_object("p", "a"));
  client.merge(pods_path + "/p/status", pod_status("10.0.0.1", true));
  client.pass(settled);
  EXPECT_TRUE(only_slice(client)["endpoints"].is_null());
  EXPECT_EQ(client.get(endpoints_path + "/a").body["subsets"].size(), 1U);
  client.post("/api/v1/nodes",
              {{"metadata", {{"name", "n"}, {"labels", {{"topology.kubernetes.io/zone", "z"}}}}}});
  client.pass(settled);
  EXPECT_EQ(only_slice(client)["endpoints"][0]["zone"], "z");
}

// The slice keeps its name while its content comes and goes (reconciler.go, "recycle").
TEST(Controllers, ASliceIsRecycledRatherThanReplaced) {
  Client client(with_node());
  client.post(services_path, service_object("a"));
  client.pass(settled);
  const json name = only_slice(client)["metadata"]["name"];
  client.post(pods_path, pod_object("p", "a"));
  client.merge(pods_path + "/p/status", pod_status("10.0.0.1", true));
  client.pass(settled);
  EXPECT_EQ(only_slice(client)["metadata"]["name"], name);
  client.remove(pods_path + "/p?gracePeriodSeconds=0");
  client.pass(settled);
  EXPECT_EQ(only_slice(client)["metadata"]["name"], name);
  EXPECT_TRUE(only_slice(client)["endpoints"].is_null());
}

TEST(Controllers, ASliceThatSomebodyDeletedIsWrittenAgain) {
  Client client(with_node());
  client.post(services_path, service_object("a"));
  client.pass(settled);
  client.remove(slices_path + "/" + only_slice(client)["metadata"]["name"].get<std::string>());
  client.pass(settled);
  EXPECT_EQ(client.get(slices_path).body["items"].size(), 1U);
}

// trigger_time_tracker.go: the newest reason for the write, here the Pod's turn to Ready.
TEST(Controllers, TheTriggerTimeIsThatOfTheReadyCondition) {
  Client client(with_node());
  client.post(services_path, service_object("a"));
  client.post(pods_path, pod_object("p", "a"));
  client.pass(settled);
  json status = pod_status("10.0.0.1", true);
  status["status"]["conditions"][0]["lastTransitionTime"] = "2030-01-01T00:00:00Z";
  client.merge(pods_path + "/p/status", status);
  client.pass(settled);
  constexpr const char* annotation = "endpoints.kubernetes.io/last-change-trigger-time";
  EXPECT_EQ(only_slice(client)["metadata"]["annotations"][annotation], "2030-01-01T00:00:00Z");
  EXPECT_EQ(client.get(endpoints_path + "/a").body["metadata"]["annotations"][annotation],
            "2030-01-01T00:00:00Z");
}

TEST(Controllers, LabelsOfTheServiceAreThoseOfItsEndpoints) {
  Client client(with_node());
  client.post(services_path, service_object("a"));
  client.pass(settled);
  client.merge(services_path + "/a", {{"metadata", {{"labels", {{"tier", "db"}}}}}});
  client.pass(settled);
  EXPECT_EQ(only_slice(client)["metadata"]["labels"]["tier"], "db");
  EXPECT_EQ(client.get(endpoints_path + "/a").body["metadata"]["labels"]["tier"], "db");
}

// KEP-752: hand-made Endpoints of a Service with a selector are not mirrored, they are overwritten.
TEST(Controllers, OnlyServicesWithoutASelectorAreMirrored) {
  Client client(with_node());
  client.post(endpoints_path, endpoints_object("a"));
  client.pass(settled);
  EXPECT_TRUE(client.get(slices_path).body["items"].empty());
  json service = service_object("a");
  service["spec"].erase("selector");
  client.post(services_path, service);
  client.pass(settled);
  EXPECT_EQ(only_slice(client)["metadata"]["labels"]["endpointslice.kubernetes.io/managed-by"],
            "endpointslicemirroring-controller.k8s.io");
}

// API concepts, "Garbage collection".
TEST(Controllers, DependentsGoWithTheirLastOwner) {
  Client client;
  const json owner = client.post(services_path, service_object("a")).body;
  json dependent = endpoints_object("d");
  dependent["metadata"]["ownerReferences"] = json::array({{{"apiVersion", "v1"},
                                                           {"kind", "Service"},
                                                           {"name", "a"},
                                                           {"uid", owner["metadata"]["uid"]}}});
  client.post(endpoints_path, dependent);
  client.pass(settled);
  EXPECT_EQ(client.get(endpoints_path + "/d").status, 200);
  client.remove(services_path + "/a");
  client.pass(settled);
  EXPECT_EQ(client.get(endpoints_path + "/d").status, 404);
}

TEST(Controllers, ADeletedNamespaceIsEmptiedAndGoes) {
  Client client;
  client.post("/api/v1/namespaces", {{"metadata", {{"name", "x"}}}});
  client.post("/api/v1/namespaces/x/endpoints", endpoints_object("a"));
  EXPECT_EQ(client.remove("/api/v1/namespaces/x").body["status"]["phase"], "Terminating");
  const Answer late = client.post("/api/v1/namespaces/x/endpoints", endpoints_object("b"));
  EXPECT_EQ(late.status, 403);
  EXPECT_EQ(late.body["details"]["causes"][0]["reason"], "NamespaceTerminating");
  client.pass(settled);
  EXPECT_EQ(client.get("/api/v1/namespaces/x").status, 404);
  EXPECT_TRUE(client.get("/api/v1/namespaces/x/endpoints").body["items"].empty());
}

// util.go RepackSubsets: an address that is added both ready and not ready is not ready.
TEST(Subsets, NotReadyWins) {
  SubsetPacker packer;
  const json port = {{"port", 80}, {"protocol", "TCP"}};
  packer.add({{"ip", "10.0.0.1"}}, true, port);
  packer.add({{"ip", "10.0.0.1"}}, false, port);
  const json subsets = packer.subsets();
  ASSERT_EQ(subsets.size(), 1U);
  EXPECT_EQ(subsets[0], (json{{"notReadyAddresses", json::array({{{"ip", "10.0.0.1"}}})},
                              {"ports", json::array({port})}}));
}

// endpoints_controller.go truncateEndpoints: ready addresses stay before those that are not.
TEST(Subsets, ReadyAddressesAreCutLast) {
  json subset = {{"addresses", json::array()}, {"notReadyAddresses", json::array()}};
  for (int i = 0; i < 900; ++i) subset["addresses"].push_back({{"ip", i}});
  for (int i = 0; i < 200; ++i) subset["notReadyAddresses"].push_back({{"ip", i}});
  json subsets = json::array({subset});
  EXPECT_TRUE(truncate_subsets(subsets));
  EXPECT_EQ(subsets[0]["addresses"].size(), 900U);
  EXPECT_EQ(subsets[0]["notReadyAddresses"].size(), 100U);
}

// Changes without end must not put a write off for ever.
TEST(WorkQueue, IsBoundedHoweverOftenAKeyIsAdded) {
  WorkQueue queue(std::chrono::milliseconds(2));
  Instant now{};
  int rounds = 0;
  do {
    queue.add(now, {"ns", "a"});
    now += std::chrono::milliseconds(1);
    ASSERT_LT(++rounds, 100);
  } while (queue.take(now).empty());
  EXPECT_EQ(now, Instant{} + std::chrono::milliseconds(20));
}

// Documentation, "Garbage Collection": foreground, background, orphans.
class Collection : public ::testing::TestWithParam<const char*> {};

TEST_P(Collection, FollowsThePropagationPolicy) {
  const std::string policy = GetParam();
  Client client;
  const std::string maps = "/api/v1/namespaces/default/configmaps";
  const nlohmann::json owner = client.post(maps, {{"metadata", {{"name", "owner"}}}}).body;
  client.post(
      maps,
      {{"metadata",
        {{"name", "dependent"},
         {"ownerReferences", nlohmann::json::array({{{"apiVersion", "v1"},
                                                     {"kind", "ConfigMap"},
                                                     {"name", "owner"},
                                                     {"uid", owner["metadata"]["uid"]}}})}}}});
  const Answer answer = client.remove(maps + "/owner?propagationPolicy=" + policy);
  // Only a deletion in the background is done at once.
  EXPECT_EQ(answer.body["kind"], policy == "Background" ? "Status" : "ConfigMap");
  client.pass(std::chrono::seconds(1));
  EXPECT_EQ(client.get(maps + "/owner").status, 404);
  const Answer dependent = client.get(maps + "/dependent");
  EXPECT_EQ(dependent.status, policy == "Orphan" ? 200 : 404);
  if (policy != "Orphan") return;
  EXPECT_FALSE(dependent.body["metadata"].contains("ownerReferences"));
}

INSTANTIATE_TEST_SUITE_P(Policies, Collection,
                         ::testing::Values("Background", "Foreground", "Orphan"));

}  // namespace
}  // namespace fakeapi::cluster::testing
