// A list as a stream (WatchList, KEP-3157), streams that are dead without a sign, and history that
// goes back.
#include <set>

#include "waiter/core/test_engine.hpp"

namespace waiter::core {
namespace {

class Streams : public EngineTest {
 protected:
  Streams() {
    options_.groups = {{{"db", "mysql", "", {}}}};
    options_.confirm = false;
  }
  /// A server that streams lists: nothing is declined.
  void stream() {
    engine_.emplace(options_);
    give(Started{});
  }
  SliceChanged added(const std::string& version, bool ready) {
    return {0, SliceChanged::Type::upserted, slice(version, {{"10.0.0.1", ready}}), false};
  }
  /// A watch from the mark of its initial events on.
  void watch_unready() {
    stream();
    give(WatchOpened{0});
    give(added("4", false));
    give(Bookmarked{0, "9", true});
    forget();
  }
  /// Streams that end as they should, until so much time has passed.
  void live(Duration duration, bool bookmarks) {
    const Instant end = now_ + duration;
    while (now_ < end) {
      const auto watches = taken<OpenWatch>();
      const Duration lifetime = watches.empty() ? seconds(30) : watches.back().lifetime;
      if (!watches.empty()) give(WatchOpened{0});
      now_ += lifetime;
      give(bookmarks ? Event(Bookmarked{0, std::to_string(++version_)})
                     : Event(added(std::to_string(++version_), false)));
      give(WatchEnded{0});
    }
  }

  EngineOptions options_;
  int version_ = 100;
};

TEST_F(Streams, OneRequestTellsWhatThereIsAndWhatChanges) {
  stream();
  const auto watches = taken<OpenWatch>();
  ASSERT_EQ(watches.size(), 1U);
  EXPECT_EQ(watches[0].resource_version, "");
  give(WatchOpened{0});
  give(added("4", true));
  EXPECT_EQ(finished(), std::nullopt) << "part of what there is never counts";
  give(Bookmarked{0, "9", true});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Streams, WhatIsGoneBeforeTheEndOfTheInitialEventsIsGone) {
  stream();
  give(WatchOpened{0});
  give(added("4", true));
  give(SliceChanged{0, SliceChanged::Type::deleted, slice("5", {}), false});
  give(Bookmarked{0, "9", true});
  EXPECT_EQ(reason(), Reason::no_slices);
}

TEST_F(Streams, ResumesFromTheVersionOfTheMark) {
  watch_unready();
  forget();
  now_ += seconds(30);
  give(WatchEnded{0});
  const auto watches = taken<OpenWatch>();
  ASSERT_EQ(watches.size(), 1U);
  EXPECT_EQ(watches[0].resource_version, "9");
}

// Validation of ListOptions: 422 where the server's gate is off.
TEST_F(Streams, ListsAtOnceWhereTheServerDeclines) {
  stream();
  give(RequestFailed{0, {Cause::rejected, 422, "sendInitialEvents is forbidden", std::nullopt}});
  EXPECT_EQ(taken<SendList>().size(), 1U);
}

// A server before 1.19 ignores the parameter: synthetic events come, their mark never does.
TEST_F(Streams, ListsWhereTheMarkDoesNotCome) {
  stream();
  give(WatchOpened{0});
  give(added("4", true));
  give(Bookmarked{0, "8"});
  forget();
  wait(Reflector::sync_limit);
  ASSERT_EQ(actions_.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<Abandon>(actions_[0]));
  EXPECT_TRUE(std::holds_alternative<SendList>(actions_[1]));
  give(Listed{0, "10", {slice("4", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Streams, AreNotTriedAgainWhereTheMarkDidNotCome) {
  stream();
  give(WatchOpened{0});
  wait(Reflector::sync_limit);
  forget();
  give(RequestFailed{0, {Cause::server_error, 500, "", std::nullopt}});
  wait_for_deadline();
  EXPECT_EQ(taken<SendList>().size(), 1U);
}

TEST_F(Streams, BreakBeforeTheMarkAndNothingOfThemCounts) {
  stream();
  give(WatchOpened{0});
  give(added("4", true));
  give(RequestFailed{0, {Cause::broken, 200, "", std::nullopt}});
  EXPECT_EQ(reason(), Reason::not_synced);
}

// A proxy that does not pass streams: a plain list gets through, and the wait goes on.
TEST_F(Streams, ThatBreakBeforeTheMarkGiveWayToAList) {
  stream();
  give(WatchOpened{0});
  give(RequestFailed{0, {Cause::broken, 200, "", std::nullopt}});
  forget();
  wait_for_deadline();
  EXPECT_EQ(taken<SendList>().size(), 1U);
}

// A frozen stream is found within 45 s in the first minutes of a wait: the session gives it 10 s
// beyond its life, the first delay is less than 1.6 s, and an idle connection may cost 2 s.
TEST_F(Streams, LiveShortlyInTheFirstMinutes) {
  watch_unready();
  now_ += seconds(30);
  for (int i = 0; i < 5; ++i) {
    give(Bookmarked{0, std::to_string(++version_)});
    give(WatchEnded{0});
    const auto watches = taken<OpenWatch>();
    ASSERT_EQ(watches.size(), 1U);
    EXPECT_LE(watches[0].lifetime + milliseconds(13600), seconds(45));
    give(WatchOpened{0});
    now_ += watches[0].lifetime;
  }
}

// kube-rs renews each watch after 290 s: clients that started together renew together, for ever.
TEST_F(Streams, LiveForTimesThatDiffer) {
  std::set<Duration> lifetimes;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    options_.seed = seed;
    stream();
    lifetimes.insert(taken<OpenWatch>().at(0).lifetime);
  }
  EXPECT_GE(lifetimes.size(), 5U);
}

TEST_F(Streams, LiveForMinutesOnceTheServerSendsBookmarks) {
  watch_unready();
  live(std::chrono::minutes(60), true);
  const auto watches = taken<OpenWatch>();
  ASSERT_EQ(watches.size(), 1U);
  EXPECT_GE(watches[0].lifetime, std::chrono::minutes(5));
  EXPECT_LE(watches[0].lifetime, std::chrono::minutes(10));
}

// Without bookmarks only its end tells that a stream is alive: 150 s at the latest.
TEST_F(Streams, StayShortWhereNoBookmarkComes) {
  watch_unready();
  live(std::chrono::minutes(60), false);
  const auto watches = taken<OpenWatch>();
  ASSERT_EQ(watches.size(), 1U);
  EXPECT_LE(watches[0].lifetime + seconds(10), seconds(150));
}

// kubernetes#131115: an open stream that says nothing may never say anything again.
TEST_F(Streams, ThatSayNothingAreGivenUpWhereTheServerSendsBookmarks) {
  watch_unready();
  live(std::chrono::minutes(60), true);
  forget();
  give(WatchOpened{0});
  const Instant opened = now_;
  wait_for_deadline();
  while (taken<Abandon>().empty()) wait_for_deadline();
  EXPECT_GT(now_ - opened, std::chrono::minutes(2)) << "two bookmarks are missing by then";
  EXPECT_LE(now_ - opened, seconds(150));
}

TEST_F(Streams, GiveUpAndListWithoutAVersion) {
  watch_unready();
  live(std::chrono::minutes(60), true);
  give(WatchOpened{0});
  forget();
  std::vector<SendList> lists;
  while (lists.empty()) {
    wait_for_deadline();
    lists = taken<SendList>();
  }
  EXPECT_EQ(lists.size(), 1U);
}

// kubernetes#59848: another replica of the API server may lag behind.
TEST_F(Streams, NeverGoBackInTime) {
  watch_unready();
  give(RequestFailed{0, {Cause::expired, 410, "", std::nullopt}});
  wait_for_deadline();
  give(WatchOpened{0});
  give(added("2", true));
  give(Bookmarked{0, "3", true});
  EXPECT_EQ(finished(), std::nullopt);
  EXPECT_EQ(reason(), Reason::too_few) << "the view is that of version 9";
}

// etcd was restored: every list is older, and the client must live with it.
TEST_F(Streams, AcceptAnOlderHistoryThatStaysOlder) {
  watch_unready();
  give(RequestFailed{0, {Cause::expired, 410, "", std::nullopt}});
  for (int i = 0; i < 3 && !engine_->finished(); ++i) {
    wait_for_deadline();
    give(WatchOpened{0});
    give(added("2", true));
    give(Bookmarked{0, "3", true});
  }
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Streams, OneListThatLagsIsNoOlderHistory) {
  watch_unready();
  for (int i = 0; i < 5; ++i) {
    give(RequestFailed{0, {Cause::expired, 410, "", std::nullopt}});
    wait_for_deadline();
    give(WatchOpened{0});
    give(added("2", true));
    give(Bookmarked{0, "3", true});
    wait_for_deadline();
    give(WatchOpened{0});
    give(added("4", false));
    give(Bookmarked{0, std::to_string(10 + i), true});
  }
  EXPECT_EQ(finished(), std::nullopt);
}

// etcd was restored, and has written more than was lost before anybody looked: bookmarks go on, and
// no stream tells what happened in between.
TEST_F(Streams, AreCheckedByAListNowAndThen) {
  watch_unready();
  int checks = 0;
  const Instant end = now_ + std::chrono::minutes(60);
  while (now_ < end && !engine_->finished()) {
    wait_for_deadline();
    for (const Action& action : std::exchange(actions_, {})) {
      if (std::holds_alternative<ConfirmView>(action)) {
        ++checks;
        give(ViewConfirmed{0, "30", {slice("20", {{"10.0.0.1", true}})}});
      }
    }
  }
  EXPECT_EQ(checks, 1);
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Streams, AreGivenUpWhereEveryListIsOlder) {
  watch_unready();
  std::vector<SendList> lists;
  for (int i = 0; i < 100 && lists.empty(); ++i) {
    wait_for_deadline();
    if (taken<ConfirmView>().empty()) continue;
    give(ViewConfirmed{0, "3", {slice("2", {{"10.0.0.1", true}})}});
    lists = taken<SendList>();
  }
  ASSERT_EQ(lists.size(), 1U);
  give(Listed{0, "3", {slice("2", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), ExitCode::ready);
}

// kubelet replaces the token on disk before it expires: the next request reads it.
TEST_F(Streams, TryAgainAtOnceAfterThe401ThatANewTokenMends) {
  watch_unready();
  forget();
  give(RequestFailed{0, {Cause::unauthorized, 401, "Unauthorized", std::nullopt}});
  EXPECT_TRUE(taken<ReportTrouble>().empty());
  EXPECT_EQ(engine_->next_deadline(), now_);
  wait_for_deadline();
  give(RequestFailed{0, {Cause::unauthorized, 401, "Unauthorized", std::nullopt}});
  EXPECT_EQ(taken<ReportTrouble>().size(), 1U);
  EXPECT_GE(*engine_->next_deadline() - now_, Backoff::base);
}

}  // namespace
}  // namespace waiter::core
