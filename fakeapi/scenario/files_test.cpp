// The files that are shipped and the page that explains them, held to the code.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/language.hpp"
#include "fakeapi/scenario/load.hpp"
#include "fakeapi/scenario/test_support.hpp"
#include "fakeapi/scenario/trace.hpp"
#include "fakeapi/scenario/truth.hpp"

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

std::string value_column(const Key& key) {
  std::string text(to_string(key.form));
  if (key.minimum != key.maximum) {
    text += ", " + std::to_string(key.minimum) + " to " + std::to_string(key.maximum);
  } else if (key.maximum != 0) {
    text += ", " + std::to_string(key.maximum);
  }
  if (key.choices == nullptr) return text;
  for (const Choice& choice : *key.choices) {
    text += (&choice == &key.choices->front() ? ": " : ", ") + std::string(choice.name);
  }
  return text;
}

// A Service's truth over the time of a scenario: each change as "SECONDS:COUNT".
std::vector<std::string> truth_of(const std::string& name) {
  const std::string path = root + "/scenarios/" + name;
  const Timeline timeline = test::timeline_of(load_scenario(test::read_file(path), path));
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
    EXPECT_THAT(test::problems_in(load_scenario(test::read_file(path), path)), IsEmpty()) << path;
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
  const Timeline timeline = test::timeline_of(load_scenario(test::read_file(path), path));
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
    EXPECT_THAT(test::problems_in(load_scenario(block, "docs/scenarios.md")), IsEmpty()) << block;
  }
}

TEST(ScenarioPage, HasARowForEveryKeyOfTheLanguage) {
  const std::string page = test::read_file(root + "/docs/scenarios.md");
  for (const Mapping* mapping :
       {&scenario_mapping(), &service_mapping(), &step_mapping(), &pod_state_mapping()}) {
    for (const Key& key : mapping->keys) {
      EXPECT_THAT(page,
                  HasSubstr("| `" + std::string(key.name) + "` | " + value_column(key) + " | " +
                            (key.required ? "yes" : "no") + " | " + std::string(key.doc) + " |\n"));
    }
  }
}

TEST(ScenarioPage, HasARowForEveryPodWord) {
  const std::string page = test::read_file(root + "/docs/scenarios.md");
  for (const PodWord& word : pod_words()) {
    const auto& choices = *pod_state_mapping().keys.at(0).choices;
    const auto shows = std::find_if(choices.begin(), choices.end(), [&](const Choice& choice) {
      return parse_shows(choice.name) == word.shows;
    });
    ASSERT_NE(shows, choices.end());
    const std::string listens = !word.listens ? "as before" : *word.listens ? "yes" : "no";
    EXPECT_THAT(page, HasSubstr("| `" + std::string(word.name) + "` | " + std::string(shows->name) +
                                " | " + listens + " | " + std::string(word.doc) + " |\n"));
  }
}

}  // namespace
}  // namespace fakeapi::scenario
