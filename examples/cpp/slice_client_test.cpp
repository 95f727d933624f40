// What slice_client does while a cluster does what clusters do.
#include "slice_client.hpp"

#include <chrono>
#include <future>

#include <gtest/gtest.h>

#include "fakeapi/testing/fake_cluster.hpp"

namespace {

using fakeapi::testing::FakeCluster;

// A database that is there and not ready.
const char* const database = R"(
version: 1
about: A database that is not ready yet.
services:
  db: {ports: {tcp: 5432}, pods: 1}
timeline:
  - {at: 0s, why: it starts, pods: {db-0: running}}
expect:
  exit: 0
  truth: {db: 1}
  order: [list endpointslices, watch endpointslices]
  at-most: {request: {verb: list, resource: endpointslices}, requests: 2}
  no: [watch-without-timeout, retry-after-ignored, connection-per-poll]
)";

const fakeapi::testing::Which watches{
    .verb = "watch", .resource = "endpointslices", .user_agent = "slice-client", .open = true};

SliceClient client_of(const FakeCluster& cluster) {
  const std::string address = cluster.url().substr(std::string("https://").size());
  const auto colon = address.rfind(':');
  return SliceClient(
      {address.substr(0, colon), address.substr(colon + 1), cluster.ca_file(), cluster.token()});
}

/// The client in a thread of its own; it tells the cluster when it takes the database for ready.
std::future<void> start_client(FakeCluster& cluster) {
  return std::async(std::launch::async, [&cluster] {
    client_of(cluster).wait_until_ready("db");
    cluster.ended(0);
  });
}

TEST(SliceClient, WaitsUntilTheDatabaseListens) {
  FakeCluster cluster(database);
  auto client = start_client(cluster);
  cluster.wait_for(watches);
  cluster.perform("pods: {db-0: ready}");
  client.get();
  EXPECT_TRUE(cluster.verdict().met()) << cluster.verdict().text();
}

TEST(SliceClient, WaitsAsLongAsAnOverloadedServerAsksFor) {
  FakeCluster cluster(database);
  cluster.put_fault(
      "overload",
      "{match: {verb: list, user-agent: slice-client, nth: 1}, respond: {status: 429}}");
  auto client = start_client(cluster);
  cluster.wait_for(watches);
  cluster.perform("pods: {db-0: ready}");
  client.get();
  EXPECT_EQ(cluster.requests({.verb = "list"}).front().fault, "overload");
  EXPECT_TRUE(cluster.verdict().met()) << cluster.verdict().text();
}

// The API shows what was before a restart; a client that believes it starts too early.
TEST(SliceClient, IsDeceivedByAddressesOfBeforeARestart) {
  FakeCluster cluster(database);
  cluster.perform("pods: {db-0: stale}");
  start_client(cluster).get();
  const auto verdict = cluster.verdict();
  EXPECT_FALSE(verdict.met());
  EXPECT_NE(verdict.text().find("NOT MET  not before 1 Pod of db listens"), std::string::npos)
      << verdict.text();
}

}  // namespace
