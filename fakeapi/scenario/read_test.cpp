// Mistakes that no table of keys can tell: values that are impossible together, names that nothing
// has, and what comes from other files. load_test.cpp has those of single keys.
#include "fakeapi/scenario/read.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/read_step.hpp"
#include "fakeapi/scenario/test_support.hpp"

namespace fakeapi::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;
using cluster::Duration;
using test::problems_of_step;

// Of lines that follow the first two of a scenario; they begin at line 3.
std::vector<std::string> problems(const std::string& rest) {
  return test::problems_in(test::load("version: 1\nabout: A.\n" + rest));
}

Scenario scenario(const std::string& rest) {
  return test::scenario_of(test::load("version: 1\nabout: A.\n" + rest));
}

Loaded load_with(const std::string& rest, const std::map<std::string, std::string>& files) {
  return load_scenario("version: 1\nabout: A.\n" + rest, "x.yaml",
                       [&](const std::string& path) -> std::variant<std::string, ReadError> {
                         const auto file = files.find(path);
                         if (file == files.end())
                           return ReadError{"cannot read " + path + ": No such file"};
                         return file->second;
                       });
}

std::vector<std::string> applied(const Loaded& loaded) {
  std::vector<std::string> out;
  for (const ScenarioStep& step : test::scenario_of(loaded).steps) {
    for (const auto& object : step.apply)
      out.push_back(object->at("kind").get<std::string>() + " " +
                    object->at("metadata").value("namespace", "-") + "/" +
                    object->at("metadata").at("name").get<std::string>());
  }
  return out;
}

TEST(ReadTiming, HasOneTimeOrOneTrigger) {
  EXPECT_THAT(problems_of_step("at: 1s, when: {watches: 1}, api: up"),
              ElementsAre("x.yaml:6:20: \"at\" and \"when\" exclude each other"));
  EXPECT_THAT(problems_of_step("at: 1s, after: 1s, api: up"),
              ElementsAre("x.yaml:6:21: \"after\" goes with \"when\" only"));
  EXPECT_THAT(problems_of_step("at: 1s, every: 1s, api: up"),
              ElementsAre("x.yaml:6:21: \"every\" and \"times\" go together"));
  EXPECT_THAT(problems_of_step("at: 1s, times: 2, api: up"),
              ElementsAre("x.yaml:6:21: \"every\" and \"times\" go together"));
}

TEST(ReadTiming, RefusesRepeatsThatNobodyLivesToSee) {
  EXPECT_THAT(problems_of_step("at: 1s, every: 1000h, times: 10000, api: up"),
              ElementsAre("x.yaml:6:5: the last repeat would come after more than 10000h"));
  EXPECT_THAT(problems_of_step("at: 1000h, every: 1000h, times: 11, api: up"), IsEmpty());
}

TEST(ReadTiming, RefusesTimesBeyondTheLimit) {
  EXPECT_THAT(problems_of_step("at: 1001h, api: up"),
              ElementsAre("x.yaml:6:10: at must be a time from 0s to 1000h, not \"1001h\""));
  EXPECT_THAT(problems_of_step("at: 2500000h, api: up"), SizeIs(1));
  EXPECT_THAT(problems_of_step("at: \"uniform(1h, 1001h)\", api: up"), SizeIs(1));
  EXPECT_THAT(problems("heal: 2500000h\n"), SizeIs(1));
  EXPECT_THAT(problems("faults:\n  - {name: a, window: ..2500000h, latency: 1s}\n"), SizeIs(1));
}

TEST(ReadTrigger, SaysWhatItWaitsFor) {
  EXPECT_THAT(problems_of_step("when: {}, api: up"),
              ElementsAre("x.yaml:6:12: a trigger needs watches, request or nth"));
  EXPECT_THAT(problems_of_step("when: {watches: 2, nth: 3}, api: up"),
              ElementsAre("x.yaml:6:30: \"nth\" counts requests, \"watches\" counts what is open: "
                          "not both"));
}

TEST(ReadTrigger, RefusesWhatCanNeverFire) {
  EXPECT_THAT(problems_of_step("when: {watches: 2, request: {verb: list}}, api: up"),
              ElementsAre("x.yaml:6:34: this can never fire: a watch has the verb \"watch\""));
  EXPECT_THAT(problems_of_step("when: {request: {resource: endpointslice}}, api: up"),
              ElementsAre("x.yaml:6:33: this meets nothing: no resource is called "
                          "\"endpointslice\" (did you mean \"endpointslices\"?)"));
}

TEST(ReadResources, AreKnownInFaultsAndExpectationsAsWell) {
  EXPECT_THAT(
      problems("faults:\n  - {name: a, match: {resource: [pods, endpoint]}, latency: 1s}\n"),
      ElementsAre(HasSubstr("x.yaml:4:40: this meets nothing: no resource is called "
                            "\"endpoint\" (did you mean \"endpoints\"?)")));
  EXPECT_THAT(problems("expect: {order: [list pod]}\n"),
              ElementsAre(HasSubstr("x.yaml:3:18: this meets nothing: no resource is called "
                                    "\"pod\"")));
  EXPECT_THAT(problems("expect: {at-most: {request: {resource: podz}, requests: 1}}\n"),
              ElementsAre(HasSubstr("no resource is called \"podz\"")));
}

TEST(ReadResources, MayBeBeginningsSubresourcesAndCustom) {
  EXPECT_THAT(problems_of_step("when: {request: {resource: [endpoint*, pods/status, \"*\"]}}, api: "
                               "up"),
              IsEmpty());
  EXPECT_THAT(
      problems("timeline:\n  - {when: {request: {resource: widgets}}, api: up}\n"
               "  - {at: 0s, apply: {apiVersion: apiextensions.k8s.io/v1, kind: "
               "CustomResourceDefinition, metadata: {name: widgets.example.com}, spec: {names: "
               "{plural: widgets}}}}\n"),
      IsEmpty());
}

TEST(ReadStep, KnowsTheServicesThatItNames) {
  EXPECT_THAT(problems_of_step("at: 1s, scale: {mysq: 2}"),
              ElementsAre("x.yaml:6:22: no Service is called \"mysq\" (did you mean \"mysql\"?)"));
  EXPECT_THAT(
      problems_of_step("at: 1s, services: {mysqll: absent}"),
      ElementsAre("x.yaml:6:25: no Service is called \"mysqll\" (did you mean \"mysql\"?)"));
  EXPECT_THAT(problems_of_step("at: 1s, rolling-update: {service: web}"),
              ElementsAre("x.yaml:6:40: no Service is called \"web\""));
}

TEST(ReadStep, UpdatesAtMostTwoHundredPods) {
  const auto update = [](int pods) {
    return test::problems_in(
        test::load(test::scenario_with(pods, "  - {at: 1s, rolling-update: {service: mysql}}\n")));
  };
  EXPECT_THAT(update(201), ElementsAre("x.yaml:6:40: 201 Pods, and a rolling update takes at most "
                                       "200"));
  EXPECT_THAT(update(200), IsEmpty());
}

TEST(ReadStep, RefusesMoreThanAnybodyReads) {
  EXPECT_THAT(problems_of_step("at: 0s, every: 1ms, times: 10000, pods: {\"mysql-*\": [ready, "
                               "stale]}"),
              IsEmpty());
  EXPECT_THAT(test::problems_in(test::load(test::scenario_with(
                  1000, "  - {at: 0s, every: 1ms, times: 501, pods: {\"mysql-*\": ready}}\n"))),
              ElementsAre("x.yaml:6:5: too much happens: more than 500000 states of Pods and "
                          "objects, with all repeats"));
}

TEST(ReadSeries, HasNoMorePodsThanThereAre) {
  const auto service = [](const std::string& series) {
    return problems("services:\n  db: {ports: {t: 1}, pods: 2, " + series + "}\n");
  };
  EXPECT_THAT(service("ready: 1 3x2 1"), ElementsAre("x.yaml:4:39: db has 2 Pods, not 3"));
  EXPECT_THAT(service("ready: 1, listens: 5"), ElementsAre("x.yaml:4:51: db has 2 Pods, not 5"));
  EXPECT_THAT(service("listens: 1"),
              ElementsAre("x.yaml:4:41: \"listens\" goes with \"ready\" only"));
  EXPECT_THAT(service("ready: 2"), IsEmpty());
}

TEST(ReadSeries, RefusesMoreThanAnybodyReads) {
  std::string series;
  for (int i = 0; i < 600; ++i) series += i % 2 == 0 ? "0 " : "1 ";
  EXPECT_THAT(problems("services:\n  db: {ports: {t: 1}, pods: 1000, ready: \"" + series + "\"}\n"),
              ElementsAre(HasSubstr("x.yaml:4:42: too much happens")));
}

TEST(ReadSeries, TakesAnIntervalOfItsOwn) {
  const Timeline timeline = test::timeline_of(
      test::load("version: 1\nabout: A.\ninterval: 250ms\nservices:\n  db: {ports: {t: 1}, pods: "
                 "1, ready: 0 0 1}\n"));
  EXPECT_EQ(timeline.steps.back().at, Duration(500ms));
  EXPECT_THAT(problems("interval: 0s\n"),
              ElementsAre("x.yaml:3:11: the interval must be above 0s and at most 1h"));
  EXPECT_THAT(problems("interval: 999h\nservices:\n  db: {ports: {t: 1}, pods: 1, ready: 0x9999 "
                       "1}\n"),
              ElementsAre("x.yaml:3:11: the interval must be above 0s and at most 1h"));
}

TEST(ReadServices, CountsPodsThatScaleBrings) {
  std::string services = "services:\n";
  std::string scale;
  for (int i = 0; i < 6; ++i) {
    services += fmt::format("  a{}: {{ports: {{x: 80}}, pods: 0}}\n", i);
    scale += fmt::format("a{}: 1000, ", i);
  }
  EXPECT_THAT(problems(services + "timeline:\n  - {at: 1s, scale: {" + scale + "}}\n"),
              ElementsAre(HasSubstr("6000 Pods in all by \"scale\", more than 5000")));
}

TEST(ReadFaults, HaveNamesOfTheirOwn) {
  EXPECT_THAT(problems("faults:\n  - {name: a, window: ..1s, latency: 1s}\n"
                       "  - {name: a, window: 2s.., latency: 1s}\n"),
              ElementsAre("x.yaml:5:12: two faults are called \"a\""));
}

TEST(ReadFaults, RefuseOneThatCanNeverHappen) {
  EXPECT_THAT(problems("faults:\n  - {name: a, latency: 1s}\n"
                       "  - {name: b, match: {verb: list}, answer: close}\n"),
              ElementsAre("x.yaml:5:5: \"b\" can never happen: \"a\" stands before it and meets "
                          "all of its requests, and the first that fits wins"));
  EXPECT_THAT(problems("faults:\n  - {name: a, window: 1s..9s, latency: 1s}\n"
                       "  - {name: b, window: 2s..3s, latency: 2s}\n"),
              ElementsAre(HasSubstr("x.yaml:5:23: \"b\" can never happen")));
}

TEST(ReadFaults, RefuseWindowsThatOverlapByASlip) {
  EXPECT_THAT(problems("faults:\n  - {name: a, window: 1s..5s, latency: 1s}\n"
                       "  - {name: b, window: 4s..9s, latency: 2s}\n"),
              ElementsAre("x.yaml:5:23: the windows of \"a\" and \"b\" overlap, and the first "
                          "always wins there: part them, or match other requests"));
}

// The first that fits wins: so the exception stands before what holds otherwise.
TEST(ReadFaults, AllowAnExceptionBeforeWhatHoldsOtherwise) {
  EXPECT_THAT(problems("faults:\n  - {name: a, window: 5s..7s, respond: {status: 503}}\n"
                       "  - {name: b, latency: 1s}\n"),
              IsEmpty());
  EXPECT_THAT(problems("faults:\n  - {name: a, match: {nth: 3}, respond: {status: 503}}\n"
                       "  - {name: b, latency: 1s}\n"),
              IsEmpty());
  EXPECT_THAT(problems("faults:\n  - {name: a, match: {fraction: 0.5}, latency: 1s}\n"
                       "  - {name: b, match: {fraction: 0.5}, latency: 2s}\n"),
              IsEmpty());
  EXPECT_THAT(problems("faults:\n  - {name: a, window: 1s..2s, connect: silence}\n"
                       "  - {name: b, window: 1s..2s, latency: 2s}\n"),
              IsEmpty());
  EXPECT_THAT(problems("faults:\n  - {name: a, window: 1s..2s, latency: 1s}\n"
                       "  - {name: b, window: 2s..3s, latency: 2s}\n"),
              IsEmpty());
}

// from_chars takes them, and strtod calls them out of range.
TEST(ReadFaults, SurviveSharesThatAreAlmostNothing) {
  EXPECT_THAT(problems("faults:\n  - {name: a, match: {fraction: 1e-310}, latency: 1s}\n"),
              IsEmpty());
  EXPECT_THAT(problems("faults:\n  - {name: a, body: {after: 1e-310, then: cut}}\n"), IsEmpty());
}

TEST(ReadExpect, SaysWhatCanNotBeTogether) {
  EXPECT_THAT(problems("expect: {exit: running, between: 1s..2s}\n"),
              ElementsAre("x.yaml:3:34: a program that still runs at the end does not end between "
                          "two times"));
  EXPECT_THAT(problems("expect: {at-most: {request: {verb: list}}}\n"),
              ElementsAre("x.yaml:3:19: it limits nothing: give requests, requests-per-second, "
                          "connections or watches"));
  EXPECT_THAT(problems("services:\n  db: {ports: {t: 1}, pods: 1}\nexpect: {truth: {dbs: 1}}\n"),
              ElementsAre("x.yaml:5:18: no Service is called \"dbs\" (did you mean \"db\"?)"));
}

TEST(ReadExpect, KnowsTheServicesThatAreApplied) {
  EXPECT_THAT(problems("timeline:\n  - {at: 0s, apply: {apiVersion: v1, kind: Service, metadata: "
                       "{name: web}}}\nexpect: {truth: {web: 1}}\n"),
              IsEmpty());
}

TEST(ReadEnds, HealsThirtySecondsAfterTheLastTimeAndEndsAMinuteAfterThat) {
  const Scenario healed = scenario("timeline: [{at: 10s, api: up}]\n");
  EXPECT_EQ(healed.heal, Duration(40s));
  EXPECT_EQ(healed.end, Duration(100s));
}

TEST(ReadEnds, KnowTheLatestTimeOfAllThatTheFileNames) {
  const auto heal = [](const std::string& rest) { return scenario(rest).heal; };
  EXPECT_EQ(heal("timeline: [{at: \"uniform(1s, 20s)\", api: up}]\n"), Duration(50s));
  EXPECT_EQ(heal("timeline: [{at: 1s, every: 2s ± 1s, times: 3, api: up}]\n"), Duration(37s));
  EXPECT_EQ(heal("timeline: [{when: {nth: 1}, after: 7s, api: up}]\n"), Duration(37s));
  EXPECT_EQ(heal("faults: [{name: a, window: 2s..8s, latency: 1s}]\n"), Duration(38s));
  EXPECT_EQ(heal("faults: [{name: a, window: 9s.., latency: 1s}]\n"), Duration(39s));
  EXPECT_EQ(heal("expect: {between: 2s..6s}\n"), Duration(36s));
  EXPECT_EQ(heal("timeline: [{at: 1s, cluster-restart: {down: 2s, stale: 3s, ready-after: "
                 "4s}}]\n"),
            Duration(40s));
}

TEST(ReadEnds, NeverHealsWhereTheFileSaysSo) {
  const Scenario ill = scenario("heal: never\ntimeline: [{at: 10s, api: down}]\n");
  EXPECT_EQ(ill.heal, std::nullopt);
  EXPECT_EQ(ill.end, Duration(100s));
}

TEST(ReadEnds, DoesNotEndBeforeWhatTheFileSays) {
  EXPECT_EQ(scenario("heal: 5s\ntimeline: [{at: 300s, api: up}]\n").end, Duration(360s));
}

TEST(ReadEnds, RefuseWhatComesAfterAGivenEnd) {
  EXPECT_THAT(problems("end: 0s\n"), ElementsAre("x.yaml:3:6: the end must be after 0s"));
  EXPECT_THAT(problems("end: 5s\nheal: 6s\n"),
              ElementsAre("x.yaml:4:7: it would heal after the end"));
  EXPECT_THAT(problems("end: 5s\ntimeline:\n  - {at: 6s, api: up}\n"),
              ElementsAre("x.yaml:5:5: this never happens: the end is at 5s"));
  EXPECT_THAT(problems("end: 5s\nexpect: {between: 5s..6s}\n"),
              ElementsAre("x.yaml:4:19: this can never be met: the end is at 5s"));
  EXPECT_THAT(problems("end: 5s\nheal: 5s\ntimeline: [{at: 5s, api: up}]\nexpect: {between: "
                       "4s..9s}\n"),
              IsEmpty());
}

constexpr const char* two_documents =
    "# first\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n---  # nothing\n---\n"
    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: n}}\n"
    "- {apiVersion: v1, kind: Secret, metadata: {name: s, namespace: other}}\n";

TEST(ReadManifests, TakesSeveralDocumentsListsAndFiles) {
  EXPECT_THAT(applied(load_with("namespace: shop\nobjects: [a.yaml, b.json]\n",
                                {{"a.yaml", two_documents},
                                 {"b.json",
                                  "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": "
                                  "{\"name\": \"b\"}}"}})),
              ElementsAre("ConfigMap shop/a", "Namespace -/n", "Secret other/s", "Secret shop/b"));
}

TEST(ReadManifests, TakesAnEmptyFile) {
  EXPECT_THAT(applied(load_with("objects: a.yaml\n", {{"a.yaml", "# nothing\n"}})), IsEmpty());
}

TEST(ReadManifests, TellsWhatIsWrongWithThem) {
  const auto of = [](const std::string& text) {
    return test::problems_in(load_with("objects: a.yaml\n", {{"a.yaml", text}}));
  };
  EXPECT_THAT(test::problems_in(load_with("objects: b.yaml\n", {})),
              ElementsAre("x.yaml:3:10: cannot read b.yaml: No such file"));
  EXPECT_THAT(of("a: [\n"), ElementsAre("x.yaml:3:10: a.yaml is no YAML"));
  EXPECT_THAT(of("- 1\n"), ElementsAre("x.yaml:3:10: a Kubernetes object needs kind and "
                                       "apiVersion"));
  EXPECT_THAT(of("{apiVersion: v1, kind: Pod}\n"),
              ElementsAre("x.yaml:3:10: the Pod needs a metadata.name"));
}

TEST(ReadObjects, NeedKindVersionAndName) {
  EXPECT_THAT(problems_of_step("at: 1s, apply: {kind: Pod}"),
              ElementsAre("x.yaml:6:21: a Kubernetes object needs kind and apiVersion"));
  EXPECT_THAT(problems_of_step("at: 1s, apply: {apiVersion: v1, kind: Pod, metadata: {}}"),
              ElementsAre("x.yaml:6:21: the Pod needs a metadata.name"));
}

TEST(ReadObjects, HaveEachKeyOnceAtEveryDepth) {
  EXPECT_THAT(problems_of_step("at: 1s, apply: {apiVersion: v1, kind: Pod, metadata: {name: a, "
                               "name: b}}"),
              ElementsAre("x.yaml:6:69: key \"name\" is given twice"));
}

// A resource of one's own may have a field of that name.
TEST(ReadObjects, AreListsOnlyWhereTheirKindSaysSo) {
  EXPECT_THAT(applied(test::load("version: 1\nabout: A.\ntimeline:\n  - {at: 0s, apply: "
                                 "{apiVersion: a.io/v1, kind: Menu, metadata: {name: m}, items: "
                                 "[x]}}\n")),
              ElementsAre("Menu default/m"));
}

TEST(ReadRecording, StandsAlone) {
  const std::string trace = test::read_file(PROJECT_SOURCE_DIR "/scenarios/recorded/flapping.json");
  const std::map<std::string, std::string> files{{"t.json", trace}};
  EXPECT_THAT(test::problems_in(load_with("recording: t.json\n", files)), IsEmpty());
  EXPECT_THAT(test::problems_in(
                  load_with("recording: t.json\nservices: {a: {ports: {t: 1}, pods: 1}}\n", files)),
              ElementsAre("x.yaml:3:12: \"recording\" and \"services\" exclude each other"));
  EXPECT_THAT(test::problems_in(load_with("namespace: shop\nrecording: t.json\n", files)),
              ElementsAre(HasSubstr("x.yaml:3:12: t.json was recorded in the namespace")));
  EXPECT_THAT(test::problems_in(load_with("recording: t.json\n", {{"t.json", "{"}})),
              ElementsAre(HasSubstr("x.yaml:3:12: t.json: ")));
  EXPECT_THAT(test::problems_in(load_with("recording: t.json\n", {})),
              ElementsAre("x.yaml:3:12: cannot read t.json: No such file"));
}

TEST(ReadRecording, GoesWithStepsAndFaults) {
  const std::string trace = test::read_file(PROJECT_SOURCE_DIR "/scenarios/recorded/flapping.json");
  const Loaded loaded = load_with(
      "recording: t.json\ntimeline: [{at: 1s, api: down}]\nfaults: [{name: a, latency: 1s}]\n",
      {{"t.json", trace}});
  EXPECT_THAT(test::problems_in(loaded), IsEmpty());
}

// The words of YAML for other types: what was meant is asked for in quotes.
TEST(ReadTexts, AreNoBooleans) {
  EXPECT_THAT(problems("namespace: true\n"),
              ElementsAre(HasSubstr("namespace must be a DNS label")));
  EXPECT_THAT(problems("namespace: \"true\"\n"), IsEmpty());
  EXPECT_THAT(problems("expect: {says: true}\n"), ElementsAre(HasSubstr("says must be a text")));
}

TEST(ReadSingleStep, TakesAStepWithoutATime) {
  const Scenario of = scenario("services:\n  db: {ports: {t: 1}, pods: 1}\n");
  const auto read = read_single_step("pods: {db-0: ready}", of);
  ASSERT_TRUE(std::holds_alternative<std::vector<ScenarioStep>>(read));
  EXPECT_EQ(std::get<std::string>(read_single_step("at: 1s\napi: up", of)),
            "line 1:5: \"at\" has no meaning here: it happens now");
  EXPECT_EQ(std::get<std::string>(read_single_step("pods: {db-1: ready}", of)),
            "line 1:8: no Pod is called \"db-1\" (did you mean \"db-0\"?)");
}

}  // namespace
}  // namespace fakeapi::scenario
