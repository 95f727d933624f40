// Ages. The steps are those of apimachinery pkg/util/duration/duration.go, HumanDuration.
#include "fakeapi/cluster/columns/age.hpp"

#include <cstdint>
#include <map>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "fakeapi/cluster/columns/test_support.hpp"

namespace fakeapi::cluster::columns {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr auto day = 24h;
constexpr auto year = 365 * day;

TEST(HumanDuration, ChangesItsUnitsAtTheirBoundaries) {
  const std::vector<std::pair<seconds, const char*>> cases = {
      {0s, "0s"},
      {119s, "119s"},
      {120s, "2m"},
      {121s, "2m1s"},
      {9min + 59s, "9m59s"},
      {10min, "10m"},
      {10min + 59s, "10m"},
      {3h - 1s, "179m"},
      {3h, "3h"},
      {3h + 1min, "3h1m"},
      {8h - 1s, "7h59m"},
      {8h, "8h"},
      {48h - 1s, "47h"},
      {48h, "2d"},
      {49h, "2d1h"},
      {8 * day - 1s, "7d23h"},
      {8 * day, "8d"},
      {2 * year - 1s, "729d"},
      {2 * year, "2y"},
      {2 * year + day, "2y1d"},
      {8 * year - 1s, "7y364d"},
      {8 * year, "8y"},
      {10 * year, "10y"},
  };
  for (const auto& [duration, text] : cases) EXPECT_EQ(human_duration(duration), text);
}

// Clocks that differ a little are forgiven; fractions of a second are cut off towards zero.
TEST(HumanDuration, ForgivesLessThanTwoSecondsOfTheFuture) {
  EXPECT_EQ(human_duration(-1s), "0s");
  EXPECT_EQ(human_duration(-1999ms), "0s");
  EXPECT_EQ(human_duration(-2s), "<invalid>");
  EXPECT_EQ(human_duration(999ms), "0s");
}

// A time.Duration of Go holds 292 years.
TEST(HumanDuration, EndsWhereGoDurationsDo) {
  EXPECT_EQ(human_duration(years{2000}), "292y");
  EXPECT_EQ(human_duration(-years{2000}), "<invalid>");
}

// Two or three figures: what is left out is less than a second, or an eighth of the whole.
TEST(HumanDuration, ReadBackItIsALittleLess) {
  EXPECT_TRUE(rc::check("the text, read back, is the duration cut off", [] {
    const std::map<char, std::int64_t> units = {
        {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'y', 365 * 86400}};
    const std::int64_t whole = std::int64_t{1} << *rc::gen::inRange(0, 33);
    const std::int64_t duration = *rc::gen::inRange<std::int64_t>(0, whole);
    std::int64_t total = 0;
    std::int64_t number = 0;
    for (const char c : human_duration(seconds{duration})) {
      if (c >= '0' && c <= '9') {
        number = number * 10 + (c - '0');
      } else {
        total += number * units.at(c);
        number = 0;
      }
    }
    RC_ASSERT(total <= duration);
    RC_ASSERT((duration - total) * 8 <= duration);
  }));
}

// printers.go translateTimestampSince.
TEST(AgeOf, IsUnknownWithoutATime) {
  using nlohmann::json;
  EXPECT_EQ(age_of(nullptr, testing::now), "<unknown>");
  for (const json& none : {json(), json("0001-01-01T00:00:00Z"), json(5)})
    EXPECT_EQ(age_of(&none, testing::now), "<unknown>");
  const json time = testing::ago(90s);
  EXPECT_EQ(age_of(&time, testing::now), "90s");
}

// An age counts from the microsecond of a MicroTime, not from its second.
TEST(AgeOf, CountsTheDecimalsOfMicroTimes) {
  const nlohmann::json time = "2026-11-23T06:21:04.500000Z";
  EXPECT_EQ(age_of(&time, testing::now), "9s");
}

}  // namespace
}  // namespace fakeapi::cluster::columns
