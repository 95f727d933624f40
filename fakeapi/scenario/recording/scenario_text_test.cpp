#include "fakeapi/scenario/recording/scenario_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/language/scalars.hpp"
#include "fakeapi/scenario/recording/test_objects.hpp"
#include "fakeapi/scenario/recording/yaml_value.hpp"

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace test;

std::vector<std::string> kinds_in(const json& objects) {
  std::vector<std::string> kinds;
  for (const json& object : objects) kinds.push_back(object["kind"]);
  return kinds;
}

TEST(RecordingText, BeginsWithTheModelineAndWhereItIsFrom) {
  Recording recording = recording_of({service("mysql")});
  recording.made_at = "2026-11-25T08:00:00Z";
  recording.notes = {"A note\nof two lines."};
  EXPECT_THAT(
      scenario_text(recording, false).text,
      StartsWith("# yaml-language-server: $schema=scenario.schema.json\n"
                 "# Recorded by fakeapi from a test, from 2026-11-25T08:00:00Z on, for 0s.\n"
                 "# A note?of two lines.\nversion: 1\nabout: "));
}

// The recorded Endpoints are replayed themselves, so nobody else may write them; what a Pod is on
// is there before it.
TEST(RecordingText, StartsWithControllersPausedAndAllObjectsInOrder) {
  const json scenario =
      read_back(recording_of({slice(true), endpoints(), pod("mysql-0", true), service("mysql")}));
  EXPECT_EQ(scenario["version"], 1);
  EXPECT_EQ(scenario["namespace"], "shop");
  ASSERT_EQ(scenario["timeline"].size(), 1U);
  const json& first = scenario["timeline"][0];
  EXPECT_EQ(first["at"], "0s");
  EXPECT_EQ(first["controllers"], "paused");
  EXPECT_THAT(kinds_in(first["apply"]),
              testing::ElementsAre("Node", "Service", "Pod", "Endpoints", "EndpointSlice"));
  EXPECT_EQ(first["apply"][0], json::parse(R"({"apiVersion": "v1", "kind": "Node",
    "metadata": {"name": "worker-7"}})"));
}

TEST(RecordingText, NamesTheNamespaceOfObjectsOnlyWhereItIsAnotherAndMakesIt) {
  json elsewhere = service("mysql");
  elsewhere["metadata"]["namespace"] = "db";
  const json scenario =
      read_back(recording_of({service("mysql"), elsewhere}, {{ms(1), true, elsewhere}}));
  const json& applied = scenario["timeline"][0]["apply"];
  EXPECT_THAT(kinds_in(applied), testing::ElementsAre("Namespace", "Service", "Service"));
  EXPECT_EQ(applied[0]["metadata"]["name"], "db");
  EXPECT_EQ(applied[1]["metadata"].value("namespace", ""), "db");
  EXPECT_FALSE(applied[2]["metadata"].contains("namespace"));
  EXPECT_EQ(scenario["timeline"][1]["delete"],
            json({{"kind", "Service"}, {"name", "mysql"}, {"namespace", "db"}}));
}

TEST(RecordingText, WritesAStepForEachChange) {
  json going = pod("mysql-0", false);
  going["metadata"]["deletionTimestamp"] = "2026-11-25T08:01:00Z";
  const json scenario =
      read_back(recording_of({pod("mysql-0", false)}, {{ms(1500), false, pod("mysql-0", true)},
                                                       {ms(61500), false, going},
                                                       {ms(70000), true, going}}));
  const json& timeline = scenario["timeline"];
  ASSERT_EQ(timeline.size(), 5U);  // losing its readiness is a step beside the deletion
  EXPECT_EQ(timeline[1]["at"], "1.5s");
  EXPECT_EQ(timeline[1]["why"], "Pod mysql-0 becomes ready");
  EXPECT_EQ(timeline[1]["apply"]["status"]["conditions"][0]["status"], "True");
  EXPECT_EQ(timeline[2]["at"], "1m1.5s");
  EXPECT_EQ(timeline[2]["delete"], json({{"kind", "Pod"}, {"name", "mysql-0"}, {"grace", "30s"}}));
  EXPECT_EQ(timeline[4]["delete"], json({{"kind", "Pod"}, {"name", "mysql-0"}}));
}

TEST(RecordingText, DurationsAreThoseThatTheLanguageReads) {
  for (const std::int64_t count : {0, 5, 999, 1000, 1230, 59999, 60000, 61001, 7200000}) {
    const std::string text = duration_text(std::chrono::milliseconds(count));
    EXPECT_EQ(parse_duration(text), ms(count)) << text;
  }
}

// YAML 1.1 takes yes, 012 and 1:30 for no texts; both versions take what is in double quotes for
// one.
TEST(RecordingText, TextsThatLookLikeSomethingElseStayTexts) {
  json odd = service("mysql");
  for (const char* text : {"yes", "012", "1:30", "~", "", "a: b", "#x", "\t\"\\", "\xc2\x85",
                           "\xe2\x80\xa8", "\x7f", "\xf0\x9f\x90\xb3"}) {
    odd["metadata"]["labels"] = {{"on", text}, {"a/b", "x"}};
    const json scenario = read_back(recording_of({odd}));
    EXPECT_EQ(scenario["timeline"][0]["apply"][0]["metadata"].value("labels", json()),
              json({{"on", text}, {"a/b", "x"}}))
        << text;
  }
}

TEST(RecordingText, LongValuesAreBlocksAndShortOnesLines) {
  EXPECT_EQ(yaml_value({{"b", json::array({1, "x"})}, {"a", json::object()}}, 0),
            "{a: {}, b: [1, \"x\"]}\n");
  const std::string wide(60, 'w');
  EXPECT_EQ(yaml_value({{"name", wide}, {"list", {wide, {{"k", true}}}}}, 2),
            "name: \"" + wide + "\"\n  list: [\"" + wide + "\", {k: true}]\n");
  EXPECT_EQ(yaml_value(json::array({{{"a", wide}, {"b", wide}}}), 0),
            "- a: \"" + wide + "\"\n  b: \"" + wide + "\"\n");
}

TEST(RecordingText, EqualRecordingsGiveEqualTexts) {
  const auto text = [](std::vector<json> initial) {
    return scenario_text(recording_of(std::move(initial)), true).text;
  };
  EXPECT_EQ(text({service("a"), service("b"), slice(true)}),
            text({slice(true), service("b"), service("a")}));
}

}  // namespace
}  // namespace fakeapi::scenario::recording
