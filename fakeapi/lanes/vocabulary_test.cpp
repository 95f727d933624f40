// The words of docs/event-log.md, each read as the page says.
#include "fakeapi/lanes/vocabulary.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace fakeapi::lanes {
namespace {

TEST(LaneName, TellsTheKindsApart) {
  EXPECT_EQ(lane_name("").kind, LaneKind::whole);
  EXPECT_EQ(lane_name("steps").kind, LaneKind::steps);
  EXPECT_EQ(lane_name("truth/mysql").kind, LaneKind::truth);
  EXPECT_EQ(lane_name("api").kind, LaneKind::api_server);
  EXPECT_EQ(lane_name("api/mysql").kind, LaneKind::api);
  EXPECT_EQ(lane_name("client/a").kind, LaneKind::client);
  EXPECT_EQ(lane_name("fault/a").kind, LaneKind::fault);
  EXPECT_EQ(lane_name("subject/a").kind, LaneKind::subject);
  EXPECT_EQ(lane_name("verdict").kind, LaneKind::verdict);
  EXPECT_EQ(lane_name("kubelet/a").kind, LaneKind::other);
}

// NAMESPACE/SERVICE is one name: only the first slash divides.
TEST(LaneName, KeepsFurtherSlashesInTheName) {
  EXPECT_EQ(lane_name("api/db/mysql").name, "db/mysql");
}

TEST(LaneName, WithoutANameIsNoServiceLane) {
  EXPECT_EQ(lane_name("truth/").kind, LaneKind::other);
}

// A User-Agent's product and version are one name.
TEST(LaneName, KeepsAClientsVersion) {
  EXPECT_EQ(lane_name("client/kubectl/v1.36.0").name, "kubectl/v1.36.0");
}

TEST(ParseAnswered, ReadsAStatusOrThatThereWasNone) {
  EXPECT_EQ(parse_answered("answered 200"), 200);
  EXPECT_EQ(parse_answered("answered 0"), 0);
}

TEST(ParseAnswered, RefusesWhatIsNoStatus) {
  for (const char* what : {"answered", "answered ", "answered 99", "answered 600", "answered 2x0",
                           "answered -1", "answered 200 OK", "met"}) {
    EXPECT_EQ(parse_answered(what), std::nullopt) << what;
  }
}

TEST(ParseStream, ReadsNumberAndChange) {
  EXPECT_EQ(parse_stream("stream 7 open"), (StreamChange{7, true}));
  EXPECT_EQ(parse_stream("stream 7 ended"), (StreamChange{7, false}));
}

TEST(ParseStream, RefusesEverythingElse) {
  for (const char* what : {"stream", "stream 7", "stream 7 ", "stream x open", "stream 7 opened",
                           "stream  7 open", "streams 7 open"}) {
    EXPECT_EQ(parse_stream(what), std::nullopt) << what;
  }
}

TEST(ParseReadiness, ReadsBothCounts) {
  EXPECT_EQ(parse_readiness("ready 1/3"), (Readiness{1, 3}));
}

// Old and new addresses at once: the API may show more than there are Pods.
TEST(ParseReadiness, AllowsMoreReadyThanPods) {
  EXPECT_EQ(parse_readiness("ready 5/3"), (Readiness{5, 3}));
}

// Fail closed: what cannot be understood says nothing about readiness.
TEST(ParseReadiness, RefusesEverythingElse) {
  for (const char* what : {"ready", "ready 1", "ready /3", "ready 1/", "ready -1/3", "ready 1/3 ",
                           "ready  1/3", "READY 1/3", "ready 1/3/5", "ready 9999999999/1", ""}) {
    EXPECT_EQ(parse_readiness(what), std::nullopt) << what;
  }
}

// NaN has no place in an order; sorting with it is undefined.
TEST(InOrder, LeavesOutTimesThatAreNotFinite) {
  const auto events = in_order({{std::numeric_limits<double>::quiet_NaN(), "a", "", ""},
                                {1, "b", "", ""},
                                {std::numeric_limits<double>::infinity(), "c", "", ""}});
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].lane, "b");
}

TEST(EndOf, IsTheLastEventUnlessTheLogSaysOtherwise) {
  EXPECT_EQ(end_of({{3, "a", "", ""}, {1, "b", "", ""}}), 3);
  EXPECT_EQ(end_of({{3, "a", "", ""}, {5, "", "end", ""}}), 5);
  EXPECT_EQ(end_of({{3, "a", "", ""}, {2, "", "end", ""}}), 2);
  EXPECT_EQ(end_of({}), 0);
}

}  // namespace
}  // namespace fakeapi::lanes
