#include "waiter/core/guard_policy.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace waiter::core {
namespace {

using OnLost = GuardPolicy::OnLost;
using Signal = SignalReceived::Signal;

constexpr OnLost all_policies[] = {OnLost::observe, OnLost::unready, OnLost::exit};

GuardPolicy after(OnLost on_lost, const std::vector<bool>& verdicts) {
  GuardPolicy policy(on_lost);
  for (const bool met : verdicts) policy.take_verdict(met);
  return policy;
}

TEST(GuardPolicy, NothingIsStartedOrReadyBeforeTheFirstVerdict) {
  for (const OnLost on_lost : all_policies) {
    EXPECT_FALSE(GuardPolicy(on_lost).startup().ok);
    EXPECT_FALSE(GuardPolicy(on_lost).ready().ok);
    EXPECT_EQ(GuardPolicy(on_lost).ready().why, GuardPolicy::Why::never_met);
  }
}

TEST(GuardPolicy, IsAliveFromTheStartAndWhileADependencyIsLost) {
  EXPECT_TRUE(GuardPolicy(OnLost::unready).live().ok);
  EXPECT_TRUE(after(OnLost::unready, {true, false}).live().ok);
}

RC_GTEST_PROP(GuardPolicy, OnceStartedIsStartedForEver, (const std::vector<bool>& verdicts)) {
  for (const OnLost on_lost : all_policies) {
    GuardPolicy policy(on_lost);
    bool was_met = false;
    for (const bool met : verdicts) {
      policy.take_verdict(met);
      was_met = was_met || met;
      RC_ASSERT(policy.startup().ok == was_met);
    }
  }
}

RC_GTEST_PROP(GuardPolicy, UnreadyFollowsTheVerdict, (const std::vector<bool>& verdicts)) {
  GuardPolicy policy(OnLost::unready);
  for (const bool met : verdicts) {
    policy.take_verdict(met);
    RC_ASSERT(policy.ready().ok == met);
  }
}

RC_GTEST_PROP(GuardPolicy, ObserveStaysReadyOnceItWas, (const std::vector<bool>& verdicts)) {
  GuardPolicy policy(OnLost::observe);
  for (const bool met : verdicts) {
    policy.take_verdict(met);
    RC_ASSERT(policy.ready().ok == policy.startup().ok);
  }
}

TEST(GuardPolicy, ObserveTellsThatADependencyIsLost) {
  EXPECT_EQ(after(OnLost::observe, {true, false}).ready().why, GuardPolicy::Why::lost_and_observed);
  EXPECT_EQ(after(OnLost::observe, {true, false, true}).ready().why, GuardPolicy::Why::met);
}

TEST(GuardPolicy, OnlyExitEndsAndOnlyWhenLost) {
  for (const OnLost on_lost : all_policies) {
    GuardPolicy policy(on_lost);
    EXPECT_EQ(policy.take_verdict(true), std::nullopt);
    const auto code = policy.take_verdict(false);
    EXPECT_EQ(code, on_lost == OnLost::exit ? std::optional(ExitCode::lost) : std::nullopt);
  }
}

TEST(GuardPolicy, WhatWasNeverMetIsNotLost) {
  GuardPolicy policy(OnLost::exit);
  EXPECT_EQ(policy.take_verdict(false), std::nullopt);
  EXPECT_EQ(policy.losses(), 0U);
}

TEST(GuardPolicy, CountsEachLossOnce) {
  EXPECT_EQ(after(OnLost::observe, {true, false, false, true, false}).losses(), 2U);
}

// A 0 before the verdict would let the Pod's workload start.
TEST(GuardPolicy, ASignalBeforeTheFirstVerdictIsNoSuccess) {
  EXPECT_EQ(GuardPolicy(OnLost::observe).end_by(Signal::terminate), ExitCode::terminated);
  EXPECT_EQ(GuardPolicy(OnLost::observe).end_by(Signal::interrupt), ExitCode::interrupted);
}

TEST(GuardPolicy, ASignalAfterTheStartEndsItWell) {
  EXPECT_EQ(after(OnLost::observe, {true}).end_by(Signal::terminate), ExitCode::ready);
  EXPECT_EQ(after(OnLost::unready, {true, false}).end_by(Signal::interrupt), ExitCode::ready);
}

}  // namespace
}  // namespace waiter::core
