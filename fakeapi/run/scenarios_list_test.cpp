#include "fakeapi/run/scenarios_list.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fakeapi::run {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::SizeIs;

class ShippedScenarios : public ::testing::Test {
 protected:
  ShippedScenarios() {
    std::string made = ::testing::TempDir() + "scenarios-list-XXXXXX";
    EXPECT_NE(::mkdtemp(made.data()), nullptr);
    root_ = made;
  }
  ~ShippedScenarios() override { fs::remove_all(root_); }

  std::string put(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
    return (root_ / path).string();
  }
  std::string at(const std::string& path) const { return (root_ / path).string(); }

  fs::path root_;
};

const std::string small = "version: 1\nabout: Nothing happens.\n";

TEST_F(ShippedScenarios, AreInShareWhereTheProgramIsInstalled) {
  put("usr/share/fakeapi/scenarios/scenario.schema.json", "{}");
  EXPECT_THAT(scenarios_folder({"", "", at("usr/bin/fakeapi")}),
              Optional(at("usr/share/fakeapi/scenarios")));
}

TEST_F(ShippedScenarios, AreAboveTheProgramInABuildTree) {
  put("scenarios/scenario.schema.json", "{}");
  EXPECT_THAT(scenarios_folder({"", "", at("build/release/bin/fakeapi")}),
              Optional(at("scenarios")));
}

TEST_F(ShippedScenarios, AreNotAnyFolderOfThatName) {
  put("scenarios/other.yaml", small);
  EXPECT_NE(scenarios_folder({"", "", at("bin/fakeapi")}), at("scenarios"));
}

TEST_F(ShippedScenarios, AreWhereTheFlagSaysElseWhereTheVariableSays) {
  put("usr/share/fakeapi/scenarios/scenario.schema.json", "{}");
  EXPECT_THAT(scenarios_folder({"/a", "/b", at("usr/bin/fakeapi")}), Optional(std::string("/a")));
  EXPECT_THAT(scenarios_folder({"", "/b", at("usr/bin/fakeapi")}), Optional(std::string("/b")));
}

TEST_F(ShippedScenarios, AreFoundByTheirNameAlone) {
  const std::string path = put("scenarios/a-name.yaml", small);
  const ScenarioPlaces places{at("scenarios"), "", ""};
  EXPECT_EQ(shipped_or_path("a-name", places), path);
  EXPECT_EQ(shipped_or_path("no-such-name", places), "no-such-name");
  EXPECT_EQ(shipped_or_path("./a-name", places), "./a-name");
  EXPECT_EQ(shipped_or_path("a-name.yaml", places), "a-name.yaml");
}

TEST_F(ShippedScenarios, AreHiddenByAFileOfThatName) {
  put("scenarios/a-name.yaml", small);
  const std::string before = fs::current_path().string();
  put("work/a-name", small);
  fs::current_path(at("work"));
  EXPECT_EQ(shipped_or_path("a-name", {at("scenarios"), "", ""}), "a-name");
  fs::current_path(before);
}

TEST_F(ShippedScenarios, AreListedByNameWithTheLeastFaithfulFaultAndTheExpectedTime) {
  put("s/b.yaml", small);
  put("s/a.yaml", small +
                      "faults:\n"
                      "  - {name: late, match: {verb: list}, latency: 1s}\n"
                      "  - {name: twice, match: {verb: watch}, stream: {then: duplicate}}\n"
                      "expect: {between: 1.5s..9s}\n");
  put("s/notes.txt", "none of them");
  const auto listed = list_scenarios(at("s"));
  ASSERT_TRUE(std::holds_alternative<std::vector<ScenarioLine>>(listed));
  EXPECT_THAT(
      std::get<std::vector<ScenarioLine>>(listed),
      ElementsAre(AllOf(Field(&ScenarioLine::name, "a"), Field(&ScenarioLine::takes, "1.5 to 9 s"),
                        Field(&ScenarioLine::faithful, "hostile")),
                  AllOf(Field(&ScenarioLine::name, "b"), Field(&ScenarioLine::takes, "0 s"),
                        Field(&ScenarioLine::faithful, "real"),
                        Field(&ScenarioLine::about, "Nothing happens."))));
}

TEST_F(ShippedScenarios, ThatCannotBeReadAreTold) {
  put("s/a.yaml", "version: 7\nabout: x.\n");
  EXPECT_THAT(std::get<std::string>(list_scenarios(at("s"))), HasSubstr("a.yaml:1:"));
  EXPECT_THAT(std::get<std::string>(list_scenarios(at("nowhere"))), HasSubstr("nowhere"));
  fs::create_directories(at("empty"));
  EXPECT_THAT(std::get<std::string>(list_scenarios(at("empty"))), HasSubstr("no scenarios"));
}

// As it will be used: from the folder of the sources.
TEST(ShippedScenariosOfThisProject, AreAtLeastThirty) {
  const auto listed = list_scenarios(std::string(PROJECT_SOURCE_DIR) + "/scenarios");
  ASSERT_TRUE(std::holds_alternative<std::vector<ScenarioLine>>(listed))
      << std::get<std::string>(listed);
  EXPECT_THAT(std::get<std::vector<ScenarioLine>>(listed), SizeIs(::testing::Ge(30U)));
}

}  // namespace
}  // namespace fakeapi::run
