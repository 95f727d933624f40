#include "fakeapi/wire/fault_entry.hpp"

#include <chrono>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::wire {
namespace {

TEST(FaultEntry, ShowsFaithfulnessAndCounts) {
  fault::Fault slow_and_lossy{"f", {}, {}, {}};
  slow_and_lossy.action.latency = scenario::Distribution::constant(std::chrono::milliseconds(1));
  slow_and_lossy.action.stream = fault::StreamFault{0, {}, fault::StreamEffect::drop};
  FaultPlan plan(1);
  plan.put(slow_and_lossy);
  const auto shown = to_json(plan.entries().front());
  EXPECT_EQ(shown["name"], "f");
  EXPECT_EQ(shown["faithfulness"], "hostile") << "the least faithful part counts";
  EXPECT_EQ(shown["matched"], 0);
  EXPECT_EQ(shown["met"], 0);
}

}  // namespace
}  // namespace fakeapi::wire
