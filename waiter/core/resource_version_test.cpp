#include "waiter/core/resource_version.hpp"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace waiter::core {
namespace {

// KEP-5504: decimal, of arbitrary length; compared by length, then by digits.
TEST(ResourceVersion, ALongerNumberIsNewer) {
  EXPECT_TRUE(is_older("99", "100"));
  EXPECT_FALSE(is_older("100", "99"));
  EXPECT_TRUE(is_older("99999999999999999999999", "100000000000000000000000"));
}

TEST(ResourceVersion, EqualIsNotOlder) { EXPECT_FALSE(is_older("7", "7")); }

// Aggregated APIs may have other versions: nothing is known about their order, so nothing is
// dropped.
TEST(ResourceVersion, NothingIsOlderThanWhatCannotBeCompared) {
  for (const char* odd : {"", "0", "007", "abc", "-1", "1a"}) {
    EXPECT_FALSE(is_older(odd, "5")) << odd;
    EXPECT_FALSE(is_older("5", odd)) << odd;
  }
}

RC_GTEST_PROP(ResourceVersionProperty, AgreesWithIntegers,
              (std::uint32_t left, std::uint32_t right)) {
  RC_PRE(left > 0U && right > 0U);
  RC_ASSERT(is_older(std::to_string(left), std::to_string(right)) == (left < right));
}

}  // namespace
}  // namespace waiter::core
