#include "waiter/core/transitions.hpp"

#include <set>
#include <utility>

#include <gtest/gtest.h>

namespace waiter::core {
namespace {

constexpr Occurrence failures[] = {Occurrence::failed_retry,  Occurrence::failed_back_off,
                                   Occurrence::failed_relist, Occurrence::failed_reauthenticate,
                                   Occurrence::failed_deny,   Occurrence::failed_absent};

TEST(Transitions, HaveOneRowForEachPair) {
  std::set<std::pair<WatchState, Occurrence>> seen;
  for (const Transition& row : transitions()) {
    EXPECT_TRUE(seen.emplace(row.from, row.occurrence).second)
        << name_of(row.from) << " " << name_of(row.occurrence) << " stands twice";
  }
}

// A request can fail in every way while it is under way; none of them may stop the program.
TEST(Transitions, KnowEveryFailureOfEveryRequest) {
  for (const WatchState state : {WatchState::listing, WatchState::opening, WatchState::watching}) {
    for (const Occurrence failure : failures) {
      const Transition* row = find_transition(state, failure);
      ASSERT_NE(row, nullptr) << name_of(state) << " " << name_of(failure);
      EXPECT_TRUE(row->effect == Effect::wait_then_list || row->effect == Effect::wait_then_watch)
          << "a failure without a delay is a hot loop: " << name_of(state) << " "
          << name_of(failure);
    }
  }
}

TEST(Transitions, LeaveEveryWaitingStateWhenTheDelayIsOver) {
  EXPECT_EQ(find_transition(WatchState::list_waiting, Occurrence::retry_due)->effect,
            Effect::send_list);
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
