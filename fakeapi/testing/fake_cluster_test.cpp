#include "fakeapi/testing/fake_cluster.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fakeapi::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

const std::string database = R"(version: 1
about: A database.
services:
  db: {ports: {tcp: 5432}, pods: 1}
timeline:
  - {at: 10s, why: it is up, pods: {db-0: ready}}
expect: {exit: 0, truth: {db: 1}}
)";

TEST(FakeCluster, LetsClientsIn) {
  const FakeCluster cluster("");
  EXPECT_THAT(cluster.url(), StartsWith("https://127.0.0.1:"));
  for (const std::string& path :
       {cluster.kubeconfig(), cluster.ca_file(), cluster.service_account() + "/token"})
    EXPECT_TRUE(std::ifstream(path).good()) << path;
  EXPECT_NE(cluster.token(), cluster.administrator_token());
}

TEST(FakeCluster, LeavesNothingBehind) {
  std::string folder;
  {
    const FakeCluster cluster("");
    folder = cluster.service_account();
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(FakeCluster, SaysWhatIsWrongWithAScenario) {
  EXPECT_THAT([] { FakeCluster("version: 1\nabot: x\n"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("did you mean \"about\"?")));
  EXPECT_THAT([] { FakeCluster(File{"/none.yaml"}); },
              ThrowsMessage<std::runtime_error>(HasSubstr("cannot read /none.yaml")));
}

TEST(FakeCluster, SaysWhatIsWrongWithAFaultOrAStep) {
  FakeCluster cluster(database);
  EXPECT_THAT([&] { cluster.put_fault("f", "{respnd: {status: 429}}"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("respond")));
  EXPECT_THAT([&] { cluster.perform("pods: {db-7: ready}"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("db-7")));
}

TEST(FakeCluster, WaitingInVainIsAFailure) {
  const FakeCluster cluster("");
  EXPECT_THAT([&] { cluster.wait_for({.verb = "watch"}, 1, std::chrono::milliseconds(20)); },
              ThrowsMessage<std::runtime_error>(HasSubstr("0 of 1")));
}

TEST(FakeCluster, JudgesByWhatIsTrueWhenTheProgramEnds) {
  FakeCluster early(database);
  early.ended(0);
  EXPECT_FALSE(early.verdict().met());
  EXPECT_THAT(early.verdict().text(), HasSubstr("when 0 of db listened"));
  FakeCluster later(database);
  later.seek(std::chrono::seconds(11));
  EXPECT_GE(later.now(), std::chrono::seconds(11));
  later.ended(0);
  later.ended(1);  // no more
  EXPECT_TRUE(later.verdict().met()) << later.verdict().text();
}

TEST(FakeCluster, MayBeUsedByManyThreads) {
  FakeCluster cluster(database);
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&cluster, number] {
      const std::string name = "fault-" + std::to_string(number);
      for (int round = 0; round < 20; ++round) {
        cluster.put_fault(name, "{respond: {status: 503}}");
        cluster.remove_fault(name);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(cluster.control("GET", "faults"), HasSubstr("[]"));
}

}  // namespace
}  // namespace fakeapi::testing
