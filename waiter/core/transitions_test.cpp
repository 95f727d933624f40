#include "waiter/core/transitions.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <gtest/gtest.h>

namespace waiter::core {
namespace {

constexpr Occurrence failures[] = {Occurrence::failed_retry,  Occurrence::failed_back_off,
                                   Occurrence::failed_relist, Occurrence::failed_reauthenticate,
                                   Occurrence::failed_deny,   Occurrence::failed_absent,
                                   Occurrence::failed_decline};

bool waits(Effect effect) {
  return effect == Effect::wait_then_list || effect == Effect::wait_then_watch ||
         effect == Effect::wait_then_poll;
}

/// How many failures in a row lead from request to request without a delay; more than there are
/// states is a loop.
std::size_t requests_without_delay(WatchState state, std::size_t depth) {
  if (depth > 20) return depth;
  std::size_t longest = depth;
  for (const Transition& row : transitions()) {
    const bool failure = name_of(row.occurrence).starts_with("failed_");
    if (row.from != state || !failure || waits(row.effect)) continue;
    longest = std::max(longest, requests_without_delay(row.to, depth + 1));
  }
  return longest;
}

TEST(Transitions, HaveOneRowForEachPair) {
  std::set<std::pair<WatchState, Occurrence>> seen;
  for (const Transition& row : transitions()) {
    EXPECT_TRUE(seen.emplace(row.from, row.occurrence).second)
        << name_of(row.from) << " " << name_of(row.occurrence) << " stands twice";
  }
}

// A request can fail in every way while it is under way; none of them may stop the program.
TEST(Transitions, KnowEveryFailureOfEveryRequest) {
  for (const WatchState state : {WatchState::streaming, WatchState::syncing, WatchState::listing,
                                 WatchState::opening, WatchState::watching, WatchState::polling}) {
    for (const Occurrence failure : failures) {
      EXPECT_NE(find_transition(state, failure), nullptr)
          << name_of(state) << " " << name_of(failure);
    }
  }
}

// A failure that leads to the next request without a delay, again and again, is a hot loop. Stream,
// list and get of one thing are three.
TEST(Transitions, NoChainOfFailuresGoesOnWithoutADelay) {
  for (const WatchState state : {WatchState::streaming, WatchState::syncing, WatchState::listing,
                                 WatchState::opening, WatchState::watching, WatchState::polling}) {
    EXPECT_LE(requests_without_delay(state, 0), 2U) << name_of(state);
  }
}

TEST(Transitions, LeaveEveryWaitingStateWhenTheDelayIsOver) {
  EXPECT_EQ(find_transition(WatchState::list_waiting, Occurrence::retry_due)->effect,
            Effect::stream_list);
  EXPECT_EQ(find_transition(WatchState::poll_waiting, Occurrence::retry_due)->effect,
            Effect::send_poll);
  EXPECT_EQ(find_transition(WatchState::watch_waiting, Occurrence::retry_due)->effect,
            Effect::open_watch);
}

// client-go isWatchErrorRetriable: an API server that restarts must not be flooded with lists.
TEST(Transitions, ResumeWithoutAListWhereTheVersionIsStillGood) {
  for (const WatchState state : {WatchState::opening, WatchState::watching}) {
    EXPECT_EQ(find_transition(state, Occurrence::failed_retry)->effect, Effect::wait_then_watch);
    EXPECT_EQ(find_transition(state, Occurrence::failed_back_off)->effect, Effect::wait_then_watch);
  }
}

// kube-rs#1042: a 410 as an HTTP status must not be retried from the same version for ever.
TEST(Transitions, ListAgainWhereTheHistoryIsLost) {
  for (const WatchState state : {WatchState::opening, WatchState::watching}) {
    EXPECT_EQ(find_transition(state, Occurrence::failed_relist)->effect, Effect::wait_then_list);
  }
}

TEST(Transitions, SayWhy) {
  for (const Transition& row : transitions()) EXPECT_FALSE(row.why.empty());
}

}  // namespace
}  // namespace waiter::core
