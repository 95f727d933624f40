// Which fault meets which request.
#include "fakeapi/wire/fault_plan.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/wire/test_streams.hpp"

namespace fakeapi::wire {
namespace {

using testing_tools::fault_of;
using testing_tools::Instant;
using testing_tools::milliseconds;
using testing_tools::seconds;

constexpr std::uint64_t seed = 7;

fault::Action late() {
  fault::Action action;
  action.latency =
      scenario::Distribution{scenario::Distribution::Shape::constant, milliseconds(1), {}, 0};
  return action;
}

fault::Fault named(const std::string& name, fault::Match match = {}) {
  fault::Fault fault = fault_of(late(), name);
  fault.match = std::move(match);
  return fault;
}

/// The fault that meets a request, or "".
struct Plan : FaultPlan {
  explicit Plan(std::vector<fault::Fault> faults, std::uint64_t of = seed) : FaultPlan(of) {
    for (fault::Fault& fault : faults) put(std::move(fault));
  }
  std::string ask(const std::string& target, const std::string& method = "GET",
                  std::uint64_t connection = 1, const std::string& user_agent = "test/1",
                  Instant now = {}) {
    const auto attributes = cluster::attributes_of(method, cluster::parse_uri(target));
    const auto decision = decide(now, {connection, user_agent, &attributes});
    return decision ? decision->fault->name : "";
  }
  std::string connect(std::uint64_t connection) {
    const auto decision = decide({}, {connection, {}, nullptr});
    return decision ? decision->fault->name : "";
  }
  const Entry& entry(const std::string& name) const { return *find(name); }
};

const std::string endpoints = "/api/v1/namespaces/web/endpoints";
const std::string slices = "/apis/discovery.k8s.io/v1/namespaces/web/endpointslices";

TEST(FaultPlan, EmptyMatchMeetsEveryRequest) {
  Plan plan({named("all")});
  EXPECT_EQ(plan.ask(endpoints), "all");
  EXPECT_EQ(plan.ask("/version"), "all");
}

TEST(FaultPlan, VerbsAreThoseOfAuthorisation) {
  fault::Match match;
  match.verbs = {"watch", "create"};
  Plan plan({named("verbs", match)});
  EXPECT_EQ(plan.ask(endpoints), "");
  EXPECT_EQ(plan.ask(endpoints + "?watch=1"), "verbs");
  EXPECT_EQ(plan.ask(endpoints, "POST"), "verbs");
  EXPECT_EQ(plan.ask(endpoints + "/a"), "");
}

TEST(FaultPlan, ResourceOfAnyGroupOrOfOne) {
  fault::Match match;
  match.resources = {"endpointslices"};
  EXPECT_EQ(Plan({named("any", match)}).ask(slices), "any");
  match.group = "discovery.k8s.io";
  EXPECT_EQ(Plan({named("one", match)}).ask(slices), "one");
  match.group = "";
  EXPECT_EQ(Plan({named("core", match)}).ask(slices), "");
}

TEST(FaultPlan, PatternsEndInAStar) {
  fault::Match match;
  match.resources = {"endpoint*"};
  Plan plan({named("some", match)});
  EXPECT_EQ(plan.ask(endpoints), "some");
  EXPECT_EQ(plan.ask(slices), "some");
  EXPECT_EQ(plan.ask("/api/v1/pods"), "");
}

TEST(FaultPlan, AnyResourceIsNotAnyPath) {
  fault::Match match;
  match.resources = {"*"};
  Plan plan({named("resources", match)});
  EXPECT_EQ(plan.ask(endpoints), "resources");
  EXPECT_EQ(plan.ask("/api/v1/namespaces/web/pods/a/status"), "resources");
  EXPECT_EQ(plan.ask("/apis"), "");
}

// RBAC names subresources so (Role, rules.resources).
TEST(FaultPlan, SubresourceHasItsOwnName) {
  fault::Match match;
  match.resources = {"pods"};
  EXPECT_EQ(Plan({named("pods", match)}).ask("/api/v1/namespaces/web/pods/a/status"), "");
  match.resources = {"pods/status"};
  EXPECT_EQ(Plan({named("status", match)}).ask("/api/v1/namespaces/web/pods/a/status"), "status");
}

TEST(FaultPlan, NamespaceNarrows) {
  fault::Match match;
  match.namespace_name = "web";
  Plan plan({named("web", match)});
  EXPECT_EQ(plan.ask(endpoints), "web");
  EXPECT_EQ(plan.ask("/api/v1/namespaces/db/endpoints"), "");
  EXPECT_EQ(plan.ask("/api/v1/endpoints"), "");
}

TEST(FaultPlan, NameIsOfThePathOrOfTheFieldSelector) {
  fault::Match match;
  match.name = "mysql";
  Plan plan({named("mysql", match)});
  EXPECT_EQ(plan.ask(endpoints + "/mysql"), "mysql");
  EXPECT_EQ(plan.ask(endpoints + "?fieldSelector=metadata.name%3Dmysql"), "mysql");
  EXPECT_EQ(plan.ask(endpoints + "?watch=1&fieldSelector=metadata.name=mysql"), "mysql");
  EXPECT_EQ(plan.ask(endpoints), "");
  EXPECT_EQ(plan.ask(endpoints + "/mysql-2"), "");
}

TEST(FaultPlan, UserAgentIsAPrefix) {
  fault::Match match;
  match.user_agent = "kubectl/";
  Plan plan({named("kubectl", match)});
  EXPECT_EQ(plan.ask(endpoints, "GET", 1, "kubectl/v1.37 (linux/amd64)"), "kubectl");
  EXPECT_EQ(plan.ask(endpoints, "GET", 1, "my-kubectl/1"), "");
}

TEST(FaultPlan, ConnectionByNumberOrParity) {
  fault::Match one;
  one.connection = 3;
  fault::Match even;
  even.parity = fault::Parity::even;
  Plan plan({named("one", one), named("even", even)});
  EXPECT_EQ(plan.ask(endpoints, "GET", 3), "one");
  EXPECT_EQ(plan.ask(endpoints, "GET", 4), "even");
  EXPECT_EQ(plan.ask(endpoints, "GET", 5), "");
}

TEST(FaultPlan, WindowIsHalfOpen) {
  fault::Fault fault = named("windowed");
  fault.window = {Instant(seconds(5)), Instant(seconds(15))};
  Plan plan({fault});
  const auto at = [&](cluster::Duration when) {
    return plan.ask(endpoints, "GET", 1, "t", Instant(when));
  };
  EXPECT_EQ(at(seconds(5) - cluster::Duration(1)), "");
  EXPECT_EQ(at(seconds(5)), "windowed");
  EXPECT_EQ(at(seconds(15) - cluster::Duration(1)), "windowed");
  EXPECT_EQ(at(seconds(15)), "");
}

TEST(FaultPlan, NthCountsWhatFitsInsideTheWindow) {
  fault::Match match;
  match.verbs = {"list"};
  match.nth_first = 2;
  match.nth_last = 3;
  fault::Fault fault = named("nth", match);
  fault.window.from = Instant(seconds(1));
  Plan plan({fault});
  EXPECT_EQ(plan.ask(endpoints), "") << "before the window: not counted";
  std::vector<std::string> met;
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(plan.ask(endpoints + "/x", "GET", 1, "t", Instant(seconds(2))), "");
    met.push_back(plan.ask(endpoints, "GET", 1, "t", Instant(seconds(2))));
  }
  EXPECT_EQ(met, (std::vector<std::string>{"", "nth", "nth", ""}));
  EXPECT_EQ(plan.entry("nth").matched, 4U);
  EXPECT_EQ(plan.entry("nth").met, 2U);
}

TEST(FaultPlan, FirstMatchWins) {
  Plan plan({named("first"), named("second")});
  EXPECT_EQ(plan.ask(endpoints), "first");
  EXPECT_EQ(plan.entry("first").met, 1U);
  EXPECT_EQ(plan.entry("second").met, 0U);
}

// The count of a fault is its own: "the third list" is the third list, whatever else is planned.
TEST(FaultPlan, LoserCountsWhatItFits) {
  fault::Match third;
  third.nth_first = third.nth_last = 3;
  fault::Match first_two;
  first_two.nth_last = 2;
  Plan plan({named("early", first_two), named("third", third)});
  EXPECT_EQ(plan.ask(endpoints), "early");
  EXPECT_EQ(plan.ask(endpoints), "early");
  EXPECT_EQ(plan.ask(endpoints), "third");
}

TEST(FaultPlan, FaultThatChanceSparesLeavesTheRequestToTheNext) {
  fault::Match rarely;
  rarely.fraction = 1e-12;
  Plan plan({named("rare", rarely), named("next")});
  EXPECT_EQ(plan.ask(endpoints), "next");
  EXPECT_EQ(plan.entry("rare").matched, 1U);
  EXPECT_EQ(plan.entry("rare").met, 0U);
}

TEST(FaultPlan, FractionIsMetInItsProportion) {
  fault::Match fifth;
  fifth.fraction = 0.2;
  Plan plan({named("fifth", fifth)});
  int met = 0;
  constexpr int asked = 10'000;
  for (int i = 0; i < asked; ++i) met += plan.ask(endpoints).empty() ? 0 : 1;
  // Five standard deviations of a binomial: 5 * sqrt(10000 * 0.2 * 0.8) = 200.
  EXPECT_NEAR(met, 2000, 200);
}

TEST(FaultPlan, ReplacedFaultKeepsItsPlaceAndStartsToCountAnew) {
  Plan plan({named("a"), named("b")});
  plan.ask(endpoints);
  EXPECT_TRUE(plan.put(named("a")));
  EXPECT_EQ(plan.entries()[0].fault->name, "a");
  EXPECT_EQ(plan.entry("a").matched, 0U);
  EXPECT_EQ(plan.ask(endpoints), "a");
}

TEST(FaultPlan, RemovedFaultMeetsNobody) {
  Plan plan({named("a")});
  EXPECT_TRUE(plan.remove("a"));
  EXPECT_FALSE(plan.remove("a"));
  EXPECT_EQ(plan.ask(endpoints), "");
  EXPECT_TRUE(plan.empty());
}

TEST(FaultPlan, HoldsSoManyAndNoMore) {
  Plan plan({});
  for (std::size_t i = 0; i < FaultPlan::faults_max; ++i) {
    EXPECT_TRUE(plan.put(named("f" + std::to_string(i))));
  }
  EXPECT_FALSE(plan.put(named("more")));
  EXPECT_TRUE(plan.put(named("f0"))) << "replacing needs no room";
}

TEST(FaultPlan, ConnectionsAndRequestsAreMetByTheirOwnFaults) {
  fault::Action reset;
  reset.connect = fault::ConnectFault::reset;
  Plan plan({fault_of(reset, "connections"), named("requests")});
  EXPECT_EQ(plan.connect(1), "connections");
  EXPECT_EQ(plan.ask(endpoints), "requests");
  EXPECT_EQ(plan.entry("requests").matched, 1U);
}

fault::Fault refusing(cluster::Duration from, cluster::Duration to) {
  fault::Action refuse;
  refuse.connect = fault::ConnectFault::refuse;
  fault::Fault fault = fault_of(refuse, "refuse");
  fault.window = {Instant(from), Instant(to)};
  return fault;
}

// There is no connection that could be counted: the listener is closed for the window.
TEST(FaultPlan, RefusesForAsLongAsTheWindowIsOpen) {
  Plan plan({refusing(seconds(2), seconds(4))});
  EXPECT_EQ(plan.connect(1), "");
  EXPECT_FALSE(plan.refuses(Instant(seconds(1))));
  EXPECT_EQ(plan.next_change(Instant(seconds(1))), Instant(seconds(2)));
  EXPECT_TRUE(plan.refuses(Instant(seconds(2))));
  EXPECT_EQ(plan.next_change(Instant(seconds(2))), Instant(seconds(4)));
  EXPECT_FALSE(plan.refuses(Instant(seconds(4))));
  EXPECT_EQ(plan.next_change(Instant(seconds(4))), std::nullopt);
}

// Whoever wants to take such a fault back would have no connection to do it with.
TEST(FaultPlan, FaultOfConnectionsWithoutEndLocksOut) {
  EXPECT_TRUE(locks_out(refusing(seconds(1), cluster::Duration::max())));
  EXPECT_FALSE(locks_out(refusing(seconds(1), seconds(2))));
  fault::Action silence;
  silence.connect = fault::ConnectFault::silence;
  fault::Fault fault = fault_of(silence);
  EXPECT_TRUE(locks_out(fault));
  fault.match.nth_last = 3;
  EXPECT_FALSE(locks_out(fault));
  EXPECT_FALSE(locks_out(named("of-requests")));
}

/// One of three targets, connections 1 to 4, at a time within ten seconds.
struct Asked {
  std::uint8_t target, connection;
  std::uint16_t at_ms;
};

std::vector<std::string> answers(Plan& plan, const std::vector<Asked>& requests,
                                 const std::string& of) {
  static const std::vector<std::string> targets = {endpoints, slices, "/version"};
  std::vector<std::string> out;
  for (const Asked& one : requests) {
    const std::uint64_t matched = plan.entry(of).matched;
    const auto attributes =
        cluster::attributes_of("GET", cluster::parse_uri(targets[one.target % 3]));
    plan.decide(Instant(milliseconds(one.at_ms % 10'000)),
                {one.connection % 4U, "test", &attributes});
    if (plan.entry(of).matched == matched) continue;
    const scenario::Draws draws(seed, of, plan.entry(of).matched);
    out.push_back(std::to_string(plan.entry(of).matched) + " " + std::to_string(draws.chance()));
  }
  return out;
}

}  // namespace
}  // namespace fakeapi::wire

namespace rc {
template <>
struct Arbitrary<fakeapi::wire::Asked> {
  static Gen<fakeapi::wire::Asked> arbitrary() {
    using fakeapi::wire::Asked;
    return gen::build<Asked>(gen::set(&Asked::target), gen::set(&Asked::connection),
                             gen::set(&Asked::at_ms));
  }
};
}  // namespace rc

namespace fakeapi::wire {
namespace {

/// Without others, whom it meets is a function of its own count and dice.
RC_GTEST_PROP(FaultPlanProperty, AnotherFaultChangesNeitherCountNorDrawsOfAFault,
              (const std::vector<Asked>& requests, bool before, bool everything)) {
  fault::Match half;
  half.resources = {"endpoint*"};
  half.fraction = 0.5;
  Plan alone({named("subject", half)});
  fault::Match other;
  if (!everything) other.verbs = {"list"};
  other.fraction = everything ? 1 : 0.3;
  Plan together(before ? std::vector<fault::Fault>{named("other", other), named("subject", half)}
                       : std::vector<fault::Fault>{named("subject", half), named("other", other)});
  RC_ASSERT(answers(alone, requests, "subject") == answers(together, requests, "subject"));
}

/// What the plan says with the other one behind it is what it says without it.
RC_GTEST_PROP(FaultPlanProperty, FaultBehindItTakesNothingFromAFault,
              (const std::vector<Asked>& requests)) {
  fault::Match half;
  half.fraction = 0.5;
  Plan alone({named("subject", half)});
  Plan together({named("subject", half), named("behind")});
  for (const Asked& one : requests) {
    const std::string target = one.target % 2 == 0 ? endpoints : slices;
    const bool met = alone.ask(target, "GET", one.connection) == "subject";
    RC_ASSERT((together.ask(target, "GET", one.connection) == "subject") == met);
  }
}

}  // namespace
}  // namespace fakeapi::wire
