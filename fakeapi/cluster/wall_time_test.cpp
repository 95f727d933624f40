// Civil time as the API reads and writes it.
#include "fakeapi/cluster/wall_time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace fakeapi::cluster {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

// RFC 3339 5.6; Go's time.Parse also takes a comma before the decimals.
TEST(ParseRfc3339, TakesOffsetsAndDecimals) {
  const WallTime noon = sys_days{2026y / November / 23} + 12h;
  EXPECT_EQ(parse_rfc3339("2026-11-23T12:00:00Z"), noon);
  EXPECT_EQ(parse_rfc3339("2026-11-23T14:30:00+02:30"), noon);
  EXPECT_EQ(parse_rfc3339("2026-11-23T04:00:00-08:00"), noon);
  EXPECT_EQ(parse_rfc3339("2026-11-23T12:00:00.5Z"), noon + 500ms);
  EXPECT_EQ(parse_rfc3339("2026-11-23T12:00:00,000001234Z"), noon + 1us);
  EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z"), sys_days{2024y / February / 29});
}

TEST(ParseRfc3339, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2026-11-23", "2026-11-23T12:00:00", "2026-11-23 12:00:00Z", "2026-11-23t12:00:00z",
        "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z",
        "2026-11-23T12:60:00Z", "2026-11-23T12:00:60Z", "2026-11-23T12:00:00.Z",
        "2026-11-23T12:00:00+0200", "2026-11-23T12:00:00Z ", "26-11-23T12:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(ParseRfc3339, ReadsWhatTheApiWrites) {
  EXPECT_TRUE(rc::check("a printed time is read back", [] {
    const auto at = *rc::gen::inRange<std::int64_t>(-62'135'596'800, 253'402'300'800);
    RC_ASSERT(parse_rfc3339(rfc3339(unix_time(at))) == unix_time(at));
  }));
}

// 2026-11-23T06:21:04Z is 1795414864 seconds after the epoch (date -u -d @1795414864).
TEST(Rfc3339, PrintsWholeSecondsInUtc) {
  EXPECT_EQ(rfc3339(unix_time(1795414864)), "2026-11-23T06:21:04Z");
  EXPECT_EQ(rfc3339(unix_time(1795414864) + 999ms), "2026-11-23T06:21:04Z");
}

TEST(Rfc3339, PrintsMicrosecondsWhereTheTypeHasThem) {
  EXPECT_EQ(rfc3339_micro(unix_time(1795414864, 1'234'567)), "2026-11-23T06:21:04.001234Z");
}

TEST(WallTimes, AddTheVirtualClock) {
  EXPECT_EQ(wall_time(unix_time(100), Instant{} + 1500ms), WallTime{101'500ms});
}

}  // namespace
}  // namespace fakeapi::cluster
