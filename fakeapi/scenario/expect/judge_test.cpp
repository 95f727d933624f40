// Each expectation met and not met, with its sentence. Expectations are read from a file's own
// words.
#include "fakeapi/scenario/expect/judge.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakeapi/scenario/expect/test_record.hpp"
#include "fakeapi/scenario/test_support.hpp"

namespace fakeapi::scenario {
namespace {

using test::Asked;
using test::ending;
using test::record_of;
using test::slices;
using test::watch_slices;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

Expectations expecting(const std::string& expect) {
  return test::scenario_of(test::load(test::scenario_with(3, "  []\nexpect: {" + expect + "}\n")))
      .expect;
}

// "met: EXPECTATION: REASON" and "not met: ...".
std::vector<std::string> judged(const std::string& expect, const Record& record) {
  std::vector<std::string> out;
  for (const Finding& finding : judge(expecting(expect), record))
    out.push_back((finding.met ? "met: " : "not met: ") + finding.expectation + ": " +
                  finding.reason);
  return out;
}

TEST(Judge, ExpectsNothingOfAFileThatSaysNothing) {
  EXPECT_THAT(judge({}, ending({}, 3)), IsEmpty());
}

TEST(Judge, Exit) {
  EXPECT_THAT(judged("exit: 0", ending({}, 14.2)),
              ElementsAre("met: exit 0: it exited 0 at 14.2 s"));
  EXPECT_THAT(judged("exit: [0, 3]", ending({}, 1, 3)),
              ElementsAre("met: exit 0 or 3: it exited 3 at 1.0 s"));
  EXPECT_THAT(judged("exit: 0", ending({}, 1, 7)),
              ElementsAre("not met: exit 0: it exited 7 at 1.0 s"));
  EXPECT_THAT(judged("exit: 0", ending({}, 1, std::nullopt)),
              ElementsAre("not met: exit 0: signal 9 ended it at 1.0 s"));
  EXPECT_THAT(judged("exit: 0", record_of({})),
              ElementsAre("not met: exit 0: it still ran at 60.0 s"));
}

TEST(Judge, ExitAny) {
  EXPECT_THAT(judged("exit: any", ending({}, 1, 9)),
              ElementsAre("met: it ends: it exited 9 at 1.0 s"));
  EXPECT_THAT(judged("exit: any", record_of({})),
              ElementsAre("not met: it ends: it still ran at 60.0 s"));
}

TEST(Judge, ExitRunning) {
  EXPECT_THAT(judged("exit: running", record_of({})),
              ElementsAre("met: still running at the end: it still ran at 60.0 s"));
  EXPECT_THAT(judged("exit: running", ending({}, 1)),
              ElementsAre("not met: still running at the end: it exited 0 at 1.0 s"));
}

TEST(Judge, Between) {
  EXPECT_THAT(judged("between: 13s..16s", ending({}, 13)),
              ElementsAre("met: between 13s..16s: it exited 0 at 13.0 s"));
  EXPECT_THAT(judged("between: 13s..16s", ending({}, 16)),
              ElementsAre("not met: between 13s..16s: it exited 0 at 16.0 s"));
  EXPECT_THAT(judged("between: 13s..", record_of({})),
              ElementsAre("not met: between 13s..: it still ran at 60.0 s"));
}

TEST(Judge, Truth) {
  Record record;
  record.truth["mysql"] = {{0s, 0}, {5s, 2}, {9s, 3}};
  EXPECT_THAT(judged("truth: {mysql: 3}", ending(record, 9)),
              ElementsAre("met: not before 3 Pods of mysql listen: it exited 0 at 9.0 s, when 3 of "
                          "mysql listened"));
  EXPECT_THAT(judged("truth: {mysql: 3}", ending(record, 8.9)),
              ElementsAre("not met: not before 3 Pods of mysql listen: it exited 0 at 8.9 s, when "
                          "2 of mysql listened"));
  EXPECT_THAT(judged("truth: {mysql: 1}", ending(record, 1, 1)),
              ElementsAre("met: not before 1 Pod of mysql listens: it exited 1 at 1.0 s"));
}

TEST(Judge, Order) {
  const Record record =
      record_of({Asked(0, slices), Asked(1, watch_slices), Asked(2, "/api/v1/pods")});
  EXPECT_THAT(judged("order: [list endpointslices, list pods]", record),
              ElementsAre("met: \"list endpointslices\" then \"list pods\": they came in this "
                          "order"));
  EXPECT_THAT(judged("order: [watch endpointslices, list endpointslices]", record),
              ElementsAre("not met: \"watch endpointslices\" then \"list endpointslices\": no "
                          "\"list endpointslices\" came after \"watch endpointslices\""));
  EXPECT_THAT(judged("order: [delete]", record), ElementsAre("not met: \"delete\": no \"delete\" "
                                                             "came"));
}

TEST(Judge, Limits) {
  const Record record = record_of({Asked(0, slices), Asked(0.5, slices).on(2),
                                   Asked(1, watch_slices).on(2).until(3), Asked(3, watch_slices)});
  EXPECT_THAT(
      judged("at-most: {request: {verb: list, resource: endpointslices}, requests: 1}", record),
      ElementsAre("not met: at most 1 requests (list of endpointslices): there were 2"));
  EXPECT_THAT(
      judged("at-most: {requests: 4, connections: 2, watches: 1, requests-per-second: 2}", record),
      ElementsAre("met: at most 4 requests: there were 4",
                  "met: at most 2 requests within a second: there were 2",
                  "met: at most 2 connections: there were 2",
                  "met: at most 1 open watches: there was 1"));
  EXPECT_THAT(judged("at-least: [{watches: 2}, {request: {verb: list}, requests: 2}]", record),
              ElementsAre("not met: at least 2 open watches: there was 1",
                          "met: at least 2 requests (list): there were 2"));
}

TEST(Judge, CountsAnySecondAndNotOnlyWholeOnes) {
  const Record record =
      record_of({Asked(0.6, slices), Asked(0.9, slices), Asked(1.5, slices), Asked(1.6, slices)});
  EXPECT_THAT(judged("at-most: {requests-per-second: 2}", record),
              ElementsAre("not met: at most 2 requests within a second: there were 3"));
}

TEST(Judge, Habits) {
  const Record record = record_of({Asked(2, slices + "?watch=true")});
  EXPECT_THAT(judged("no: watch-without-timeout", record),
              ElementsAre("not met: no watch-without-timeout: the watch of endpointslices at 2.0 s "
                          "has no timeoutSeconds"));
  EXPECT_THAT(judged("no: relist-storm", record), ElementsAre("met: no relist-storm: not seen"));
  EXPECT_EQ(judged("no: all", record).size(), 7U);
}

TEST(Judge, TellsOtherHabitsApart) {
  const Record record = record_of({Asked(2, slices + "?watch=true")});
  EXPECT_EQ(other_habits(expecting("no: relist-storm"), record).size(), 1U);
  EXPECT_THAT(other_habits(expecting("no: all"), record), IsEmpty());
}

TEST(Judge, Says) {
  Record record;
  record.output = "mysql is ready\n";
  EXPECT_THAT(judged("says: [mysql is ready, timeout]", record),
              ElementsAre("met: says \"mysql is ready\": it does",
                          "not met: says \"timeout\": it does not"));
}

}  // namespace
}  // namespace fakeapi::scenario
