// Verification through the engine: what the API shows is not what listens.
#include "waiter/core/test_engine.hpp"

namespace waiter::core {
namespace {

TEST_F(EngineTest, ConnectsBeforeTheVerdict) {
  start(Verify::tcp);
  give(Listed{0, "5", {slice("5", {{"10.0.0.1", true}})}});
  const auto probes = taken<Connect>();
  ASSERT_EQ(probes.size(), 1U);
  EXPECT_EQ(probes[0].target, (Target{"10.0.0.1", 3306}));
  EXPECT_EQ(reason(), Reason::not_verified);
  give(ProbeAnswered{probes[0].probe, true, ""});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(EngineTest, AStaleAddressKeepsItWaitingUntilSomethingListens) {
  start(Verify::tcp);
  list_and_open(slice("5", {{"10.0.0.1", true}}));
  give(ProbeAnswered{taken<Connect>().at(0).probe, false, "Connection refused"});
  EXPECT_EQ(reason(), Reason::not_answering);
  EXPECT_EQ(finished(), std::nullopt);
  wait_for_deadline();
  give(ProbeAnswered{taken<Connect>().at(0).probe, true, ""});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(EngineTest, TriesTheNextAddressWhereOneRefuses) {
  start(Verify::tcp);
  list_and_open(slice("5", {{"10.0.0.1", true}, {"10.0.0.2", true}}));
  const auto first = taken<Connect>();
  ASSERT_EQ(first.size(), 1U) << "no more connections than needed";
  give(ProbeAnswered{first[0].probe, false, "Connection refused"});
  const auto second = taken<Connect>();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_NE(second[0].target.address, first[0].target.address);
  give(ProbeAnswered{second[0].probe, true, ""});
  EXPECT_EQ(finished(), ExitCode::ready);
}

TEST_F(EngineTest, ANewAddressIsVerifiedAtOnce) {
  start(Verify::tcp);
  list_and_open(slice("5", {{"10.0.0.1", true}}));
  give(ProbeAnswered{taken<Connect>().at(0).probe, false, "Connection refused"});
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("6", {{"10.0.0.9", true}})});
  const auto probes = taken<Connect>();
  ASSERT_EQ(probes.size(), 1U);
  EXPECT_EQ(probes[0].target.address, "10.0.0.9");
}

// The answer of an address that the API has taken back in the meantime proves nothing.
TEST_F(EngineTest, AnAnswerOfARoundThatIsOverDoesNotCount) {
  start(Verify::tcp);
  list_and_open(slice("5", {{"10.0.0.1", true}}));
  const auto old_probe = taken<Connect>().at(0);
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("6", {{"10.0.0.2", true}})});
  give(ProbeAnswered{old_probe.probe, true, ""});
  EXPECT_EQ(finished(), std::nullopt);
}

TEST_F(EngineTest, VerifiesOnlyWhenAllDependenciesAreReadyInTheApi) {
  EngineOptions options;
  options.groups = {{{"db", "mysql", "", {}}}, {{"db", "redis", "", {}}}};
  options.verify = Verify::tcp;
  options.confirm = false;
  begin(options);
  list_and_open(slice("5", {{"10.0.0.1", true}}));
  EXPECT_TRUE(taken<Connect>().empty());
}

TEST_F(EngineTest, SaysThatNothingCanBeVerifiedWithoutATcpPort) {
  start(Verify::tcp);
  Slice udp = slice("5", {{"10.0.0.1", true}});
  udp.ports = {{"dns", 53, false}};
  give(Listed{0, "5", {udp}});
  EXPECT_EQ(reason(), Reason::nothing_to_verify);
  EXPECT_EQ(finished(), std::nullopt);
}

TEST_F(EngineTest, ADualStackBackendAnswersAtOneOfItsAddresses) {
  start(Verify::tcp);
  Slice v4 = slice("5", {{"10.0.0.1", true}});
  Slice v6 = slice("5", {{"fd00::1", true}});
  v6.name = "mysql-v6";
  v4.endpoints[0].target_uid = v6.endpoints[0].target_uid = "uid";
  give(Listed{0, "5", {v4, v6}});
  const auto probes = taken<Connect>();
  ASSERT_EQ(probes.size(), 2U);
  for (const Connect& probe : probes) {
    const bool is_v4 = probe.target.address == "10.0.0.1";
    give(ProbeAnswered{probe.probe, is_v4, is_v4 ? "" : "Network is unreachable"});
  }
  EXPECT_EQ(finished(), ExitCode::ready);
}

// A soft limit of 1024 open files is common, and 32 dependencies of a hundred backends each are not
// absurd.
TEST_F(EngineTest, ConnectsToABoundedNumberOfBackendsAtOnce) {
  EngineOptions options;
  options.groups = {{{"db", "mysql", "", {Minimum::Unit::all, 0}}},
                    {{"db", "mysql", "tcp", {Minimum::Unit::all, 0}}}};
  options.verify = Verify::tcp;
  options.confirm = false;
  begin(options);
  std::vector<std::pair<std::string, bool>> backends;
  for (int i = 0; i < 100; ++i) backends.emplace_back("10.0.1." + std::to_string(i), true);
  give(Listed{0, "5", {slice("5", backends)}});
  std::vector<Connect> open = taken<Connect>();
  std::size_t connected = 0;
  while (!open.empty()) {
    EXPECT_LE(open.size(), 64U);
    give(ProbeAnswered{open.back().probe, true, ""});
    open.pop_back();
    ++connected;
    const auto actions = std::exchange(actions_, {});
    for (const Action& action : actions) {
      if (const auto* probe = std::get_if<Connect>(&action)) open.push_back(*probe);
      if (std::holds_alternative<Finish>(action)) {
        EXPECT_EQ(connected, 200U);
      }
    }
  }
  EXPECT_TRUE(engine_->finished());
}

TEST_F(EngineTest, CountsFlaps) {
  start(Verify::tcp);
  list_and_open(slice("5", {{"10.0.0.1", true}}));
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("6", {{"10.0.0.1", false}})});
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("7", {{"10.0.0.1", true}})});
  give(SliceChanged{0, SliceChanged::Type::upserted, slice("8", {{"10.0.0.1", false}})});
  EXPECT_EQ(engine_->snapshot(now_).dependencies[0].flaps, 2);
}

}  // namespace
}  // namespace waiter::core
