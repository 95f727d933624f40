// Every kind of mistake, each with its place and what was probably meant; and what a right file
// says.
#include "fakeapi/scenario/load.hpp"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/scenario/test_support.hpp"

namespace fakeapi::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;
using test::problems_of_step;
using test::scenario_with;

std::vector<std::string> problems_of(const std::string& text) {
  return test::problems_in(test::load(text, "x.yaml"));
}

// The same for a Service, at line 4, column 3.
std::vector<std::string> problems_of_service(const std::string& service) {
  return problems_of("version: 1\nabout: A test.\nservices:\n  " + service + "\ntimeline: []\n");
}

TEST(LoadScenario, TellsPlaceMessageAndSuggestionOnOneLine) {
  const Problem problem{"scenarios/x.yaml", 7, 5, "unknown key \"redy\" in a step", "ready"};
  EXPECT_EQ(to_string(problem),
            "scenarios/x.yaml:7:5: unknown key \"redy\" in a step (did you mean \"ready\"?)");
}

TEST(LoadScenario, IsNamedAfterTheFile) {
  const Loaded loaded = test::load(scenario_with(1, "  []\n"), "some/where/slow.start.yaml");
  EXPECT_EQ(test::timeline_of(loaded).name, "slow.start");
}

TEST(LoadScenario, TakesServicesInTheFilesOrderWithTheirNamespace) {
  const Timeline timeline = test::timeline_of(test::load(
      "version: 1\nabout: Two.\nnamespace: shop\nservices:\n  web: {ports: {http: 80}, pods: 2}\n"
      "  db: {ports: {tcp: 5432}, pods: 0}\ntimeline: []\n",
      "x.yaml"));
  EXPECT_EQ(timeline.about, "Two.");
  ASSERT_THAT(timeline.services, SizeIs(2));
  EXPECT_EQ(timeline.services[0].namespace_name, "shop");
  EXPECT_EQ(timeline.services[0].name, "web");
  EXPECT_EQ(timeline.services[0].pods, 2);
  EXPECT_EQ(timeline.services[1].name, "db");
  EXPECT_EQ(timeline.services[1].pods, 0);
}

TEST(LoadScenario, SortsStepsByTimeAndKeepsTheOrderOfEqualTimes) {
  const Timeline timeline = test::timeline_of(test::load(
      scenario_with(1,
                    "  - {at: 2s, why: c, api: up}\n  - {at: 1s, why: a, api: up}\n"
                    "  - {at: 1s, why: b, api: up}\n  - {at: 0s, why: first, api: up}\n"),
      "x.yaml"));
  ASSERT_THAT(timeline.steps, SizeIs(4));
  EXPECT_EQ(timeline.steps[0].why, "first");
  EXPECT_EQ(timeline.steps[1].why, "a");
  EXPECT_EQ(timeline.steps[2].why, "b");
  EXPECT_EQ(timeline.steps[3].why, "c");
  EXPECT_EQ(timeline.steps[3].at, cluster::Duration(2s));
}

TEST(LoadScenario, CollectsAllProblemsInTheFilesOrder) {
  EXPECT_THAT(
      problems_of("version: 2\nabuot: A test.\nservices:\n  mysql: {ports: {tcp: 70000}, "
                  "pods: 1}\ntimeline:\n  - {at: -1s, api: up}\n  - {at: 1s, api: upp}\n"),
      ElementsAre("x.yaml:1:10: version must be 1, not \"2\"",
                  "x.yaml:2:1: unknown key \"abuot\" in a scenario (did you mean "
                  "\"about\"?)",
                  "x.yaml:4:24: port \"tcp\" must be a number from 1 to 65535, not "
                  "\"70000\"",
                  "x.yaml:6:10: at must be a time from 0s to 1000h, not \"-1s\"",
                  "x.yaml:7:19: api must be up or down, not \"upp\" (did you mean \"up\"?)"));
}

TEST(LoadScenario, NeedsItsRequiredKeys) {
  EXPECT_THAT(problems_of("namespace: a\n"),
              ElementsAre("x.yaml:1:1: missing key \"about\" in a scenario",
                          "x.yaml:1:1: missing key \"version\" in a scenario"));
}

TEST(LoadScenario, RefusesAFileThatIsNoMapping) {
  EXPECT_THAT(problems_of(""),
              ElementsAre("x.yaml:1:1: a scenario must be a mapping, not nothing"));
  EXPECT_THAT(problems_of("- 1\n"),
              ElementsAre("x.yaml:1:1: a scenario must be a mapping, not a list"));
}

TEST(LoadScenario, RefusesDuplicateKeysInEveryMapping) {
  EXPECT_THAT(problems_of_step("at: 1s, at: 2s, api: up"),
              ElementsAre("x.yaml:6:14: key \"at\" is given twice"));
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysql-0: ready, mysql-0: stale}"),
              ElementsAre("x.yaml:6:37: Pod \"mysql-0\" is given twice"));
  EXPECT_THAT(problems_of_service("a: {ports: {tcp: 1, tcp: 2}, pods: 1}"),
              ElementsAre("x.yaml:4:23: port \"tcp\" is given twice"));
  EXPECT_THAT(problems_of_service("a: {ports: {t: 1}, pods: 1}\n  a: {ports: {t: 1}, pods: 1}"),
              ElementsAre("x.yaml:5:3: Service \"a\" is given twice"));
}

TEST(LoadScenario, RefusesAnAboutThatIsNoSentence) {
  for (const char* about : {"", "''", "[a]", "\"a\\nb\""}) {
    EXPECT_THAT(
        problems_of("version: 1\nabout: " + std::string(about) + "\nservices: {}\ntimeline: []\n"),
        ElementsAre(HasSubstr("about must be a text of one line")))
        << about;
  }
}

TEST(LoadScenario, RefusesANamespaceThatIsNoDnsLabel) {
  EXPECT_THAT(
      problems_of("version: 1\nabout: A.\nnamespace: My_Shop\nservices: {}\ntimeline: []\n"),
      ElementsAre("x.yaml:3:12: namespace must be a DNS label: at most 63 of a-z, 0-9 and -, "
                  "not \"My_Shop\""));
}

TEST(LoadScenario, RefusesAServiceNameThatIsNoDnsLabel) {
  EXPECT_THAT(
      problems_of_service("My_Sql: {ports: {tcp: 1}, pods: 1}"),
      ElementsAre("x.yaml:4:3: Service name \"My_Sql\" is not a DNS label (RFC 1035): at most 63 "
                  "of a-z, 0-9 and -, beginning with a letter (did you mean \"my-sql\"?)"));
  EXPECT_THAT(problems_of_service("0sql: {ports: {tcp: 1}, pods: 1}"),
              ElementsAre(HasSubstr("x.yaml:4:3: Service name \"0sql\" is not a DNS label")));
}

TEST(LoadScenario, RefusesImpossiblePorts) {
  EXPECT_THAT(problems_of_service("a: {ports: {tcp: 0}, pods: 1}"),
              ElementsAre("x.yaml:4:20: port \"tcp\" must be a number from 1 to 65535, not \"0\""));
  EXPECT_THAT(problems_of_service("a: {ports: {tcp: '80'}, pods: 1}"),
              ElementsAre(HasSubstr("x.yaml:4:20: port \"tcp\" must be a number")));
  EXPECT_THAT(problems_of_service("a: {ports: {}, pods: 1}"),
              ElementsAre("x.yaml:4:14: ports must not be empty"));
}

TEST(LoadScenario, RefusesAPortNameThatIsNoIanaServiceName) {
  EXPECT_THAT(
      problems_of_service("a: {ports: {mysql-replication: 3306}, pods: 1}"),
      ElementsAre("x.yaml:4:15: port name \"mysql-replication\" is not an IANA service name: at "
                  "most 15 of a-z, 0-9 and -, with a letter"));
}

// An API server answers such a Service with 422: "Duplicate value".
TEST(LoadScenario, RefusesOnePortNumberTwice) {
  EXPECT_THAT(problems_of_service("a: {ports: {x: 80, y: 80}, pods: 1}"),
              ElementsAre("x.yaml:4:25: port number 80 is given twice"));
}

TEST(LoadScenario, RefusesMoreThanAThousandPods) {
  EXPECT_THAT(problems_of_service("a: {ports: {x: 80}, pods: 1001}"),
              ElementsAre("x.yaml:4:29: pods must be a number from 0 to 1000, not \"1001\""));
  EXPECT_THAT(problems_of_service("a: {ports: {x: 80}, pods: 1000}"), IsEmpty());
}

TEST(LoadScenario, RefusesMoreThanFiveThousandPodsInAll) {
  std::string services = "a0: {ports: {x: 80}, pods: 1000}";
  for (const char* name : {"a1", "a2", "a3", "a4", "a5"}) {
    services += "\n  " + std::string(name) + ": {ports: {x: 80}, pods: 1000}";
  }
  EXPECT_THAT(problems_of_service(services),
              ElementsAre("x.yaml:4:3: 6000 Pods in all, more than 5000"));
}

TEST(LoadScenario, RefusesAKeyThatAStepDoesNotHave) {
  EXPECT_THAT(problems_of_step("at: 1s, pod: {mysql-0: ready}, api: up"),
              ElementsAre("x.yaml:6:14: unknown key \"pod\" in a step (did you mean \"pods\"?)"));
}

TEST(LoadScenario, RefusesAStepWithoutATime) {
  EXPECT_THAT(problems_of_step("api: up"),
              ElementsAre("x.yaml:6:5: missing key \"at\" in a step, or \"when\" in its place"));
}

TEST(LoadScenario, SuggestsTheUnitThatADurationLacks) {
  EXPECT_THAT(problems_of_step("at: 2, api: up"),
              ElementsAre("x.yaml:6:10: at must be a duration such as 2s, 700ms ± 200ms or "
                          "uniform(1s, 3s), not \"2\" "
                          "(did you mean \"2s\"?)"));
}

TEST(LoadScenario, RefusesAStepThatSaysNothing) {
  EXPECT_THAT(problems_of_step("at: 1s, why: nothing happens"),
              ElementsAre("x.yaml:6:5: a step that says nothing: give pods, api, controllers or "
                          "another key that says what is"));
}

TEST(LoadScenario, RefusesPodsThatAreEmpty) {
  EXPECT_THAT(problems_of_step("at: 1s, pods: {}"),
              ElementsAre(HasSubstr("x.yaml:6:20: pods must not be empty")));
  EXPECT_THAT(problems_of(scenario_with(1, "  - at: 1s\n    pods:\n")),
              ElementsAre("x.yaml:7:5: pods must be a mapping (Pod: state), not nothing"));
}

TEST(LoadScenario, SuggestsTheChoiceThatWasMeant) {
  EXPECT_THAT(
      problems_of_step("at: 1s, controllers: pause"),
      ElementsAre("x.yaml:6:27: controllers must be running or paused, a duration such as 300ms, "
                  "2s or 1m30s or a mapping (each of the two), not \"pause\" (did you "
                  "mean \"paused\"?)"));
}

TEST(LoadScenario, SuggestsThePodThatWasMeant) {
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysq-1: ready}"),
              ElementsAre("x.yaml:6:21: no Pod is called \"mysq-1\" (did you mean \"mysql-1\"?)"));
}

TEST(LoadScenario, SuggestsTheWildcardThatWasMeant) {
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysq-*: ready}"),
              ElementsAre("x.yaml:6:21: no Pod is called \"mysq-*\" (did you mean \"mysql-*\"?)"));
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysql: ready}"),
              ElementsAre("x.yaml:6:21: no Pod is called \"mysql\" (did you mean \"mysql-*\"?)"));
}

TEST(LoadScenario, CallsNoPodUnknownWhileAServiceIsNotUnderstood) {
  EXPECT_THAT(
      problems_of("version: 1\nabout: A.\nservices:\n  mysql: {ports: {tcp: 1}, pods: many}\n"
                  "timeline:\n  - {at: 0s, pods: {mysql-0: ready}}\n"),
      ElementsAre(HasSubstr("x.yaml:4:34: pods must be a number")));
}

TEST(LoadScenario, TakesAStarOnlyAtTheEnd) {
  EXPECT_THAT(
      problems_of_step("at: 1s, pods: {my*-0: ready}"),
      ElementsAre("x.yaml:6:21: Pod name \"my*-0\" is not a Pod's name, or a prefix and *"));
}

TEST(LoadScenario, SuggestsThePodStateThatWasMeant) {
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysql-0: redy}"),
              ElementsAre("x.yaml:6:30: mysql-0: unknown word \"redy\" (did you mean \"ready\"?)"));
}

TEST(LoadScenario, RefusesAListOfStatesInAListOfStates) {
  EXPECT_THAT(problems_of_step("at: 1s, every: 1s, times: 2, pods: {mysql-0: [[ready]]}"),
              ElementsAre(HasSubstr("x.yaml:6:52: mysql-0 must be ")));
}

// A key that was misspelt is not missing as well.
TEST(LoadScenario, TellsOneMistakeOnce) {
  EXPECT_THAT(problems_of_step("att: 1s, api: up"),
              ElementsAre("x.yaml:6:6: unknown key \"att\" in a step (did you mean \"at\"?)"));
}

TEST(LoadScenario, ReadsTheMappingOfAPodStateByTheTable) {
  EXPECT_THAT(
      problems_of_step("at: 1s, pods: {mysql-0: {show: ready}}"),
      ElementsAre("x.yaml:6:31: unknown key \"show\" in a Pod state (did you mean \"shows\"?)"));
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysql-0: {shows: running}}"),
              ElementsAre(HasSubstr("x.yaml:6:38: shows must be ready, not-ready, pending,")));
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysql-0: {shows: ready, listens: tru}}"),
              ElementsAre("x.yaml:6:54: listens must be true or false, not \"tru\" (did you mean "
                          "\"true\"?)"));
}

TEST(LoadScenario, RefusesAPodThatListensWithoutAnAddress) {
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysql-0: {shows: absent, listens: true}}"),
              ElementsAre("x.yaml:6:55: a Pod that shows absent has no address to listen on"));
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysql-0: {shows: pending, listens: true}}"),
              ElementsAre("x.yaml:6:56: a Pod that shows pending has no address to listen on"));
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysql-0: {shows: terminating, listens: true}}"),
              ElementsAre("x.yaml:6:21: mysql-0 has no address to listen on"));
}

TEST(LoadScenario, RefusesAnAddressWhereThePodHasNoneToChoose) {
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysql-0: {shows: pending, address: new}}"),
              ElementsAre("x.yaml:6:56: a Pod that shows pending has no address"));
  EXPECT_THAT(problems_of_step("at: 1s, pods: {mysql-0: {shows: terminating, address: new}}"),
              ElementsAre("x.yaml:6:60: a terminating Pod keeps the address it has"));
}

TEST(LoadScenario, RefusesAnAddressOutsideTheRange) {
  EXPECT_THAT(
      problems_of_step("at: 1s, pods: {mysql-0: {shows: ready, address: 10.21.0.1}}"),
      ElementsAre("x.yaml:6:54: address must be an IPv4 address inside 10.20.0.0/16 or the word "
                  "new, not \"10.21.0.1\""));
}

TEST(LoadScenario, RefusesOneAddressForTwoPodsAtTheSameTime) {
  EXPECT_THAT(
      problems_of_step("at: 1s, pods: {\"mysql-*\": {shows: ready, address: 10.20.0.9}}"),
      ElementsAre("x.yaml:6:21: address 10.20.0.9 is of mysql-0 and mysql-1 at the same time"));
  EXPECT_THAT(
      problems_of(
          scenario_with(2,
                        "  - {at: 1s, pods: {mysql-0: ready}}\n"
                        "  - {at: 2s, pods: {mysql-1: {shows: ready, address: 10.20.0.1}}}\n")),
      ElementsAre("x.yaml:7:21: address 10.20.0.1 is of mysql-0 and mysql-1 at the same time"));
}

TEST(LoadScenario, AllowsAnAddressToGoFromOnePodToAnother) {
  EXPECT_THAT(
      problems_of(scenario_with(2,
                                "  - {at: 1s, pods: {mysql-0: ready}}\n"
                                "  - {at: 2s, pods: {mysql-0: absent, mysql-1: {shows: ready, "
                                "address: 10.20.0.1}}}\n")),
      IsEmpty());
}

// Only what is there can be deleted with a grace period.
TEST(LoadScenario, RefusesAnAbsentPodThatBecomesTerminating) {
  EXPECT_THAT(
      problems_of(scenario_with(1,
                                "  - {at: 1s, pods: {mysql-0: absent}}\n"
                                "  - {at: 2s, pods: {mysql-0: terminating}}\n")),
      ElementsAre("x.yaml:7:21: mysql-0 is absent until then, so it cannot be terminating"));
}

TEST(LoadScenario, CutsALongValueInItsMessage) {
  const std::string name(200, 'x');
  EXPECT_THAT(problems_of_step("at: 1s, api: " + name),
              ElementsAre(HasSubstr("not \"" + std::string(60, 'x') + "...\"")));
}

// Whatever a text looks like, it is either understood or refused with a place inside it.
RC_GTEST_PROP(LoadScenario, PointsIntoTheTextWhateverItIs, ()) {
  std::string text =
      scenario_with(2,
                    "  - at: 0s\n    pods: {mysql-0: {shows: ready, listens: false}}\n"
                    "  - {at: 1s, why: it is, pods: {\"mysql-*\": stale}, api: down}\n");
  const int edits = *rc::gen::inRange(1, 4);
  for (int i = 0; i < edits; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const char c = *rc::gen::elementOf(std::string("{}[]:,-*&!|>'\"#%@`? \n\tax09"));
    if (*rc::gen::arbitrary<bool>()) text.erase(at, *rc::gen::inRange<std::size_t>(1, 20));
    text.insert(std::min(at, text.size()), 1, c);
  }
  const Loaded loaded = test::load(text, "x.yaml");
  const auto* problems = std::get_if<std::vector<Problem>>(&loaded);
  if (problems == nullptr) return;
  const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
  RC_ASSERT(!problems->empty());
  for (const Problem& problem : *problems) {
    RC_ASSERT(problem.line >= 1);
    RC_ASSERT(problem.line <= lines);
    RC_ASSERT(problem.column >= 1);
    RC_ASSERT(!problem.message.empty());
  }
}

}  // namespace
}  // namespace fakeapi::scenario
