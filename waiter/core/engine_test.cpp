// Lists and watches, signals and deadlines: each test plays the network by hand.
#include "waiter/core/test_engine.hpp"

namespace waiter::core {
namespace {

TEST_F(EngineTest, StartsWithAList) {
  start();
  const auto lists = taken<SendList>();
  ASSERT_EQ(lists.size(), 1U);
  EXPECT_EQ(lists[0].selection.namespace_name, "db");
  EXPECT_EQ(lists[0].selection.services, std::vector<std::string>{"mysql"});
}

TEST_F(EngineTest, IsReadyByTheListAlone) {
  start();
  give(Listed{0, "5", {slice("4", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), ExitCode::ready);
}

// python-client#819: items are not ordered by version; the list's own version is where a watch
// begins.
TEST_F(EngineTest, WatchesFromTheListsVersion) {
  start();
  give(Listed{0, "9", {slice("4", {{"10.0.0.1", false}})}});
  const auto watches = taken<OpenWatch>();
  ASSERT_EQ(watches.size(), 1U);
  EXPECT_EQ(watches[0].resource_version, "9");
}

TEST_F(EngineTest, IsReadyWithTheEventThatMakesItSo) {
  start();
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  EXPECT_EQ(finished(), std::nullopt);
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("5", {{"10.0.0.1", true}})});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(EngineTest, CountsUpToTheMinimum) {
  start(Verify::none, {}, 2);
  list_and_open(slice("4", {{"10.0.0.1", true}, {"10.0.0.2", false}}));
  EXPECT_EQ(finished(), std::nullopt);
  give(SliceChanged{0, SliceChanged::Type::upserted,
                    slice("5", {{"10.0.0.1", true}, {"10.0.0.2", true}})});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(EngineTest, ADeletedSliceTakesItsBackendsAway) {
  start(Verify::none, {}, 2);
  list_and_open(slice("4", {{"10.0.0.1", true}}));
  give(SliceChanged{0, SliceChanged::Type::deleted, slice("6", {})});
  EXPECT_EQ(reason(), Reason::no_slices);
}

// A replayed or duplicated event must not undo what is newer.
TEST_F(EngineTest, DropsAnEventThatIsOlderThanTheView) {
  start();
  list_and_open(slice("7", {{"10.0.0.1", false}}));
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("6", {{"10.0.0.1", true}})});
  EXPECT_EQ(finished(), std::nullopt);
  EXPECT_EQ(reason(), Reason::too_few);
}

TEST_F(EngineTest, ResumesFromTheLastVersionWithoutAListAfterABreak) {
  start();
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  give(Bookmarked{0, "12"});
  give(RequestFailed{0, {Cause::broken, 0, "reset", {}}});
  forget();
  wait_for_deadline();
  const auto watches = taken<OpenWatch>();
  ASSERT_EQ(watches.size(), 1U);
  EXPECT_EQ(watches[0].resource_version, "12");
}

TEST_F(EngineTest, ListsAgainAfterAnExpiredVersion) {
  start();
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  give(RequestFailed{0, {Cause::expired, 410, "too old", {}}});
  forget();
  wait_for_deadline();
  EXPECT_EQ(taken<SendList>().size(), 1U);
}

TEST_F(EngineTest, WatchesAgainAtOnceWhenTheLifetimeIsOver) {
  start();
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  forget();
  now_ += seconds(40);
  give(Bookmarked{0, "5"});
  give(WatchEnded{0});
  const auto watches = taken<OpenWatch>();
  ASSERT_EQ(watches.size(), 1U);
  EXPECT_EQ(watches[0].resource_version, "5");
}

// client-go VeryShortWatchError; fabric8#7896: such a stream hides an expired version.
TEST_F(EngineTest, ListsAgainAfterAStreamThatEndsAtOnce) {
  start();
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  forget();
  now_ += milliseconds(200);
  give(WatchEnded{0});
  EXPECT_TRUE(taken<OpenWatch>().empty());
  wait_for_deadline();
  EXPECT_EQ(taken<SendList>().size(), 1U);
}

// The head of such a stream comes and an event, and then it ends: reopened without a delay this is
// a hot loop.
TEST_F(EngineTest, PausesBeforeItReopensAStreamThatEndsAtOnce) {
  start();
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  forget();
  Duration pause{};
  for (int round = 0; round < 6; ++round) {
    give(Bookmarked{0, "5"});
    give(WatchEnded{0});
    EXPECT_TRUE(taken<OpenWatch>().empty());
    pause = *engine_->next_deadline() - now_;
    wait_for_deadline();
    EXPECT_EQ(taken<OpenWatch>().size(), 1U);
    give(WatchOpened{0});
  }
  EXPECT_GE(pause, seconds(15)) << "and the pauses grow";
}

// kubernetes#131115: after etcd was restored from a backup, a watch from a version of the future is
// open and silent for ever, and so is every watch that resumes from it.
TEST_F(EngineTest, ListsAgainAfterALifetimeWithoutAWord) {
  start();
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  forget();
  now_ += seconds(40);
  give(WatchEnded{0});
  EXPECT_EQ(taken<SendList>().size(), 1U);
}

TEST_F(EngineTest, ListsAgainAfterASilentStreamThatWasGivenUp) {
  start();
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  now_ += seconds(70);
  give(RequestFailed{0, {Cause::too_slow, 0, "silent", {}}});
  forget();
  wait_for_deadline();
  EXPECT_EQ(taken<SendList>().size(), 1U);
}

// Where lists work and watches do not, the server must not be asked once a second for ever.
TEST_F(EngineTest, BacksOffWhereListsWorkAndWatchesDoNot) {
  start();
  Duration pause{};
  for (int round = 0; round < 6; ++round) {
    give(Listed{0, "5", {}});
    give(RequestFailed{0, {Cause::server_error, 500, "no watch", {}}});
    pause = *engine_->next_deadline() - now_;
    wait_for_deadline();
  }
  EXPECT_GE(pause, seconds(15));
  EXPECT_EQ(taken<ReportTrouble>().size(), 1U) << "the same trouble is told once";
}

TEST_F(EngineTest, WaitsAsLongAsTheServerAsks) {
  start();
  give(RequestFailed{0, {Cause::throttled, 429, "later", seconds(9)}});
  ASSERT_TRUE(engine_->next_deadline().has_value());
  EXPECT_GE(*engine_->next_deadline() - now_, seconds(9));
}

TEST_F(EngineTest, ReportsTheSameTroubleOnce) {
  start();
  const Failure refused{Cause::refused, 0, "connection refused", {}};
  give(RequestFailed{0, refused});
  wait_for_deadline();
  give(RequestFailed{0, refused});
  EXPECT_EQ(taken<ReportTrouble>().size(), 1U);
}

TEST_F(EngineTest, ReportsRecoveryAfterTrouble) {
  start();
  give(RequestFailed{0, {Cause::refused, 0, "connection refused", {}}});
  wait_for_deadline();
  give(Listed{0, "5", {}});
  EXPECT_EQ(taken<ReportRecovery>().size(), 1U);
}

// What was true when the stream broke may not be true now.
TEST_F(EngineTest, DecidesNothingWhileASourceIsAway) {
  EngineOptions options;
  options.groups = {{{"a", "mysql", "", {}}}, {{"b", "mysql", "", {}}}};
  options.confirm = false;
  begin(options);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  give(WatchOpened{0});
  give(RequestFailed{0, {Cause::broken, 0, "reset", {}}});
  give(Listed{1, "5", {slice("5", {{"10.0.1.1", true}})}});
  EXPECT_EQ(finished(), std::nullopt);
}

TEST_F(EngineTest, OneListServesAllDependenciesOfANamespace) {
  EngineOptions options;
  options.groups = {
      {{"db", "mysql", "", {}}}, {{"db", "redis", "", {}}}, {{"db", "mysql", "tcp", {}}}};
  options.confirm = false;
  begin(options);
  const auto lists = taken<SendList>();
  ASSERT_EQ(lists.size(), 1U);
  EXPECT_EQ(lists[0].selection.services, (std::vector<std::string>{"mysql", "redis"}));
}

TEST_F(EngineTest, GivesUpAtTheTimeout) {
  start(Verify::none, seconds(30));
  wait(seconds(29));
  EXPECT_EQ(finished(), std::nullopt);
  wait(seconds(1));
  EXPECT_EQ(finished(), ExitCode::timeout);
}

// A 0 on SIGTERM would let a workload start that must not (istio#45627).
TEST_F(EngineTest, ASignalNeverEndsWithSuccess) {
  start();
  give(SignalReceived{SignalReceived::Signal::terminate});
  EXPECT_EQ(finished(), ExitCode::terminated);
  start();
  give(SignalReceived{SignalReceived::Signal::interrupt});
  EXPECT_EQ(finished(), ExitCode::interrupted);
}

TEST_F(EngineTest, IgnoresEverythingAfterItsEnd) {
  start();
  give(SignalReceived{});
  forget();
  give(Listed{0, "5", {slice("5", {{"10.0.0.1", true}})}});
  EXPECT_TRUE(actions_.empty());
  EXPECT_EQ(engine_->next_deadline(), std::nullopt);
}

TEST_F(EngineTest, SaysWhatIsMissingWithEachHeartbeat) {
  EngineOptions options;
  options.groups = {{{"db", "mysql", "", {}}}};
  options.heartbeat = seconds(10);
  options.confirm = false;
  begin(options);
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  wait(seconds(10));
  wait(seconds(10));
  const auto heartbeats = taken<ReportHeartbeat>();
  ASSERT_EQ(heartbeats.size(), 2U);
  EXPECT_EQ(heartbeats[1].snapshot.dependencies[0].waiting_for.at(0).name, "pod-10.0.0.1");
  EXPECT_EQ(heartbeats[1].waited, seconds(20));
}

}  // namespace
}  // namespace waiter::core
