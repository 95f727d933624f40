// The cluster against recordings of kube-apiserver v1.37.2: each step of each conversation must be
// answered alike.
#include <iostream>

#include <gtest/gtest.h>

#include "fakeapi/cluster/testing/conversation.hpp"

namespace fakeapi::cluster::testing {
namespace {

class Golden : public ::testing::TestWithParam<const char*> {};

TEST_P(Golden, EveryStepAgreesWithTheRecording) {
  Options options;
  options.users = recorded_users();
  // The recordings tell whole seconds only. Ages in their tables fit a start late in a second.
  options.wall_time = *parse_rfc3339("2026-11-23T06:21:03.5Z");
  Cluster cluster(options);
  cluster.set_controllers_paused(Instant{}, true);  // none ran beside the recorded server
  const std::string name = GetParam();
  const auto steps =
      load_json(std::string(PROJECT_SOURCE_DIR) + "/fakeapi/tests/golden/" + name + ".json");
  int passed = 0;
  const auto outcomes = Conversation(cluster).run(steps);
  for (const StepOutcome& outcome : outcomes) {
    passed += outcome.differences.empty() ? 1 : 0;
    std::string lines;
    for (const std::string& line : outcome.differences) lines += "\n    " + line;
    EXPECT_TRUE(outcome.differences.empty()) << name << "/" << outcome.id << " differs:" << lines;
  }
  std::cout << name << ": " << passed << " of " << outcomes.size() << " recorded steps agree\n";
}

INSTANTIATE_TEST_SUITE_P(Recordings, Golden,
                         ::testing::Values("endpoints-crud", "endpointslices-crud", "lists",
                                           "watch", "auth", "discovery", "pods-services"));

}  // namespace
}  // namespace fakeapi::cluster::testing
