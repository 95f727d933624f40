// What a log means in a picture, and what the drawers may rely on for every log.
#include "fakeapi/lanes/picture.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/lanes/letters.hpp"
#include "fakeapi/lanes/test_logs.hpp"

namespace fakeapi::lanes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<State> states_of(const Lane& lane) {
  std::vector<State> states;
  for (const Interval& interval : lane.intervals) states.push_back(interval.state);
  return states;
}

// The order is fixed, so that every picture is read in the same way: truth, API, subjects.
TEST(MakePicture, OrdersLanesByKindAndThenByFirstAppearance) {
  const Picture picture = make_picture({{0, "kubelet", "mark", "x"},
                                        {0, "subject/b", "started", ""},
                                        {0, "subject/a", "started", ""},
                                        {0, "api/mysql", "ready 1/1", ""},
                                        {0, "api", "up", ""},
                                        {1, "truth/mysql", "ready 1/1", ""}});
  std::vector<std::string> names;
  for (const Lane& lane : picture.lanes) names.push_back(lane.name);
  EXPECT_THAT(names, ElementsAre("mysql", "API server", "mysql", "b", "a", "kubelet"));
}

// The heart of the picture: addresses that are shown while nothing listens are stale, from the
// truth's change on.
TEST(MakePicture, CallsShownAddressesStaleWhileNothingListens) {
  const Picture picture = make_picture({{0, "truth/mysql", "ready 3/3", ""},
                                        {0, "api/mysql", "ready 3/3", ""},
                                        {2, "truth/mysql", "ready 0/3", ""},
                                        {5, "api/mysql", "ready 0/3", ""},
                                        {8, "", "end", ""}});
  const Lane& api = picture.lanes[1];
  ASSERT_THAT(states_of(api), ElementsAre(State::all, State::stale, State::none));
  EXPECT_EQ(api.intervals[1].span.from_seconds, 2);
  EXPECT_EQ(api.intervals[1].span.to_seconds, 5);
}

TEST(MakePicture, DoesNotCallAnotherServicesAddressesStale) {
  const Picture picture = make_picture(
      {{0, "truth/kafka", "ready 0/3", ""}, {0, "api/mysql", "ready 3/3", ""}, {8, "", "end", ""}});
  EXPECT_THAT(states_of(picture.lanes[1]), ElementsAre(State::all));
}

// Nobody sees what an API server shows that refuses connections; when it is back, its last word
// counts again.
TEST(MakePicture, DrawsApiLanesAsUnreachableWhileTheServerIsDown) {
  const Picture picture = make_picture({{0, "api/mysql", "ready 3/3", ""},
                                        {1, "api", "down", ""},
                                        {2, "api", "up", ""},
                                        {3, "", "end", ""}});
  EXPECT_THAT(states_of(picture.lanes[1]), ElementsAre(State::all, State::unreachable, State::all));
}

TEST(MakePicture, MarksTheTimeInWhichNothingListens) {
  const Picture picture = make_picture({{0, "truth/mysql", "ready 1/1", ""},
                                        {2, "truth/mysql", "ready 0/1", ""},
                                        {3, "truth/mysql", "ready 1/1", ""},
                                        {4, "", "end", ""}});
  ASSERT_EQ(picture.nothing_listens.size(), 1U);
  EXPECT_EQ(picture.nothing_listens[0].from_seconds, 2);
  EXPECT_EQ(picture.nothing_listens[0].to_seconds, 3);
}

// A later version's words are drawn, not refused.
TEST(MakePicture, DrawsUnknownWordsAsMarks) {
  const Picture picture = make_picture({{1, "truth/mysql", "ready many", "a word"},
                                        {1, "subject/a", "sleeps", "tired"},
                                        {2, "api", "mark", "here"}});
  EXPECT_EQ(picture.lanes[0].marks[0].label, "ready many: a word");
  EXPECT_EQ(picture.lanes[1].marks[0].label, "here");
  EXPECT_EQ(picture.lanes[2].marks[0].label, "sleeps: tired");
}

// The state at 0 is what was said before 0; what happens after the end is not in the picture.
TEST(MakePicture, ClipsWhatIsBeforeTheBeginningAndAfterTheEnd) {
  const Picture picture = make_picture({{-5, "truth/mysql", "ready 1/1", ""},
                                        {4, "", "end", ""},
                                        {6, "truth/mysql", "ready 0/1", ""},
                                        {7, "truth/mysql", "mark", "late"}});
  ASSERT_THAT(states_of(picture.lanes[0]), ElementsAre(State::all));
  EXPECT_EQ(picture.lanes[0].intervals[0].span.from_seconds, 0);
  EXPECT_EQ(picture.lanes[0].intervals[0].span.to_seconds, 4);
  EXPECT_THAT(picture.lanes[0].marks, IsEmpty());
}

TEST(MakePicture, OfAnEmptyLogHasAnAxisAndNothingElse) {
  const Picture picture = make_picture({});
  EXPECT_GT(picture.end_seconds, 0);
  EXPECT_FALSE(picture.ticks_seconds.empty());
  EXPECT_THAT(picture.lanes, IsEmpty());
  EXPECT_THAT(picture.conclusion, IsEmpty());
}

TEST(MakePicture, ShowsASubjectsWayFromWaitingToRunning) {
  const Picture picture = make_picture({{0, "truth/mysql", "ready 0/1", ""},
                                        {1, "subject/a", "started", ""},
                                        {2, "truth/mysql", "ready 1/1", ""},
                                        {3, "subject/a", "believes ready", ""},
                                        {4, "subject/a", "exited 0", ""},
                                        {5, "subject/a", "starts workload", "it answers"},
                                        {6, "subject/a", "app down", ""},
                                        {7, "", "end", ""}});
  const Lane& lane = picture.lanes[1];
  EXPECT_THAT(states_of(lane), ElementsAre(State::waiting, State::believes, State::exited,
                                           State::running, State::app_down));
  ASSERT_EQ(lane.marks.size(), 1U);
  EXPECT_EQ(lane.marks[0].kind, MarkKind::right);
  EXPECT_EQ(lane.marks[0].label, "starts its workload at 5.0 s");
  EXPECT_EQ(lane.marks[0].judgement, "mysql 1/1 listened");
  EXPECT_EQ(lane.marks[0].reason, "it answers");
}

// What gates each start of its workload waits again when the container restarts.
TEST(MakePicture, ShowsASubjectThatWaitsAgain) {
  const Picture picture = make_picture({{0, "truth/mysql", "ready 1/1", ""},
                                        {1, "subject/a", "started", ""},
                                        {2, "subject/a", "starts workload", ""},
                                        {3, "truth/mysql", "ready 0/1", ""},
                                        {4, "subject/a", "started", ""},
                                        {6, "truth/mysql", "ready 1/1", ""},
                                        {7, "subject/a", "starts workload", ""},
                                        {9, "", "end", ""}});
  const Lane& lane = picture.lanes.back();
  EXPECT_THAT(states_of(lane),
              ElementsAre(State::waiting, State::running, State::waiting, State::running));
  EXPECT_EQ(picture.outcome, Outcome::all_right);
}

// Without a truth nobody knows, so the picture does not say RIGHT or WRONG.
TEST(MakePicture, DoesNotJudgeWithoutATruth) {
  const Picture picture = make_picture({{1, "subject/a", "starts workload", ""}});
  ASSERT_EQ(picture.lanes[0].marks.size(), 1U);
  EXPECT_EQ(picture.lanes[0].marks[0].kind, MarkKind::unjudged);
  EXPECT_EQ(word(MarkKind::unjudged), "");
}

// The reader's five seconds: how many, and what misled them.
TEST(MakePicture, ConcludesThatTheApiMisledTheEarlyOnes) {
  const Picture picture = make_picture(sample("full-cluster-restart.jsonl"));
  EXPECT_EQ(picture.outcome, Outcome::some_wrong);
  EXPECT_EQ(picture.conclusion,
            "2 of 3 started too early: the API showed ready addresses where nothing listened.");
}

// The API is only blamed when it was stale at the start itself.
TEST(MakePicture, DoesNotBlameTheApiForAStartThatItDidNotCause) {
  const Picture picture = make_picture({{0, "truth/mysql", "ready 0/1", ""},
                                        {0, "api/mysql", "ready 0/1", ""},
                                        {1, "subject/a", "starts workload", ""},
                                        {2, "", "end", ""}});
  EXPECT_EQ(picture.conclusion, "a started too early: nothing listened yet.");
}

TEST(MakePicture, ConcludesThatNothingGatesARestart) {
  const Picture picture = make_picture(sample("dependency-lost.jsonl"));
  EXPECT_THAT(picture.conclusion, HasSubstr("2 restarts while nothing listened"));
  EXPECT_THAT(picture.mechanism, HasSubstr("init containers run once"));
}

TEST(MakePicture, ConcludesWhenAllWentWell) {
  const Picture picture =
      make_picture({{0, "truth/mysql", "ready 1/1", ""}, {1, "subject/a", "starts workload", ""}});
  EXPECT_EQ(picture.outcome, Outcome::all_right);
  EXPECT_EQ(picture.conclusion, "Every start was right: something listened.");
}

TEST(MakePicture, ConcludesThatASubjectNeverStarted) {
  const Picture picture = make_picture(
      {{0, "truth/mysql", "ready 1/1", ""}, {0, "subject/a", "started", ""}, {9, "", "end", ""}});
  EXPECT_EQ(picture.outcome, Outcome::some_wrong);
  EXPECT_EQ(picture.lanes[1].marks.at(0).kind, MarkKind::never);
  EXPECT_EQ(picture.conclusion, "a never started, although everything listened at the end.");
}

TEST(MakePicture, LeavesOutLanesBeyondTheLimitAndSaysHowMany) {
  std::vector<Event> log;
  for (std::size_t index = 0; index < lanes_max + 2; ++index) {
    log.push_back({0, "truth/s" + std::to_string(index), "ready 1/1", ""});
  }
  const Picture picture = make_picture(log);
  EXPECT_EQ(picture.lanes.size(), lanes_max);
  EXPECT_EQ(picture.lanes_left_out, 2U);
}

// Clients stand between what the API shows and who starts, as what they read leads to the start.
TEST(MakePicture, PutsClientsAndFaultsBetweenTheApiAndTheSubjects) {
  const Picture picture = make_picture({{0, "subject/a", "started", ""},
                                        {0, "fault/f", "active", ""},
                                        {0, "client/c", "answered 200", ""},
                                        {0, "api/mysql", "ready 1/1", ""},
                                        {1, "verdict", "passed", "all is well"}});
  std::vector<LaneKind> kinds;
  for (const Lane& lane : picture.lanes) kinds.push_back(lane.kind);
  EXPECT_THAT(kinds,
              ElementsAre(LaneKind::api, LaneKind::client, LaneKind::fault, LaneKind::subject));
}

TEST(MakePicture, TellsRequestsApartByTheirAnswer) {
  const Picture picture = make_picture({{1, "client/c", "answered 200", "list pods /api/v1/pods"},
                                        {2, "client/c", "answered 404", ""},
                                        {3, "client/c", "answered 503", ""},
                                        {4, "client/c", "answered 0", ""}});
  std::vector<Answer> answers;
  for (const Request& one : picture.lanes[0].requests) answers.push_back(one.answer);
  EXPECT_THAT(answers,
              ElementsAre(Answer::ok, Answer::refused, Answer::refused, Answer::no_answer));
  EXPECT_EQ(picture.lanes[0].requests[0].text, "list pods /api/v1/pods");
}

TEST(MakePicture, ShowsAStreamFromItsOpeningToItsEnd) {
  const Picture picture =
      make_picture({{1, "client/c", "stream 4 open", "watch pods /api/v1/pods?watch=true"},
                    {2, "client/c", "stream 5 open", "watch nodes /api/v1/nodes?watch=true"},
                    {3, "client/c", "stream 4 ended", "fault cut"},
                    {9, "", "end", ""}});
  const std::vector<Stream>& streams = picture.lanes[0].streams;
  ASSERT_EQ(streams.size(), 2U);
  EXPECT_EQ(streams[0].span.to_seconds, 3);
  EXPECT_EQ(streams[0].label, "watch pods");
  EXPECT_TRUE(streams[0].is_cut);
  EXPECT_TRUE(streams[1].is_open);
  EXPECT_EQ(streams[1].span.to_seconds, 9);
  EXPECT_NE(streams[0].row, streams[1].row);
}

// Two servers count their requests alike: logs of both make one picture.
TEST(MakePicture, TakesANumberThatIsOpenedAgainAsAnotherStream) {
  const Picture picture = make_picture({{1, "client/c", "stream 4 open", "watch pods"},
                                        {2, "client/c", "stream 4 open", "watch nodes"},
                                        {3, "client/c", "stream 4 ended", "the client left"},
                                        {9, "", "end", ""}});
  const std::vector<Stream>& streams = picture.lanes[0].streams;
  ASSERT_EQ(streams.size(), 2U);
  EXPECT_TRUE(streams[0].is_open);
  EXPECT_FALSE(streams[1].is_open);
}

TEST(MakePicture, DrawsTheEndOfAnUnknownStreamAsAMark) {
  const Picture picture = make_picture({{1, "client/c", "stream 4 ended", "the client left"}});
  ASSERT_EQ(picture.lanes[0].marks.size(), 1U);
  EXPECT_EQ(picture.lanes[0].marks[0].label, "stream 4 ended: the client left");
}

TEST(MakePicture, ShowsAFaultsWindowAndWhatItMet) {
  const Picture picture = make_picture({{1, "fault/f", "active", "network: connect refuse"},
                                        {2, "fault/f", "met", "list pods of curl/7.88.1"},
                                        {3, "fault/f", "over", ""},
                                        {9, "", "end", ""}});
  const Lane& lane = picture.lanes[0];
  ASSERT_THAT(states_of(lane), ElementsAre(State::fault));
  EXPECT_EQ(lane.intervals[0].span.to_seconds, 3);
  ASSERT_EQ(lane.requests.size(), 1U);
  EXPECT_EQ(lane.summary,
            "network: connect refuse; met 1 request, the first: list pods of curl/7.88.1");
}

TEST(MakePicture, SaysHowManyExpectationsAreMet) {
  std::vector<Event> log{{1, "verdict", "passed", "a"},
                         {1, "verdict", "failed", "exit 0: exited 1"},
                         {1, "verdict", "passed", "c"}};
  Picture picture = make_picture(log);
  EXPECT_EQ(picture.expectations_met, "2 of 3 expectations met. Failed: exit 0: exited 1");
  EXPECT_EQ(picture.expectations_outcome, Outcome::some_wrong);
  log.erase(log.begin() + 1);
  EXPECT_EQ(make_picture(log).expectations_outcome, Outcome::all_right);
}

// What was not looked at is no success.
TEST(MakePicture, DoesNotCallSkippedExpectationsMet) {
  const Picture picture =
      make_picture({{1, "verdict", "passed", "a"}, {1, "verdict", "skipped", "b"}});
  EXPECT_EQ(picture.expectations_met, "1 of 2 expectations met, 1 skipped");
  EXPECT_EQ(picture.expectations_outcome, Outcome::unjudged);
}

TEST(MakePicture, EndsASubjectThatIsKilled) {
  const Picture picture = make_picture(
      {{1, "subject/a", "started", ""}, {2, "subject/a", "killed", "SIGKILL"}, {9, "", "end", ""}});
  EXPECT_THAT(states_of(picture.lanes[0]), ElementsAre(State::waiting, State::exited));
}

// What the drawers rely on, for every log there is.
RC_GTEST_PROP(MakePicture, KeepsIntervalsInOrderAndInside, ()) {
  const Picture picture = make_picture(*any_log());
  RC_ASSERT(picture.end_seconds > 0);
  RC_ASSERT(picture.ticks_seconds.size() <= 11U);
  for (const Lane& lane : picture.lanes) {
    double from_seconds = 0;
    RC_ASSERT(printable(lane.name) == lane.name);
    for (const Interval& interval : lane.intervals) {
      RC_ASSERT(interval.span.from_seconds >= from_seconds);
      RC_ASSERT(interval.span.to_seconds > interval.span.from_seconds);
      RC_ASSERT(printable(interval.why) == interval.why);
      from_seconds = interval.span.to_seconds;
    }
    RC_ASSERT(from_seconds <= picture.end_seconds);
    for (const Mark& mark : lane.marks) {
      RC_ASSERT(mark.at_seconds >= 0 && mark.at_seconds <= picture.end_seconds);
      RC_ASSERT(printable(mark.label) == mark.label);
    }
    RC_ASSERT(std::is_sorted(
        lane.marks.begin(), lane.marks.end(),
        [](const Mark& left, const Mark& right) { return left.at_seconds < right.at_seconds; }));
  }
}

// The API follows the truth a few milliseconds later, as its controllers do: that is not what stale
// means to a reader.
TEST(Picture, DoesNotCallTheControllersLagStale) {
  const Picture picture = make_picture({{0, "truth/mysql", "ready 1/1", ""},
                                        {0, "api/mysql", "ready 1/1", ""},
                                        {4, "truth/mysql", "ready 0/1", ""},
                                        {4.002, "api/mysql", "ready 0/1", ""},
                                        {12, "", "end", ""}});
  for (const Lane& lane : picture.lanes) {
    EXPECT_EQ(lane.intervals.size(), 2U) << lane.name;
    for (const Interval& interval : lane.intervals) EXPECT_NE(interval.state, State::stale);
    EXPECT_EQ(lane.intervals.back().span.from_seconds, 4) << lane.name;
  }
}

}  // namespace
}  // namespace fakeapi::lanes
