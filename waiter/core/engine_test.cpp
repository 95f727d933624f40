// The engine in virtual time: each test plays the network by hand and looks at what the engine asks
// for.
#include "waiter/core/engine.hpp"

#include <utility>

#include <gtest/gtest.h>

namespace waiter::core {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Slice slice(const std::string& version, std::vector<std::pair<std::string, bool>> backends) {
  Slice slice{"mysql-abcde", version, "mysql", false, {{"tcp", 3306, true}}, {}};
  for (const auto& [address, ready] : backends) {
    slice.endpoints.push_back({{address}, ready, ready, false, "uid-" + address, "pod-" + address});
  }
  return slice;
}

/// Drives one engine and keeps what it asked for.
class EngineTest : public testing::Test {
 protected:
  void start(Verify verify = Verify::none, std::optional<Duration> timeout = {}, int minimum = 1) {
    EngineOptions options;
    options.dependencies = {{"db", "mysql", "", {Minimum::Unit::count, minimum}}};
    options.verify = verify;
    options.timeout = timeout;
    engine_.emplace(options);
    give(Started{});
  }
  void give(const Event& event) {
    for (Action& action : engine_->handle(now_, event)) actions_.push_back(std::move(action));
  }
  void wait(Duration duration) {
    now_ += duration;
    give(DeadlineReached{});
  }
  /// Time passes until the engine's next deadline.
  void wait_for_deadline() {
    ASSERT_TRUE(engine_->next_deadline().has_value());
    now_ = *engine_->next_deadline();
    give(DeadlineReached{});
  }
  template <class What>
  std::vector<What> taken() {
    std::vector<What> found;
    for (const Action& action : std::exchange(actions_, {})) {
      if (const auto* what = std::get_if<What>(&action)) found.push_back(*what);
    }
    return found;
  }
  void forget() { actions_.clear(); }
  void list_and_open(Slice first) {
    give(Listed{0, first.resource_version, {first}});
    give(WatchOpened{0});
  }
  std::optional<ExitCode> finished() {
    const auto ends = taken<Finish>();
    return ends.empty() ? std::nullopt : std::optional(ends.front().code);
  }
  Reason reason() { return engine_->snapshot(now_).dependencies.front().reason; }

  std::optional<Engine> engine_;
  Instant now_{};
  std::vector<Action> actions_;
};

TEST_F(EngineTest, StartsWithAList) {
  start();
  const auto lists = taken<SendList>();
  ASSERT_EQ(lists.size(), 1U);
  EXPECT_EQ(lists[0].namespace_name, "db");
  EXPECT_EQ(lists[0].services, std::vector<std::string>{"mysql"});
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
  EXPECT_GE(watches[0].lifetime, seconds(30));
  EXPECT_LT(watches[0].lifetime, seconds(60));
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
  EXPECT_GE(watches[0].lifetime, seconds(60)) << "lifetimes grow";
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
  options.dependencies = {{"a", "mysql", "", {}}, {"b", "mysql", "", {}}};
  engine_.emplace(options);
  give(Started{});
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  give(WatchOpened{0});
  give(RequestFailed{0, {Cause::broken, 0, "reset", {}}});
  give(Listed{1, "5", {slice("5", {{"10.0.1.1", true}})}});
  EXPECT_EQ(finished(), std::nullopt);
}

/// Two namespaces: the first is ready and its stream breaks, then the second becomes ready.
class ResumedStream : public EngineTest {
 protected:
  ResumedStream() {
    EngineOptions options;
    options.dependencies = {{"a", "mysql", "", {}}, {"b", "mysql", "", {}}};
    engine_.emplace(options);
    give(Started{});
    give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
    give(WatchOpened{0});
    give(RequestFailed{0, {Cause::broken, 0, "reset", {}}});
    give(Listed{1, "5", {slice("5", {{"10.0.1.1", true}})}});
    give(WatchOpened{1});
    forget();
    wait_for_deadline();
    give(WatchOpened{0});
  }
};

// The server replays what was missed after the head of a resumed watch: the head alone proves
// nothing.
TEST_F(ResumedStream, IsConfirmedByAListBeforeTheVerdict) {
  EXPECT_EQ(taken<ConfirmView>().size(), 1U);
  EXPECT_EQ(finished(), std::nullopt);
  give(ViewConfirmed{0, "9", {slice("4", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(ResumedStream, IsRefutedByTheListWhereTheBackendIsGone) {
  give(ViewConfirmed{0, "9", {slice("8", {{"10.0.0.1", false}})}});
  EXPECT_EQ(finished(), std::nullopt);
  EXPECT_EQ(reason(), Reason::too_few);
}

TEST_F(ResumedStream, DropsWhatTheWatchStillBringsFromBeforeTheList) {
  give(ViewConfirmed{0, "9", {slice("8", {{"10.0.0.1", false}})}});
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("7", {{"10.0.0.1", true}})});
  EXPECT_EQ(finished(), std::nullopt);
}

// #59848: another replica of the API server may lag behind.
TEST_F(ResumedStream, IsNotConfirmedByAListOfThePast) {
  forget();
  give(ViewConfirmed{0, "3", {slice("3", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), std::nullopt);
  wait_for_deadline();
  EXPECT_EQ(taken<ConfirmView>().size(), 1U) << "asked again, after a pause";
}

TEST_F(ResumedStream, AsksAgainWhereTheListFails) {
  forget();
  give(ConfirmationFailed{0, {Cause::server_error, 500, "no", {}}});
  EXPECT_GE(*engine_->next_deadline() - now_, Backoff::base);
  wait_for_deadline();
  EXPECT_EQ(taken<ConfirmView>().size(), 1U);
}

TEST_F(ResumedStream, ForgetsTheTroubleWhenTheListSucceeds) {
  give(ConfirmationFailed{0, {Cause::server_error, 500, "no", {}}});
  wait_for_deadline();
  forget();
  give(ViewConfirmed{0, "9", {slice("8", {{"10.0.0.1", false}})}});
  EXPECT_EQ(taken<ReportRecovery>().size(), 1U);
  EXPECT_FALSE(engine_->snapshot(now_).sources[0].trouble.has_value());
}

TEST_F(ResumedStream, BreaksAgainBeforeTheListIsThere) {
  give(RequestFailed{0, {Cause::broken, 0, "reset", {}}});
  give(ViewConfirmed{0, "9", {slice("4", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), std::nullopt);
}

// A stream that has ended as it should and is not open again yet follows nothing.
TEST_F(EngineTest, DecidesNothingBetweenTwoWatches) {
  EngineOptions options;
  options.dependencies = {{"a", "mysql", "", {}}, {"b", "mysql", "", {}}};
  engine_.emplace(options);
  give(Started{});
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  give(WatchOpened{0});
  give(Bookmarked{0, "5"});
  now_ += seconds(40);
  give(WatchEnded{0});
  give(Listed{1, "5", {slice("5", {{"10.0.1.1", true}})}});
  EXPECT_EQ(finished(), std::nullopt);
}

// A replay brings old states on the way to the newest: what comes in one piece is looked at as a
// whole.
TEST_F(EngineTest, DecidesAfterTheLastEventOfAPiece) {
  start();
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("5", {{"10.0.0.1", true}}), true});
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("6", {{"10.0.0.1", false}})});
  EXPECT_EQ(finished(), std::nullopt);
}

TEST_F(EngineTest, OneListServesAllDependenciesOfANamespace) {
  EngineOptions options;
  options.dependencies = {
      {"db", "mysql", "", {}}, {"db", "redis", "", {}}, {"db", "mysql", "tcp", {}}};
  engine_.emplace(options);
  give(Started{});
  const auto lists = taken<SendList>();
  ASSERT_EQ(lists.size(), 1U);
  EXPECT_EQ(lists[0].services, (std::vector<std::string>{"mysql", "redis"}));
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
  options.dependencies = {{"db", "mysql", "", {}}};
  options.heartbeat = seconds(10);
  engine_.emplace(options);
  give(Started{});
  list_and_open(slice("4", {{"10.0.0.1", false}}));
  wait(seconds(10));
  wait(seconds(10));
  const auto heartbeats = taken<ReportHeartbeat>();
  ASSERT_EQ(heartbeats.size(), 2U);
  EXPECT_EQ(heartbeats[1].snapshot.dependencies[0].waiting_for.at(0).name, "pod-10.0.0.1");
  EXPECT_EQ(heartbeats[1].waited, seconds(20));
}

// --- verification: what the API shows is not what listens ---

TEST_F(EngineTest, ConnectsBeforeTheVerdict) {
  start(Verify::tcp);
  give(Listed{0, "5", {slice("5", {{"10.0.0.1", true}})}});
  const auto probes = taken<Connect>();
  ASSERT_EQ(probes.size(), 1U);
  EXPECT_EQ(probes[0].target, (Target{"10.0.0.1", 3306}));
  EXPECT_EQ(reason(), Reason::not_verified);
  give(ProbeAnswered{probes[0].probe, true, ""});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(EngineTest, AStaleAddressKeepsItWaitingUntilSomethingListens) {
  start(Verify::tcp);
  list_and_open(slice("5", {{"10.0.0.1", true}}));
  give(ProbeAnswered{taken<Connect>().at(0).probe, false, "Connection refused"});
  EXPECT_EQ(reason(), Reason::not_answering);
  EXPECT_EQ(finished(), std::nullopt);
  wait_for_deadline();
  give(ProbeAnswered{taken<Connect>().at(0).probe, true, ""});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(EngineTest, TriesTheNextAddressWhereOneRefuses) {
  start(Verify::tcp);
  list_and_open(slice("5", {{"10.0.0.1", true}, {"10.0.0.2", true}}));
  const auto first = taken<Connect>();
  ASSERT_EQ(first.size(), 1U) << "no more connections than needed";
  give(ProbeAnswered{first[0].probe, false, "Connection refused"});
  const auto second = taken<Connect>();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_NE(second[0].target.address, first[0].target.address);
  give(ProbeAnswered{second[0].probe, true, ""});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(EngineTest, ANewAddressIsVerifiedAtOnce) {
  start(Verify::tcp);
  list_and_open(slice("5", {{"10.0.0.1", true}}));
  give(ProbeAnswered{taken<Connect>().at(0).probe, false, "Connection refused"});
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("6", {{"10.0.0.9", true}})});
  const auto probes = taken<Connect>();
  ASSERT_EQ(probes.size(), 1U);
  EXPECT_EQ(probes[0].target.address, "10.0.0.9");
}

// The answer of an address that the API has taken back in the meantime proves nothing.
TEST_F(EngineTest, AnAnswerOfARoundThatIsOverDoesNotCount) {
  start(Verify::tcp);
  list_and_open(slice("5", {{"10.0.0.1", true}}));
  const auto old_probe = taken<Connect>().at(0);
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("6", {{"10.0.0.2", true}})});
  give(ProbeAnswered{old_probe.probe, true, ""});
  EXPECT_EQ(finished(), std::nullopt);
}

TEST_F(EngineTest, VerifiesOnlyWhenAllDependenciesAreReadyInTheApi) {
  EngineOptions options;
  options.dependencies = {{"db", "mysql", "", {}}, {"db", "redis", "", {}}};
  options.verify = Verify::tcp;
  engine_.emplace(options);
  give(Started{});
  list_and_open(slice("5", {{"10.0.0.1", true}}));
  EXPECT_TRUE(taken<Connect>().empty());
}

TEST_F(EngineTest, SaysThatNothingCanBeVerifiedWithoutATcpPort) {
  start(Verify::tcp);
  Slice udp = slice("5", {{"10.0.0.1", true}});
  udp.ports = {{"dns", 53, false}};
  give(Listed{0, "5", {udp}});
  EXPECT_EQ(reason(), Reason::nothing_to_verify);
  EXPECT_EQ(finished(), std::nullopt);
}

TEST_F(EngineTest, ADualStackBackendAnswersAtOneOfItsAddresses) {
  start(Verify::tcp);
  Slice v4 = slice("5", {{"10.0.0.1", true}});
  Slice v6 = slice("5", {{"fd00::1", true}});
  v6.name = "mysql-v6";
  v4.endpoints[0].target_uid = v6.endpoints[0].target_uid = "uid";
  give(Listed{0, "5", {v4, v6}});
  const auto probes = taken<Connect>();
  ASSERT_EQ(probes.size(), 2U);
  for (const Connect& probe : probes) {
    const bool is_v4 = probe.target.address == "10.0.0.1";
    give(ProbeAnswered{probe.probe, is_v4, is_v4 ? "" : "Network is unreachable"});
  }
  EXPECT_EQ(finished(), ExitCode::ready);
}

// A soft limit of 1024 open files is common, and 32 dependencies of a hundred backends each are not
// absurd.
TEST_F(EngineTest, ConnectsToABoundedNumberOfBackendsAtOnce) {
  EngineOptions options;
  options.dependencies = {{"db", "mysql", "", {Minimum::Unit::all, 0}},
                          {"db", "mysql", "tcp", {Minimum::Unit::all, 0}}};
  options.verify = Verify::tcp;
  engine_.emplace(options);
  give(Started{});
  std::vector<std::pair<std::string, bool>> backends;
  for (int i = 0; i < 100; ++i) backends.emplace_back("10.0.1." + std::to_string(i), true);
  give(Listed{0, "5", {slice("5", backends)}});
  std::vector<Connect> open = taken<Connect>();
  std::size_t connected = 0;
  while (!open.empty()) {
    EXPECT_LE(open.size(), 64U);
    give(ProbeAnswered{open.back().probe, true, ""});
    open.pop_back();
    ++connected;
    const auto actions = std::exchange(actions_, {});
    for (const Action& action : actions) {
      if (const auto* probe = std::get_if<Connect>(&action)) open.push_back(*probe);
      if (std::holds_alternative<Finish>(action)) {
        EXPECT_EQ(connected, 200U);
      }
    }
  }
  EXPECT_TRUE(engine_->finished());
}

TEST_F(EngineTest, CountsFlaps) {
  start(Verify::tcp);
  list_and_open(slice("5", {{"10.0.0.1", true}}));
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("6", {{"10.0.0.1", false}})});
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("7", {{"10.0.0.1", true}})});
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("8", {{"10.0.0.1", false}})});
  EXPECT_EQ(engine_->snapshot(now_).dependencies[0].flaps, 2);
}

}  // namespace
}  // namespace waiter::core
