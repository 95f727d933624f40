#include "fakeapi/scenario/fault/scalars.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::fault {
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

TEST(FaultScalars, SizesAreInPowersOf1024) {
  EXPECT_EQ(parse_size("512B"), 512U);
  EXPECT_EQ(parse_size("4KiB"), 4096U);
  EXPECT_EQ(parse_size("2MiB"), 2U << 20U);
  for (const char* text : {"", "4", "4KB", "KiB", "-1B", "99999999999999MiB"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(FaultScalarsProperty, WhatIsPrintedIsReadAsTheSame,
              (std::uint32_t a, std::uint32_t b, bool ends)) {
  const Window window{Instant(Duration(a)),
                      ends ? Instant(Duration(a) + Duration(b) + Duration(1)) : Instant::max()};
  RC_ASSERT(parse_window(to_text(window)) == window || window == Window{});
  const std::uint64_t size = b % 1'000'000'000U;
  RC_ASSERT(parse_size(size_text(size)) == size);
}

}  // namespace
}  // namespace fakeapi::fault
