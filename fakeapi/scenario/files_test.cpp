// The files that are shipped and the page that explains them, held to the code.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/language/page.hpp"
#include "fakeapi/scenario/language/schema.hpp"
#include "fakeapi/scenario/language/table.hpp"
#include "fakeapi/scenario/load.hpp"
#include "fakeapi/scenario/recording/trace.hpp"
#include "fakeapi/scenario/test_support.hpp"
#include "fakeapi/scenario/world/truth.hpp"

namespace fakeapi::scenario {

std::string test::read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string root = PROJECT_SOURCE_DIR;

std::vector<std::string> files_in(const std::string& folder, const std::string& extension) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(root + "/" + folder)) {
    if (entry.path().extension() == extension) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The texts between "```yaml" and "```".
std::vector<std::string> yaml_blocks(const std::string& page) {
  const std::string begin = "```yaml\n", end = "\n```";
  std::vector<std::string> blocks;
  for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at)) {
    at += begin.size();
    blocks.push_back(page.substr(at, page.find(end, at) - at));
  }
  return blocks;
}

// A file that a scenario names, from its own folder.
FileReader files_beside(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  return [folder](const std::string& name) -> std::variant<std::string, ReadError> {
    std::ifstream file(folder + name, std::ios::binary);
    if (!file) return ReadError{"cannot read " + name};
    return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  };
}

Loaded load_file(const std::string& path) {
  return load_scenario(test::read_file(path), path, files_beside(path));
}

// A Service's truth over the time of a scenario: each change as "SECONDS:COUNT".
std::vector<std::string> truth_of(const std::string& name) {
  const std::string path = root + "/scenarios/" + name;
  const Timeline timeline = test::timeline_of(load_file(path));
  Truth truth(timeline.services);
  std::vector<std::string> changes;
  int last = -1;
  for (const Step& step : timeline.steps) {
    for (const Action& action : step.actions) truth.apply(action);
    const int count = truth.listening().at(0).second;
    if (count != last) {
      changes.push_back(std::to_string(step.at / std::chrono::seconds(1)) + ":" +
                        std::to_string(count));
    }
    last = count;
  }
  return changes;
}

TEST(ScenarioFiles, LoadWithoutProblems) {
  const auto paths = files_in("scenarios", ".yaml");
  EXPECT_THAT(paths, Not(IsEmpty()));
  for (const std::string& path : paths) {
    EXPECT_THAT(test::problems_in(load_file(path)), IsEmpty()) << path;
  }
}

TEST(ScenarioFiles, OpenWithACommentThatSaysWhatTheyShow) {
  for (const std::string& path : files_in("scenarios", ".yaml")) {
    EXPECT_EQ(test::read_file(path).substr(0, 2), "# ") << path;
  }
}

TEST(ScenarioFiles, RecordedTracesLoadWithoutProblems) {
  const auto paths = files_in("scenarios/recorded", ".json");
  EXPECT_THAT(paths, Not(IsEmpty()));
  for (const std::string& path : paths) {
    EXPECT_THAT(test::problems_in(load_trace(test::read_file(path), path)), IsEmpty()) << path;
  }
}

TEST(ScenarioFiles, SlowReadinessIsReadyAtTwoFourAndSixSeconds) {
  EXPECT_THAT(truth_of("slow-readiness.yaml"), ElementsAre("0:0", "2:1", "4:2", "6:3"));
}

TEST(ScenarioFiles, FullClusterRestartListensAgainOneByOneFromThirteenSecondsOn) {
  EXPECT_THAT(truth_of("full-cluster-restart.yaml"),
              ElementsAre("0:3", "3:0", "13:1", "14:2", "15:3"));
}

// Between the failure and 10 s the API is told nothing, so it goes on showing three ready Pods.
TEST(ScenarioFiles, FullClusterRestartSendsNothingBetweenTheFailureAndTenSeconds) {
  const std::string path = root + "/scenarios/full-cluster-restart.yaml";
  const Timeline timeline = test::timeline_of(load_file(path));
  ASSERT_THAT(timeline.steps, SizeIs(7));
  EXPECT_THAT(test::describe(timeline.steps[1]),
              ElementsAre("api down", "stop mysql-0 10.20.0.1", "stop mysql-1 10.20.0.2",
                          "stop mysql-2 10.20.0.3"));
  EXPECT_THAT(test::describe(timeline.steps[2]), ElementsAre("api up"));
  EXPECT_THAT(
      test::describe(timeline.steps[3]),
      ElementsAre("PATCH mysql-0/status 10.20.0.4 False", "PATCH mysql-1/status 10.20.0.5 False",
                  "PATCH mysql-2/status 10.20.0.6 False"));
}

TEST(ScenarioFiles, DependencyLostAfterStartIsAwayFromFourToElevenSeconds) {
  EXPECT_THAT(truth_of("dependency-lost-after-start.yaml"), ElementsAre("0:1", "4:0", "11:1"));
}

TEST(ScenarioPage, HoldsOnlyExamplesThatLoad) {
  const auto blocks = yaml_blocks(test::read_file(root + "/docs/scenarios.md"));
  EXPECT_THAT(blocks, Not(IsEmpty()));
  for (const std::string& block : blocks) {
    EXPECT_THAT(test::problems_in(test::load(block, "docs/scenarios.md")), IsEmpty()) << block;
  }
}

// Written by the table that the parser goes by: `./dev docs` puts both in place.
TEST(ScenarioPage, ItsReferenceIsWhatTheTableSays) {
  const std::string page = test::read_file(root + "/docs/scenarios.md");
  const auto begin = page.find(reference_begin);
  const auto end = page.find(reference_end);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const auto from = begin + std::string(reference_begin).size();
  EXPECT_EQ(page.substr(from, end - from), reference_page());
}

TEST(ScenarioSchema, IsWhatTheTableSays) {
  EXPECT_EQ(test::read_file(root + "/scenarios/scenario.schema.json"),
            json_schema().dump(2) + "\n");
}

// The first line of each: editors then complete and check the file (yaml-language-server).
TEST(ScenarioFiles, CarryTheModelineOfTheSchema) {
  for (const std::string& path : files_in("scenarios", ".yaml")) {
    EXPECT_THAT(test::read_file(path),
                StartsWith("# yaml-language-server: $schema=scenario.schema.json\n"))
        << path;
  }
}

}  // namespace
}  // namespace fakeapi::scenario
