// Many requests and streams become few signs, and none of them is lost in the counting.
#include "fakeapi/lanes/traffic.hpp"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::lanes {
namespace {

using testing::ElementsAre;

int whole(double at_seconds) { return static_cast<int>(std::floor(at_seconds)); }

std::vector<Request> at(const std::vector<double>& times, Answer answer = Answer::ok) {
  std::vector<Request> requests;
  for (const double time : times) requests.push_back({time, answer, 200, ""});
  return requests;
}

Stream stream(double from, double to, std::string label = "watch a") {
  Stream made;
  made.span = {from, to};
  made.label = std::move(label);
  return made;
}

std::vector<std::size_t> rows_of(std::vector<Stream> streams) {
  give_rows(streams);
  std::vector<std::size_t> rows;
  for (const Stream& one : streams) rows.push_back(one.row);
  return rows;
}

TEST(Binned, LeavesRequestsAloneThatHaveRoom) {
  const auto bins = binned(at({1, 2, 5}), whole);
  ASSERT_EQ(bins.size(), 3U);
  for (const RequestBin& bin : bins) EXPECT_EQ(bin.count, 1U);
}

// The number of several needs the room of their neighbours.
TEST(Binned, JoinsNeighboursWhenOneOfThemHoldsSeveral) {
  const auto bins = binned(at({1, 2.1, 2.2, 3, 7}), whole);
  ASSERT_EQ(bins.size(), 2U);
  EXPECT_EQ(bins[0].count, 4U);
  EXPECT_EQ(bins[0].from, 1);
  EXPECT_EQ(bins[0].to, 4);
}

// One error among a hundred good answers is what the reader looks for.
TEST(Binned, LooksLikeTheWorst) {
  std::vector<Request> requests = at(std::vector<double>(100, 1.5));
  requests[50].answer = Answer::no_answer;
  const auto bins = binned(requests, whole);
  ASSERT_EQ(bins.size(), 1U);
  EXPECT_EQ(bins[0].worst, Answer::no_answer);
}

TEST(Binned, DoesNotJoinNeighboursOfDifferentLooks) {
  std::vector<Request> requests = at({1.1, 1.2, 2.1});
  requests[2].answer = Answer::refused;
  EXPECT_EQ(binned(requests, whole).size(), 2U);
}

RC_GTEST_PROP(Binned, CountsEveryRequestOnce, ()) {
  auto times = *rc::gen::container<std::vector<double>>(
      rc::gen::map(rc::gen::inRange(0, 5000), [](int ms) { return ms / 100.0; }));
  std::sort(times.begin(), times.end());
  std::size_t count = 0;
  int to = 0;
  for (const RequestBin& bin : binned(at(times), whole)) {
    RC_ASSERT(bin.from >= to);
    RC_ASSERT(bin.to > bin.from);
    count += bin.count;
    to = bin.to;
  }
  RC_ASSERT(count == times.size());
}

TEST(GiveRows, PutsStreamsThatAreOpenAtOnceIntoRows) {
  EXPECT_THAT(rows_of({stream(0, 5), stream(1, 3), stream(4, 6)}), ElementsAre(0, 1, 1));
}

// A watch that is opened again goes on in its own row.
TEST(GiveRows, KeepsAReopenedStreamInItsRow) {
  EXPECT_THAT(rows_of({stream(0, 2, "watch a"), stream(0, 3, "watch b"), stream(4, 5, "watch b"),
                       stream(4, 5, "watch a")}),
              ElementsAre(0, 1, 1, 0));
}

TEST(GiveRows, MakesACrowdOfWhatFindsNoRow) {
  const std::vector<Stream> many(stream_rows_max + 3, stream(0, 1));
  EXPECT_EQ(rows_of(many).back(), stream_rows_max);
}

TEST(StreamRows, PutsFurtherRowsIntoTheLastWithTheirNumber) {
  std::vector<Stream> streams(37, stream(2, 4));
  give_rows(streams);
  const auto rows = stream_rows(streams, 3, whole);
  ASSERT_EQ(rows.size(), 3U);
  ASSERT_EQ(rows[2].size(), 1U);
  EXPECT_EQ(rows[2][0].count, 35U);
}

TEST(StreamRows, KeepsALongBarBesideAShortOneInItsLastCell) {
  std::vector<Stream> streams{stream(0, 9.9), stream(9.91, 9.92)};
  give_rows(streams);
  const auto rows = stream_rows(streams, 8, whole);
  ASSERT_EQ(rows.size(), 1U);
  ASSERT_EQ(rows[0].size(), 2U);
  EXPECT_EQ(rows[0][0].count, 1U);
}

RC_GTEST_PROP(StreamRows, CountsEveryStreamOnceWithoutOverlaps, ()) {
  const auto times = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 5000), rc::gen::inRange(0, 900)));
  std::vector<Stream> streams;
  for (const auto& [from, length] : times) {
    streams.push_back(stream(from / 100.0, (from + length) / 100.0));
  }
  std::sort(streams.begin(), streams.end(), [](const Stream& left, const Stream& right) {
    return left.span.from_seconds < right.span.from_seconds;
  });
  give_rows(streams);
  std::size_t count = 0;
  for (const auto& row : stream_rows(streams, *rc::gen::inRange<std::size_t>(1, 9), whole)) {
    int to = 0;
    for (const StreamBin& bin : row) {
      RC_ASSERT(bin.from >= to);
      RC_ASSERT(bin.to > bin.from);
      count += bin.count;
      to = bin.to;
    }
  }
  RC_ASSERT(count == streams.size());
}

TEST(SummaryOf, CountsByOutcome) {
  std::vector<Request> requests = at({1, 2, 3, 4, 5});
  requests[1] = {2, Answer::refused, 503, ""};
  requests[2] = {3, Answer::refused, 404, ""};
  requests[3] = {4, Answer::no_answer, 0, ""};
  Stream cut = stream(0, 1);
  cut.is_cut = true;
  EXPECT_EQ(summary_of(requests, {cut, stream(1, 2)}),
            "5 requests: 2 answered, 1 × 404, 1 × 503, 1 without an answer; 2 streams, 1 cut by a "
            "fault");
}

TEST(SummaryOf, SaysNothingOfNothing) { EXPECT_EQ(summary_of({}, {}), ""); }

}  // namespace
}  // namespace fakeapi::lanes
