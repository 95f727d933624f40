#include "waiter/cli/duration.hpp"

#include <gtest/gtest.h>

namespace waiter::cli {
namespace {

using namespace std::chrono_literals;

// pkg.go.dev/time#ParseDuration
TEST(Duration, ReadsWhatGoReads) {
  EXPECT_EQ(parse_duration("300ms"), 300ms);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("2m30s"), 150s);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("0"), 0s);
  EXPECT_EQ(parse_duration(".5s"), 500ms);
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text :
       {"", "5", "s", "-1s", "1 s", "1d", "1.2.3s", "1s2", "ten", "1e3s", "100000h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace waiter::cli
