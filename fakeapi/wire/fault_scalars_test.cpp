#include "fakeapi/wire/fault_scalars.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::wire {
namespace {

using cluster::Duration;
using cluster::Instant;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(FaultScalars, WindowHasOneEndOrTwo) {
  EXPECT_EQ(parse_window("5s..15s"), (Window{Instant(seconds(5)), Instant(seconds(15))}));
  EXPECT_EQ(parse_window("1.5s.."), (Window{Instant(milliseconds(1500)), Instant::max()}));
  EXPECT_EQ(parse_window("..15s"), (Window{Instant{}, Instant(seconds(15))}));
}

TEST(FaultScalars, WindowsThatHoldNothingAreNone) {
  for (const char* text : {"", "..", "5s", "15s..5s", "5s..5s", "-1s..5s", "5..15", "5s...15s"}) {
    EXPECT_EQ(parse_window(text), std::nullopt) << text;
  }
}

TEST(FaultScalars, NthIsOneOrARangeWithBothItsEnds) {
  EXPECT_EQ(parse_nth("3")->first, 3U);
  EXPECT_EQ(parse_nth("3")->last, 3U);
  EXPECT_EQ(parse_nth("2..5")->last, 5U);
  EXPECT_EQ(parse_nth("2..")->last, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(parse_nth("..5")->first, 1U);
  for (const char* text : {"", "..", "0", "5..2", "-1", "x", "0.."}) {
    EXPECT_FALSE(parse_nth(text).has_value()) << text;
  }
}

TEST(FaultScalars, LatencyIsConstantOrADistribution) {
  using Shape = Latency::Shape;
  EXPECT_EQ(parse_latency("50ms"), (Latency{Shape::constant, milliseconds(50), {}, 0}));
  EXPECT_EQ(parse_latency("uniform(20ms, 80ms)"),
            (Latency{Shape::uniform, milliseconds(20), milliseconds(80), 0}));
  EXPECT_EQ(parse_latency("50ms ± 30ms"), parse_latency("uniform(20ms,80ms)"));
  EXPECT_EQ(parse_latency("50ms +- 30ms"), parse_latency("uniform(20ms,80ms)"));
  EXPECT_EQ(parse_latency("lognormal(80ms, 0.4)"),
            (Latency{Shape::lognormal, milliseconds(80), {}, 0.4}));
}

TEST(FaultScalars, LatenciesThatCannotBeAreNone) {
  for (const char* text : {"", "-5ms", "50", "uniform(80ms, 20ms)", "uniform(20ms)", "10ms ± 20ms",
                           "lognormal(80ms, 0)", "lognormal(80ms, 11)", "lognormal(80ms, nan)",
                           "uniform(", "uniform", "normal(80ms, 1)"}) {
    EXPECT_EQ(parse_latency(text), std::nullopt) << text;
  }
}

TEST(FaultScalars, SizesAreInPowersOf1024) {
  EXPECT_EQ(parse_size("512B"), 512U);
  EXPECT_EQ(parse_size("4KiB"), 4096U);
  EXPECT_EQ(parse_size("2MiB"), 2U << 20U);
  for (const char* text : {"", "4", "4KB", "KiB", "-1B", "99999999999999MiB"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(FaultScalars, UnknownWordNamesTheNearest) {
  EXPECT_EQ(unknown_word("key", "thne", {"then", "after"}),
            R"(unknown key "thne"; did you mean "then"?)");
  EXPECT_EQ(unknown_word("key", "xyz", {"then", "after"}),
            R"(unknown key "xyz"; known are then, after)");
}

RC_GTEST_PROP(FaultScalarsProperty, WhatIsPrintedIsReadAsTheSame,
              (std::uint32_t a, std::uint32_t b, bool ends)) {
  const Window window{Instant(Duration(a)),
                      ends ? Instant(Duration(a) + Duration(b) + Duration(1)) : Instant::max()};
  RC_ASSERT(parse_window(to_text(window)) == window || window == Window{});
  const Latency uniform{Latency::Shape::uniform, Duration(a), Duration(a) + Duration(b), 0};
  RC_ASSERT(parse_latency(to_text(uniform)) == uniform);
  const std::uint64_t size = b % 1'000'000'000U;
  RC_ASSERT(parse_size(size_text(size)) == size);
}

}  // namespace
}  // namespace fakeapi::wire
