// The judge, case by case, and against a second statement of its rule.
#include "fakeapi/lanes/verdict.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/lanes/test_logs.hpp"

namespace fakeapi::lanes {
namespace {

Event truth(double at_seconds, const std::string& what, const std::string& service = "mysql") {
  return {at_seconds, "truth/" + service, what, ""};
}

Event subject(double at_seconds, const std::string& what) {
  return {at_seconds, "subject/app", what, ""};
}

TEST(Judge, AStartWhileSomethingListensIsRight) {
  const auto verdicts = judge({truth(0, "ready 1/3"), subject(1, "starts workload")});
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_TRUE(verdicts[0].right);
  EXPECT_EQ(verdicts[0].subject, "app");
  EXPECT_EQ(verdicts[0].at_seconds, 1);
  EXPECT_EQ(verdicts[0].why, "mysql 1/3 listened");
}

TEST(Judge, AStartWhileNothingListensIsWrong) {
  const auto verdicts = judge({truth(0, "ready 0/3"), subject(1, "starts workload")});
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_FALSE(verdicts[0].right);
  EXPECT_EQ(verdicts[0].why, "nothing listened");
}

// The API is what is judged, and so cannot be the judge.
TEST(Judge, DoesNotAskTheApi) {
  const auto verdicts = judge(
      {truth(0, "ready 0/3"), {0, "api/mysql", "ready 3/3", ""}, subject(1, "starts workload")});
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_FALSE(verdicts[0].right);
}

// A workload depends on all of its services; the one that is missing is named.
TEST(Judge, OneServiceWithoutListenersIsEnoughToBeWrong) {
  const auto verdicts =
      judge({truth(0, "ready 3/3"), truth(0, "ready 0/1", "kafka"), subject(1, "starts workload")});
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_FALSE(verdicts[0].right);
  EXPECT_EQ(verdicts[0].why, "nothing listened for kafka");
}

// Fail closed: a service that appears later did not listen before.
TEST(Judge, AServiceThatIsNotThereYetDoesNotListen) {
  const auto verdicts = judge({subject(1, "starts workload"), truth(2, "ready 1/1")});
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_FALSE(verdicts[0].right);
}

// Ties are broken by the order of the log, which is the order of cause.
TEST(Judge, AtEqualTimesTheOrderOfTheLogDecides) {
  const auto before =
      judge({truth(0, "ready 0/1"), truth(1, "ready 1/1"), subject(1, "starts workload")});
  const auto after =
      judge({truth(0, "ready 0/1"), subject(1, "starts workload"), truth(1, "ready 1/1")});
  ASSERT_EQ(before.size(), 1U);
  ASSERT_EQ(after.size(), 1U);
  EXPECT_TRUE(before[0].right);
  EXPECT_FALSE(after[0].right);
}

// kubelet restarts a container without its init containers: that is a start like any other.
TEST(Judge, JudgesRestartsToo) {
  const auto verdicts = judge({truth(0, "ready 1/1"), subject(1, "starts workload"),
                               truth(2, "ready 0/1"), subject(3, "workload restarted")});
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_TRUE(verdicts[0].right);
  EXPECT_FALSE(verdicts[1].right);
  EXPECT_EQ(verdicts[1].occasion, Occasion::restart);
}

// Never to start is no way to never be wrong.
TEST(Judge, WaitingToTheEndIsWrongWhenSomethingListens) {
  const auto verdicts = judge({subject(1, "started"), truth(2, "ready 1/1"), {9, "", "end", ""}});
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].occasion, Occasion::never);
  EXPECT_FALSE(verdicts[0].right);
  EXPECT_EQ(verdicts[0].at_seconds, 9);
}

TEST(Judge, WaitingToTheEndIsFineWhileNothingListens) {
  EXPECT_TRUE(judge({subject(1, "started"), truth(2, "ready 0/1")}).empty());
}

// Without a witness there is no judgement: silence, not an accusation.
TEST(Judge, SaysNothingWithoutATruth) {
  EXPECT_TRUE(judge({subject(1, "started"), subject(2, "starts workload")}).empty());
}

TEST(Judge, DoesNotDependOnTheOrderOfLines) {
  const auto verdicts =
      judge({subject(5, "starts workload"), truth(4, "ready 1/1"), truth(0, "ready 0/1")});
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_TRUE(verdicts[0].right);
}

// The demonstration itself: two of three are wrong, and the third is not.
TEST(Judge, FindsTheTwoThatStartTooEarlyInTheFullClusterRestart) {
  const auto verdicts = judge(sample("full-cluster-restart.jsonl"));
  ASSERT_EQ(verdicts.size(), 3U);
  EXPECT_EQ(verdicts[0].subject, "wait-for-endpoints");
  EXPECT_FALSE(verdicts[0].right);
  EXPECT_EQ(verdicts[1].subject, "curl and jq (2017)");
  EXPECT_FALSE(verdicts[1].right);
  EXPECT_EQ(verdicts[2].subject, "wait-for-endpoints --verify=tcp");
  EXPECT_TRUE(verdicts[2].right);
}

// The rule, said a second time and differently: replay the truth up to the start and look for a
// zero.
RC_GTEST_PROP(Judge, AgreesWithAReplayOfTheTruth, ()) {
  std::vector<Event> log;
  std::vector<bool> expected;
  const int size = *rc::gen::inRange(0, 30);
  int now = *rc::gen::inRange(0, 3);
  log.push_back(truth(0, "ready " + std::to_string(now) + "/2"));
  for (int index = 1; index <= size; ++index) {
    if (*rc::gen::arbitrary<bool>()) {
      now = *rc::gen::inRange(0, 3);
      log.push_back(truth(index, "ready " + std::to_string(now) + "/2"));
    } else {
      log.push_back(subject(index, "workload restarted"));
      expected.push_back(now > 0);
    }
  }
  const auto verdicts = judge(log);
  RC_ASSERT(verdicts.size() == expected.size());
  for (std::size_t index = 0; index < expected.size(); ++index) {
    RC_ASSERT(verdicts[index].right == expected[index]);
  }
}

}  // namespace
}  // namespace fakeapi::lanes
