#include "fakeapi/scenario/clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::scenario {
namespace {

using cluster::Instant;
using std::chrono::seconds;

TEST(Clock, RunsWithTheClustersTimeAtItsSpeed) {
  EXPECT_EQ(Clock().at(Instant(seconds(7))), seconds(7));
  EXPECT_EQ(Clock(10).at(Instant(seconds(7))), seconds(70));
  EXPECT_EQ(Clock(10).when(Instant{}, seconds(70)), Instant(seconds(7)));
}

TEST(Clock, StandsWhileItIsPausedAndGoesOnFromThere) {
  Clock clock;
  clock.pause(Instant(seconds(3)));
  EXPECT_EQ(clock.at(Instant(seconds(9))), seconds(3));
  EXPECT_EQ(clock.when(Instant(seconds(9)), seconds(5)), std::nullopt);
  clock.resume(Instant(seconds(10)));
  EXPECT_EQ(clock.at(Instant(seconds(12))), seconds(5));
}

TEST(Clock, ChangesItsSpeedWithoutAJump) {
  Clock clock;
  clock.set_speed(Instant(seconds(2)), 5);
  EXPECT_EQ(clock.at(Instant(seconds(2))), seconds(2));
  EXPECT_EQ(clock.at(Instant(seconds(4))), seconds(12));
}

TEST(Clock, ShowsWhatItIsSetTo) {
  Clock clock;
  clock.seek(Instant(seconds(1)), seconds(60));
  EXPECT_EQ(clock.at(Instant(seconds(2))), seconds(61));
}

// Whoever sleeps until when() finds the time come: otherwise it would wake up for ever.
RC_GTEST_PROP(Clock, HasComeWhenItSaysThatItWill, ()) {
  Clock clock(static_cast<double>(*rc::gen::inRange(1, 100'000)) / 100);
  const Instant start(std::chrono::nanoseconds(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000)));
  clock.seek(start, seconds(1));
  const cluster::Duration wanted =
      seconds(1) + std::chrono::nanoseconds(*rc::gen::inRange<std::int64_t>(0, 3'600'000'000'000));
  const auto then = clock.when(start, wanted);
  RC_ASSERT(then.has_value());
  RC_ASSERT(clock.at(*then) >= wanted);
}

}  // namespace
}  // namespace fakeapi::scenario
