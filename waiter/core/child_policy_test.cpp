#include "waiter/core/child_policy.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace waiter::core {
namespace {

using std::chrono::seconds;
using OnLost = ChildPolicy::OnLost;

constexpr Duration kill_after = seconds(30);
constexpr int sighup = 1, sigint = 2, sigusr1 = 10, sigterm = 15, sigcont = 18;

std::string word(const StartChild&) { return "start"; }
std::string word(const SignalChild& signal) { return "signal " + std::to_string(signal.number); }
std::string word(const KillChildGroup&) { return "kill group"; }
std::string word(const EndProgram& end) { return "end " + std::to_string(end.code); }

/// One policy in virtual time; what it asks for is told in words.
class ChildPolicyTest : public testing::Test {
 protected:
  using Words = std::vector<std::string>;

  Words give(const ChildEvent& event) {
    Words words;
    for (const ChildAction& action : policy_.handle(now_, event)) {
      words.push_back(std::visit([](const auto& what) { return word(what); }, action));
    }
    return words;
  }
  Words wait(Duration duration) {
    now_ += duration;
    return give(DeadlineReached{});
  }
  void on_lost(OnLost on_lost) { policy_ = ChildPolicy(on_lost, kill_after); }
  void run() { ASSERT_EQ(give(DependenciesMet{}), Words{"start"}); }
  void lose() { ASSERT_EQ(give(DependenciesLost{}), (Words{"signal 15", "signal 18"})); }

  Instant now_{seconds(1000)};
  ChildPolicy policy_{OnLost::end, kill_after};
};

TEST_F(ChildPolicyTest, StartsTheCommandWhenTheDependenciesAreMet) {
  EXPECT_EQ(give(DependenciesMet{}), Words{"start"});
}

TEST_F(ChildPolicyTest, ADependencyThatIsLostBeforeTheStartChangesNothing) {
  EXPECT_EQ(give(DependenciesLost{}), Words{});
  EXPECT_EQ(give(DependenciesMet{}), Words{"start"});
}

TEST_F(ChildPolicyTest, TheCommandsOwnCodeIsOurs) {
  run();
  EXPECT_EQ(give(ChildEnded{7}), Words{"end 7"});
}

TEST_F(ChildPolicyTest, TheCommandsOwnCodeIsOursUnderRestartToo) {
  on_lost(OnLost::restart);
  run();
  EXPECT_EQ(give(ChildEnded{0}), Words{"end 0"});
}

TEST_F(ChildPolicyTest, ACommandThatCannotBeStartedEndsTheProgram) {
  run();
  EXPECT_EQ(give(ChildNotStarted{ExitCode::no_command}), Words{"end 127"});
}

// A 0 would let a workload count as done that never ran.
TEST_F(ChildPolicyTest, SigtermBeforeTheStartIs143) {
  EXPECT_EQ(give(SignalTaken{sigterm}), Words{"end 143"});
  EXPECT_EQ(give(DependenciesMet{}), Words{}) << "never started after a termination signal";
}

TEST_F(ChildPolicyTest, SigintBeforeTheStartIs130) {
  EXPECT_EQ(give(SignalTaken{sigint}), Words{"end 130"});
}

TEST_F(ChildPolicyTest, AHangupBeforeTheStartEndsTheWait) {
  EXPECT_EQ(give(SignalTaken{sighup}), Words{"end 129"});
}

TEST_F(ChildPolicyTest, ASignalForACommandThatIsNotThereIsDropped) {
  EXPECT_EQ(give(SignalTaken{sigusr1}), Words{});
  EXPECT_EQ(give(DependenciesMet{}), Words{"start"});
}

TEST_F(ChildPolicyTest, ForwardsSignalsToTheCommand) {
  run();
  EXPECT_EQ(give(SignalTaken{sigusr1}), Words{"signal 10"});
  EXPECT_EQ(give(SignalTaken{sighup}), Words{"signal 1"});
}

// The command says what its end means: a server that ends well on SIGTERM ends with 0.
TEST_F(ChildPolicyTest, AfterSigtermTheCommandsOwnCodeIsOurs) {
  run();
  EXPECT_EQ(give(SignalTaken{sigterm}), Words{"signal 15"});
  EXPECT_EQ(give(ChildEnded{0}), Words{"end 0"});
}

// Whoever sent SIGTERM has a clock of its own (kubelet: terminationGracePeriodSeconds).
TEST_F(ChildPolicyTest, SigtermFromOutsideSetsNoDeadline) {
  run();
  give(SignalTaken{sigterm});
  EXPECT_EQ(policy_.next_deadline(), std::nullopt);
}

TEST_F(ChildPolicyTest, ALossTerminatesTheCommandAndEndsWith69) {
  run();
  EXPECT_EQ(give(DependenciesLost{}), (Words{"signal 15", "signal 18"}));
  EXPECT_EQ(give(ChildEnded{0}), (Words{"kill group", "end 69"}));
}

TEST_F(ChildPolicyTest, ACommandThatDoesNotEndIsKilledWithItsGroup) {
  run();
  lose();
  ASSERT_EQ(policy_.next_deadline(), now_ + kill_after);
  EXPECT_EQ(wait(kill_after - seconds(1)), Words{}) << "not a moment before";
  EXPECT_EQ(wait(seconds(1)), Words{"kill group"});
  EXPECT_EQ(policy_.next_deadline(), std::nullopt);
  EXPECT_EQ(give(ChildEnded{137}), (Words{"kill group", "end 69"}));
}

TEST_F(ChildPolicyTest, MetAgainWhileTheCommandEndsCompletesTheEnd) {
  run();
  lose();
  EXPECT_EQ(give(DependenciesMet{}), Words{});
  EXPECT_EQ(give(ChildEnded{0}), (Words{"kill group", "end 69"}));
}

TEST_F(ChildPolicyTest, RestartWaitsForTheDependenciesAndStartsAgain) {
  on_lost(OnLost::restart);
  run();
  lose();
  EXPECT_EQ(give(ChildEnded{143}), Words{"kill group"});
  EXPECT_EQ(give(DependenciesMet{}), Words{"start"});
  EXPECT_EQ(give(ChildEnded{3}), Words{"end 3"});
}

TEST_F(ChildPolicyTest, RestartStartsAtOnceWhenTheDependenciesAreBackBeforeTheEnd) {
  on_lost(OnLost::restart);
  run();
  lose();
  EXPECT_EQ(give(DependenciesMet{}), Words{}) << "no two at once";
  EXPECT_EQ(give(ChildEnded{143}), (Words{"kill group", "start"}));
  EXPECT_EQ(policy_.next_deadline(), std::nullopt) << "the old deadline is not for the new child";
}

TEST_F(ChildPolicyTest, RestartDoesNotStartWhenTheyAreLostAgainBeforeTheEnd) {
  on_lost(OnLost::restart);
  run();
  lose();
  give(DependenciesMet{});
  give(DependenciesLost{});
  EXPECT_EQ(give(ChildEnded{143}), Words{"kill group"});
}

TEST_F(ChildPolicyTest, SigtermBetweenTwoStartsIs143) {
  on_lost(OnLost::restart);
  run();
  lose();
  give(ChildEnded{0});
  EXPECT_EQ(give(SignalTaken{sigterm}), Words{"end 143"});
}

TEST_F(ChildPolicyTest, SigtermWhileALostCommandEndsIsForwardedAndForbidsTheNextStart) {
  on_lost(OnLost::restart);
  run();
  lose();
  EXPECT_EQ(give(SignalTaken{sigterm}), Words{"signal 15"});
  give(DependenciesMet{});
  EXPECT_EQ(give(ChildEnded{0}), (Words{"kill group", "end 143"}));
}

TEST_F(ChildPolicyTest, TheLossThatCameBeforeASignalSaysTheCode) {
  run();
  lose();
  give(SignalTaken{sigterm});
  EXPECT_EQ(give(ChildEnded{0}), (Words{"kill group", "end 69"}));
}

TEST_F(ChildPolicyTest, ALossAfterSigtermSetsTheDeadlineAndLeavesTheCommandItsCode) {
  run();
  give(SignalTaken{sigterm});
  lose();
  EXPECT_EQ(policy_.next_deadline(), now_ + kill_after);
  EXPECT_EQ(give(ChildEnded{5}), (Words{"kill group", "end 5"}));
}

TEST_F(ChildPolicyTest, AWaitThatIsOverEndsWithItsCode) {
  EXPECT_EQ(give(WatchOver{ExitCode::timeout}), Words{"end 124"});
}

TEST_F(ChildPolicyTest, AWatchThatIsOverEndsTheCommandToo) {
  on_lost(OnLost::restart);
  run();
  EXPECT_EQ(give(WatchOver{ExitCode::forbidden}), (Words{"signal 15", "signal 18"}));
  EXPECT_EQ(give(ChildEnded{0}), (Words{"kill group", "end 77"}));
}

TEST_F(ChildPolicyTest, AWatchThatEndsWhileALostCommandEndsForbidsTheNextStart) {
  on_lost(OnLost::restart);
  run();
  lose();
  give(DependenciesMet{});
  EXPECT_EQ(give(WatchOver{ExitCode::forbidden}), Words{});
  EXPECT_EQ(give(ChildEnded{0}), (Words{"kill group", "end 77"}));
}

TEST_F(ChildPolicyTest, NothingHappensAfterTheEnd) {
  run();
  give(ChildEnded{0});
  EXPECT_EQ(give(DependenciesMet{}), Words{});
  EXPECT_EQ(give(SignalTaken{sigterm}), Words{});
}

/// A world that knows for itself whether a child is there; each action is held against it.
struct World {
  explicit World(OnLost on_lost) : policy(on_lost, kill_after) {}

  void give(const ChildEvent& event) {
    RC_ASSERT(!ended);
    if (std::holds_alternative<DependenciesMet>(event)) met = true;
    if (std::holds_alternative<DependenciesLost>(event)) met = false;
    const auto* signal = std::get_if<SignalTaken>(&event);
    if (signal && (signal->number == sigterm || signal->number == sigint)) asked_to_stop = true;
    const bool zombie = std::exchange(dying, false);
    for (const ChildAction& action : policy.handle(now, event)) {
      RC_ASSERT(!ended);  // EndProgram is the last action of all
      std::visit([&](const auto& what) { carry_out(what, zombie); }, action);
    }
    RC_ASSERT(policy.ended() == ended);
    RC_ASSERT(policy.has_child() == (child && !ended));
  }
  void end_child(int code) {
    child = killed = false;
    dying = true;
    give(ChildEnded{code});
  }
  void carry_out(const StartChild&, bool) {
    RC_ASSERT(!child);
    RC_ASSERT(met);
    RC_ASSERT(!asked_to_stop);
    child = true;
  }
  void carry_out(const SignalChild&, bool) { RC_ASSERT(child); }
  void carry_out(const KillChildGroup&, bool zombie) {
    RC_ASSERT(child || zombie);
    killed = child;
  }
  void carry_out(const EndProgram&, bool) {
    RC_ASSERT(!child);
    ended = true;
  }
  void reach_deadline() {
    RC_ASSERT(policy.next_deadline().has_value());
    now = std::max(now, *policy.next_deadline());
    give(DeadlineReached{});
  }
  void one_step() {
    switch (*rc::gen::inRange(0, 7)) {
      case 0:
        return give(DependenciesMet{});
      case 1:
        return give(DependenciesLost{});
      case 2:
        return give(SignalTaken{*rc::gen::element(sighup, sigusr1, sigcont)});
      case 3:
        return give(SignalTaken{*rc::gen::element(sigterm, sigint)});
      case 4:
        if (child) end_child(*rc::gen::inRange(0, 256));
        return;
      case 5:
        if (policy.next_deadline()) reach_deadline();
        return;
      default:
        now += seconds(*rc::gen::inRange(0, 20));
        give(DeadlineReached{});
    }
  }

  ChildPolicy policy;
  Instant now{};
  bool met = false, child = false, killed = false, dying = false, asked_to_stop = false,
       ended = false;
};

void live(World& world) {
  const int steps = *rc::gen::inRange(0, 60);
  for (int step = 0; step < steps && !world.ended; ++step) world.one_step();
}

RC_GTEST_PROP(ChildPolicyProperty, NeverTwoChildrenAndNeverAStartAfterTermination, ()) {
  World world(*rc::gen::element(OnLost::end, OnLost::restart));
  live(world);
}

// Safety first, then liveness: whatever has happened, a signal and a loss end even a child that
// dies of nothing but SIGKILL, after one deadline.
RC_GTEST_PROP(ChildPolicyProperty, ASignalAndALossEndItAfterOneDeadline, ()) {
  World world(*rc::gen::element(OnLost::end, OnLost::restart));
  live(world);
  if (!world.ended) world.give(SignalTaken{sigterm});
  if (!world.ended) world.give(DependenciesLost{});
  if (world.policy.next_deadline()) world.reach_deadline();
  if (!world.ended) {
    RC_ASSERT(world.killed);
    world.end_child(137);
  }
  RC_ASSERT(world.ended);
}

}  // namespace
}  // namespace waiter::core
