// The reference is promtool's "expanding notation" (prometheus.io, unit testing for rules): in
// 'axn' the value a is there n + 1 times.
#include "fakeapi/scenario/world/series.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::scenario {
namespace {

using Values = std::vector<SeriesValue>;

TEST(Series, AValueStaysForItsOwnIntervalAndSoManyMore) {
  EXPECT_EQ(parse_series("3x9 0x19 1 2 3x~"), (Values{{0, 3}, {10, 0}, {30, 1}, {31, 2}, {32, 3}}));
}

TEST(Series, EqualNeighboursAreOneValue) { EXPECT_EQ(parse_series("1 1x2 1"), (Values{{0, 1}})); }

TEST(Series, UnderscoreIsNothingThere) {
  EXPECT_EQ(parse_series("_x1 2"), (Values{{0, std::nullopt}, {2, 2}}));
}

TEST(Series, WhatItCannotBeIsNone) {
  for (const char* text : {"", "  ", "x3", "3x", "3y", "-1", "1.5", "3x~ 2", "3x-1", "1,2", "2000",
                           "1x99999999", "~", "3xx2"}) {
    EXPECT_EQ(parse_series(text), std::nullopt) << text;
  }
}

// Against the obvious way: write every interval out.
RC_GTEST_PROP(Series, IsWhatItSaysWrittenOut, ()) {
  const auto words = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange(0, 6))));
  std::string text;
  std::vector<int> written_out;
  for (const auto& [count, more] : words) {
    text += std::to_string(count) + "x" + std::to_string(more) + " ";
    written_out.insert(written_out.end(), static_cast<std::size_t>(more) + 1, count);
  }
  const auto values = parse_series(text);
  RC_ASSERT(values.has_value());
  for (std::size_t i = 0; i < written_out.size(); ++i) {
    std::optional<int> now;
    for (const SeriesValue& value : *values) {
      if (value.begin <= i) now = value.count;
    }
    RC_ASSERT(now == written_out[i]);
  }
}

}  // namespace
}  // namespace fakeapi::scenario
