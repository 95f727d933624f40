// Durations as they are written.
#include "fakeapi/scenario/language/distribution.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::scenario {
namespace {

using cluster::Duration;
using std::chrono::milliseconds;

TEST(Distribution, IsConstantOrDrawn) {
  using Shape = Distribution::Shape;
  EXPECT_EQ(parse_distribution("50ms"), (Distribution{Shape::constant, milliseconds(50), {}, 0}));
  EXPECT_EQ(parse_distribution("uniform(20ms, 80ms)"),
            (Distribution{Shape::uniform, milliseconds(20), milliseconds(80), 0}));
  EXPECT_EQ(parse_distribution("50ms ± 30ms"), parse_distribution("uniform(20ms,80ms)"));
  EXPECT_EQ(parse_distribution("50ms +- 30ms"), parse_distribution("uniform(20ms,80ms)"));
  EXPECT_EQ(parse_distribution("lognormal(80ms, 0.4)"),
            (Distribution{Shape::lognormal, milliseconds(80), {}, 0.4}));
}

TEST(Distribution, IsNoneWhereItCannotBe) {
  for (const char* text : {"", "-5ms", "50", "uniform(80ms, 20ms)", "uniform(20ms)", "10ms ± 20ms",
                           "lognormal(80ms, 0)", "lognormal(80ms, 11)", "lognormal(80ms, nan)",
                           "uniform(", "uniform", "normal(80ms, 1)"}) {
    EXPECT_EQ(parse_distribution(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(Distribution, IsReadAsItIsPrinted, (std::uint32_t a, std::uint32_t b)) {
  const Distribution uniform{Distribution::Shape::uniform, Duration(a), Duration(a) + Duration(b),
                             0};
  RC_ASSERT(parse_distribution(to_text(uniform)) == uniform);
}

}  // namespace
}  // namespace fakeapi::scenario
