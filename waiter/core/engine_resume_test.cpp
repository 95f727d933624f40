// A stream that was resumed proves nothing before a list as of now.
#include "waiter/core/test_engine.hpp"

namespace waiter::core {
namespace {

/// Two namespaces: the first is ready and its stream breaks, then the second becomes ready.
class ResumedStream : public EngineTest {
 protected:
  ResumedStream() {
    EngineOptions options;
    options.groups = {{{"a", "mysql", "", {}}}, {{"b", "mysql", "", {}}}};
    options.confirm = false;
    begin(options);
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
  options.groups = {{{"a", "mysql", "", {}}}, {{"b", "mysql", "", {}}}};
  options.confirm = false;
  begin(options);
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

}  // namespace
}  // namespace waiter::core
