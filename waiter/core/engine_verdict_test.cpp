// When the verdict falls: stability, the confirming read, alternatives, the opposite, one look, and
// verdicts that change.
#include "waiter/core/test_engine.hpp"

namespace waiter::core {
namespace {

class Verdicts : public EngineTest {
 protected:
  Verdicts() {
    options_.groups = {{{"db", "mysql", "", {}}}};
    options_.confirm = false;
  }
  void watch(bool ready) {
    begin(options_);
    give(Listed{0, "4", {slice("4", {{"10.0.0.1", ready}})}});
    give(WatchOpened{0});
    forget();
  }
  void change(const std::string& version, bool ready, bool followed = false) {
    give(SliceChanged{0, SliceChanged::Type::upserted, slice(version, {{"10.0.0.1", ready}}),
                      followed});
  }
  /// The last verdict of Mode::follow that was told.
  std::optional<bool> told() {
    const auto verdicts = taken<VerdictChanged>();
    return verdicts.empty() ? std::nullopt : std::optional(verdicts.back().met);
  }

  EngineOptions options_;
};

TEST_F(Verdicts, FallWhenItWasMetForLongEnough) {
  options_.stable_for = seconds(10);
  watch(true);
  wait(seconds(10) - milliseconds(1));
  EXPECT_EQ(finished(), std::nullopt);
  EXPECT_EQ(reason(), Reason::not_stable);
  wait(milliseconds(1));
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Verdicts, WaitAnewAfterAFlap) {
  options_.stable_for = seconds(10);
  watch(true);
  now_ += seconds(9);
  change("5", false);
  change("6", true);
  wait(seconds(9));
  EXPECT_EQ(finished(), std::nullopt);
  wait(seconds(1));
  EXPECT_EQ(finished(), ExitCode::ready);
}

// Several events of one piece of bytes are decided upon together, and a flap among them is one.
TEST_F(Verdicts, WaitAnewAfterAFlapWithinOneBurst) {
  options_.stable_for = seconds(10);
  watch(true);
  now_ += seconds(9);
  change("5", false, true);
  change("6", true);
  wait(seconds(9));
  EXPECT_EQ(finished(), std::nullopt);
}

// The server replays what was missed: nothing can have happened unseen.
TEST_F(Verdicts, KeepTheTimeAcrossAWatchThatIsResumed) {
  options_.stable_for = seconds(10);
  watch(true);
  now_ += seconds(5);
  give(RequestFailed{0, {Cause::broken, 200, "", std::nullopt}});
  wait_for_deadline();
  give(WatchOpened{0});
  now_ = Instant(seconds(10));
  give(DeadlineReached{});
  EXPECT_FALSE(engine_->finished()) << "the resumed stream may have more to bring";
  EXPECT_EQ(taken<ConfirmView>().size(), 1U);
  give(ViewConfirmed{0, "6", {slice("4", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), ExitCode::ready) << "and it had nothing to bring";
}

TEST_F(Verdicts, DoNotFallWhileTheStreamIsBroken) {
  options_.stable_for = seconds(10);
  watch(true);
  give(RequestFailed{0, {Cause::broken, 200, "", std::nullopt}});
  wait(seconds(10));
  EXPECT_EQ(finished(), std::nullopt);
}

// 410: what happened between the two lists is not known.
TEST_F(Verdicts, WaitAnewAfterAGap) {
  options_.stable_for = seconds(10);
  watch(true);
  now_ += seconds(9);
  forget();
  give(RequestFailed{0, {Cause::expired, 410, "", std::nullopt}});
  while (taken<SendList>().empty()) wait_for_deadline();
  give(Listed{0, "50", {slice("4", {{"10.0.0.1", true}})}});
  give(WatchOpened{0});
  const Instant listed = now_;
  wait(seconds(9));
  EXPECT_EQ(finished(), std::nullopt);
  // What is told is the time that counts.
  EXPECT_EQ(engine_->snapshot(now_).dependencies.front().met_for, now_ - listed);
  now_ = listed + seconds(10);
  give(DeadlineReached{});
  EXPECT_EQ(finished(), ExitCode::ready);
}

// A watch may come from a cache that lags: what it says may be over already.
TEST_F(Verdicts, NeedAReadAsOfNowAfterAnEvent) {
  options_.confirm = true;
  watch(false);
  change("5", true);
  EXPECT_EQ(finished(), std::nullopt);
  give(ViewConfirmed{0, "6", {slice("5", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Verdicts, DoNotFallWhereThatReadSaysOtherwise) {
  options_.confirm = true;
  watch(false);
  change("5", true);
  give(ViewConfirmed{0, "7", {slice("7", {{"10.0.0.1", false}})}});
  EXPECT_EQ(finished(), std::nullopt);
  EXPECT_EQ(reason(), Reason::too_few);
}

TEST_F(Verdicts, DoNotFallWhereThatReadIsOlder) {
  options_.confirm = true;
  watch(false);
  change("5", true);
  give(ViewConfirmed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), std::nullopt);
}

// The list that the wait begins with is such a read.
TEST_F(Verdicts, NeedNoSecondReadRightAfterTheList) {
  options_.confirm = true;
  begin(options_);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Verdicts, NeedAReadOnceItIsStable) {
  options_.confirm = true;
  options_.stable_for = seconds(10);
  watch(true);
  wait(seconds(10));
  EXPECT_EQ(finished(), std::nullopt);
  give(ViewConfirmed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), ExitCode::ready);
}

// A slow API server must not keep two namespaces waiting for each other's reads.
TEST_F(Verdicts, NeedOneReadOfEachHoweverLongItTakes) {
  options_.confirm = true;
  options_.groups = {{{"a", "mysql", "", {}}}, {{"b", "mysql", "", {}}}};
  begin(options_);
  for (const ReflectorId id : {0U, 1U}) {
    give(Listed{id, "4", {slice("4", {{"10.0.0.1", false}})}});
    give(WatchOpened{id});
  }
  for (const ReflectorId id : {0U, 1U}) {
    give(SliceChanged{id, SliceChanged::Type::upserted, slice("5", {{"10.0.0.1", true}}), false});
  }
  EXPECT_EQ(taken<ConfirmView>().size(), 2U);
  now_ += seconds(5);
  give(ViewConfirmed{0, "6", {slice("5", {{"10.0.0.1", true}})}});
  now_ += seconds(5);
  give(ViewConfirmed{1, "6", {slice("5", {{"10.0.0.1", true}})}});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Verdicts, NeedOneOfEachGroup) {
  options_.groups = {{{"db", "mysql", "", {}}, {"db", "mariadb", "", {}}}};
  begin(options_);
  give(Listed{0, "4", {}});
  EXPECT_EQ(finished(), std::nullopt);
  give(WatchOpened{0});
  change("5", true);
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Verdicts, MayBeThatItIsGone) {
  options_.until_gone = true;
  watch(true);
  EXPECT_EQ(finished(), std::nullopt);
  change("5", false);
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Verdicts, ThatItIsGoneNeedACompleteListToo) {
  options_.until_gone = true;
  begin(options_);
  EXPECT_EQ(finished(), std::nullopt);
  give(RequestFailed{0, {Cause::forbidden, 403, "", std::nullopt}});
  EXPECT_EQ(finished(), std::nullopt);
}

TEST_F(Verdicts, OfOneLookFallWithTheFirstList) {
  options_.mode = Mode::check;
  for (const bool ready : {true, false}) {
    actions_.clear();
    begin(options_);
    EXPECT_EQ(finished(), std::nullopt);
    give(Listed{0, "4", {slice("4", {{"10.0.0.1", ready}})}});
    EXPECT_EQ(finished(), ready ? ExitCode::ready : ExitCode::not_ready);
  }
}

TEST_F(Verdicts, OfOneLookWaitForTheRoundOfVerification) {
  options_.mode = Mode::check;
  options_.verify = Verify::tcp;
  begin(options_);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  const auto probes = taken<Connect>();
  ASSERT_EQ(probes.size(), 1U);
  give(ProbeAnswered{probes[0].probe, false, "Connection refused"});
  EXPECT_EQ(finished(), ExitCode::not_ready);
}

TEST_F(Verdicts, OfOneLookCannotFallWithoutAnAnswer) {
  options_.mode = Mode::check;
  options_.timeout = seconds(10);
  begin(options_);
  give(RequestFailed{0, {Cause::refused, 0, "Connection refused", std::nullopt}});
  wait(seconds(10));
  EXPECT_EQ(finished(), ExitCode::timeout);
}

TEST_F(Verdicts, ThatAreFollowedChangeWhenItIsLostForLongEnough) {
  options_.mode = Mode::follow;
  options_.lost_after = seconds(15);
  begin(options_);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  give(WatchOpened{0});
  EXPECT_EQ(told(), true);
  change("5", false);
  wait(seconds(15) - milliseconds(1));
  EXPECT_EQ(told(), std::nullopt);
  wait(milliseconds(1));
  EXPECT_EQ(told(), false);
  change("6", true);
  EXPECT_EQ(told(), true);
  EXPECT_FALSE(engine_->finished());
}

TEST_F(Verdicts, ThatAreFollowedDoNotChangeWithAShortFlap) {
  options_.mode = Mode::follow;
  begin(options_);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  give(WatchOpened{0});
  forget();
  for (int i = 0; i < 10; ++i) {
    change(std::to_string(10 + 2 * i), false);
    wait(seconds(14));
    change(std::to_string(11 + 2 * i), true);
  }
  EXPECT_EQ(told(), std::nullopt);
}

// The control plane being away says nothing about the dependencies.
TEST_F(Verdicts, ThatAreFollowedDoNotChangeWhileTheApiIsAway) {
  options_.mode = Mode::follow;
  begin(options_);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  give(WatchOpened{0});
  forget();
  change("5", false);
  give(RequestFailed{0, {Cause::broken, 200, "", std::nullopt}});
  for (int i = 0; i < 20; ++i) {
    wait_for_deadline();
    if (!taken<OpenWatch>().empty()) {
      give(RequestFailed{0, {Cause::refused, 0, "Connection refused", std::nullopt}});
    }
    EXPECT_EQ(told(), std::nullopt);
  }
  EXPECT_GT(now_ - Instant{}, seconds(60));
}

TEST_F(Verdicts, ThatAreFollowedNeedAReadAsOfNowBeforeItIsLost) {
  options_.mode = Mode::follow;
  options_.confirm = true;
  begin(options_);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  give(WatchOpened{0});
  change("5", false);
  forget();
  wait(seconds(15));
  EXPECT_EQ(taken<ConfirmView>().size(), 1U);
  give(ViewConfirmed{0, "8", {slice("5", {{"10.0.0.1", false}})}});
  EXPECT_EQ(told(), false);
}

TEST_F(Verdicts, ThatAreFollowedForgetTheTimeoutOnceMet) {
  options_.mode = Mode::follow;
  options_.timeout = seconds(60);
  begin(options_);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", true}})}});
  give(WatchOpened{0});
  wait(seconds(61));
  EXPECT_EQ(finished(), std::nullopt);
}

TEST_F(Verdicts, AreWaitedForWithTheTimeOfEachBackend) {
  watch(false);
  wait(seconds(40));
  const auto status = engine_->snapshot(now_).dependencies.front();
  ASSERT_EQ(status.waiting_for.size(), 1U);
  EXPECT_EQ(status.waiting_for[0].unready_for, seconds(40));
}

TEST_F(Verdicts, ThatCanNeverFallAreAnError) {
  watch(true);
  options_.groups = {{{"db", "other", "", {}}}};
  begin(options_);
  give(Listed{0, "4", {}});
  EXPECT_EQ(taken<AskService>().size(), 1U);
  give(ServiceTold{"db", "other", ServiceTold::Type::external_name});
  EXPECT_EQ(finished(), ExitCode::usage);
}

TEST_F(Verdicts, AreWaitedForWhereTheServiceDoesNotExistYet) {
  begin(options_);
  give(Listed{0, "4", {}});
  give(WatchOpened{0});
  give(ServiceTold{"db", "mysql", ServiceTold::Type::absent});
  EXPECT_EQ(reason(), Reason::no_service);
  change("5", true);
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Verdicts, DoNotAskForAServiceThatMayNotBeRead) {
  begin(options_);
  give(Listed{0, "4", {}});
  give(WatchOpened{0});
  give(ServiceTold{"db", "mysql", ServiceTold::Type::unknown});
  forget();
  for (int i = 0; i < 10; ++i) {
    now_ += seconds(60);
    give(Bookmarked{0, std::to_string(10 + i)});
  }
  EXPECT_TRUE(taken<AskService>().empty());
}

// The Pod is not ready before its init containers are done.
TEST_F(Verdicts, ThatWaitForThisVeryPodAreAnError) {
  options_.own_pod = OwnPod{"db", "pod-10.0.0.1"};
  begin(options_);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", false}})}});
  EXPECT_EQ(finished(), ExitCode::usage);
}

TEST_F(Verdicts, MayHoldThisVeryPodWhereOthersAreEnough) {
  options_.own_pod = OwnPod{"db", "pod-10.0.0.1"};
  begin(options_);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", false}, {"10.0.0.2", true}})}});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(Verdicts, APodOfThatNameInAnotherNamespaceIsAnother) {
  options_.own_pod = OwnPod{"app", "pod-10.0.0.1"};
  begin(options_);
  give(Listed{0, "4", {slice("4", {{"10.0.0.1", false}})}});
  EXPECT_EQ(finished(), std::nullopt);
}

}  // namespace
}  // namespace waiter::core
