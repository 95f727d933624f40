// The dice: fair, within their bounds, and others for another seed.
#include "fakeapi/scenario/draws.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace fakeapi::scenario {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t seed = 7;

TEST(Draws, ChanceIsUniform) {
  int below_fifth = 0;
  constexpr std::uint64_t draws = 10'000;
  for (std::uint64_t index = 1; index <= draws; ++index) {
    const double drawn = Draws(seed, "fifth", index).chance();
    ASSERT_GE(drawn, 0);
    ASSERT_LT(drawn, 1);
    if (drawn < 0.2) ++below_fifth;
  }
  // Five standard deviations of a binomial: 5 * sqrt(10000 * 0.2 * 0.8) = 200.
  EXPECT_NEAR(below_fifth, 2000, 200);
}

TEST(Draws, SeedNameAndIndexAllMatter) {
  const double drawn = Draws(1, "a", 1).chance();
  EXPECT_EQ(Draws(1, "a", 1).chance(), drawn);
  EXPECT_NE(Draws(2, "a", 1).chance(), drawn);
  EXPECT_NE(Draws(1, "b", 1).chance(), drawn);
  EXPECT_NE(Draws(1, "a", 2).chance(), drawn);
}

// One throw must not tell another: whom a fault meets says nothing of how long it takes.
TEST(Draws, PurposesAreIndependent) {
  const Distribution uniform{Distribution::Shape::uniform, {}, milliseconds(1000), 0};
  double together = 0;
  constexpr int draws = 10'000;
  for (std::uint64_t index = 1; index <= draws; ++index) {
    const Draws of(seed, "both", index);
    const double seconds = std::chrono::duration<double>(of.duration(uniform)).count();
    together += (of.chance() - 0.5) * (seconds - 0.5);
  }
  // The covariance of independent ones is 0; its standard deviation here is 1/12 / sqrt(10000).
  EXPECT_NEAR(together / draws, 0, 5.0 / 12 / 100);
}

TEST(Draws, PositionStaysInItsBoundsAndReachesThem) {
  std::size_t least = 100;
  std::size_t most = 0;
  for (std::uint64_t index = 1; index <= 1000; ++index) {
    const std::size_t drawn = Draws(seed, "cut", index).position(3, 12);
    least = std::min(least, drawn);
    most = std::max(most, drawn);
  }
  EXPECT_EQ(least, 3U);
  EXPECT_EQ(most, 12U);
}

TEST(Draws, UniformLatencyStaysInItsBounds) {
  const Distribution uniform{Distribution::Shape::uniform, milliseconds(20), milliseconds(80), 0};
  cluster::Duration least = cluster::Duration::max();
  cluster::Duration most{};
  for (std::uint64_t index = 1; index <= 1000; ++index) {
    const auto drawn = Draws(seed, "slow", index).duration(uniform);
    least = std::min(least, drawn);
    most = std::max(most, drawn);
  }
  EXPECT_GE(least, milliseconds(20));
  EXPECT_LE(most, milliseconds(80));
  EXPECT_LT(least, milliseconds(22));
  EXPECT_GT(most, milliseconds(78));
}

// The median of a lognormal is exp(mu), and 84.13 % lie below the median times exp(sigma).
TEST(Draws, LognormalLatencyHasItsMedianAndItsTail) {
  const Distribution lognormal{Distribution::Shape::lognormal, milliseconds(80), {}, 0.4};
  int below_median = 0;
  int below_one_sigma = 0;
  constexpr int draws = 10'000;
  const auto one_sigma = cluster::Duration(static_cast<std::int64_t>(80e6 * std::exp(0.4)));
  for (std::uint64_t index = 1; index <= draws; ++index) {
    const auto drawn = Draws(seed, "slow", index).duration(lognormal);
    below_median += drawn < milliseconds(80) ? 1 : 0;
    below_one_sigma += drawn < one_sigma ? 1 : 0;
  }
  EXPECT_NEAR(below_median, 5000, 250);
  EXPECT_NEAR(below_one_sigma, 8413, 185);
}

TEST(Draws, NoLatencyIsLongerThanTheLimit) {
  const Distribution wild{Distribution::Shape::lognormal, std::chrono::hours(1), {}, 10};
  for (std::uint64_t index = 1; index <= 1000; ++index) {
    EXPECT_LE(Draws(seed, "wild", index).duration(wild), lognormal_max);
  }
}

}  // namespace
}  // namespace fakeapi::scenario
