#include "waiter/core/endpoint_view.hpp"

#include <optional>

#include <gtest/gtest.h>

namespace waiter::core {
namespace {

const Dependency mysql{"db", "mysql", "", {}};

SliceEndpoint endpoint(const std::string& address, std::optional<bool> ready,
                       std::optional<bool> serving = {}, std::optional<bool> terminating = {},
                       const std::string& uid = "") {
  return {{address}, ready, serving, terminating, uid, uid, std::nullopt};
}

Slice slice(const std::string& name, std::vector<SliceEndpoint> endpoints,
            std::vector<SlicePort> ports = {{"tcp", 3306, true}}) {
  return {name, "1", "mysql", false, std::move(ports), std::move(endpoints)};
}

EndpointView view_of(std::vector<Slice> slices) {
  EndpointView view;
  view.replace(std::move(slices));
  return view;
}

// The whole truth table of EndpointConditions (API documentation): nil ready is true, nil serving
// is true, nil terminating is false; a backend counts when ready and serving and not terminating.
TEST(EndpointConditions, CountExactlyAsTheApiDefinesThem) {
  const std::optional<bool> values[] = {std::nullopt, false, true};
  for (const auto ready : values) {
    for (const auto serving : values) {
      for (const auto terminating : values) {
        const bool counts = ready != false && serving != false && terminating != true;
        EXPECT_EQ(
            state_of(endpoint("10.0.0.1", ready, serving, terminating)) == BackendState::ready,
            counts);
      }
    }
  }
}

// publishNotReadyAddresses makes `ready` true for every Pod; `serving` still tells the truth.
TEST(EndpointConditions, SeeThroughReadinessThatIsPublishedEarly) {
  EXPECT_EQ(state_of(endpoint("10.0.0.1", true, false)), BackendState::not_ready);
}

TEST(EndpointView, JoinsAllSlicesOfTheService) {
  const auto view =
      view_of({slice("a", {endpoint("10.0.0.1", true)}), slice("b", {endpoint("10.0.0.2", true)})});
  EXPECT_EQ(view.service(mysql).ready(), 2);
}

TEST(EndpointView, CountsABackendInTwoSlicesOnce) {
  const auto view = view_of({slice("a", {endpoint("10.0.0.1", true, {}, {}, "uid-1")}),
                             slice("b", {endpoint("10.0.0.1", true, {}, {}, "uid-1")})});
  EXPECT_EQ(view.service(mysql).total(), 1);
}

TEST(EndpointView, CountsADualStackPodOnce) {
  const auto view = view_of({slice("v4", {endpoint("10.0.0.1", true, {}, {}, "uid-1")}),
                             slice("v6", {endpoint("fd00::1", true, {}, {}, "uid-1")})});
  const ServiceView service = view.service(mysql);
  EXPECT_EQ(service.total(), 1);
  EXPECT_EQ(service.backends.front().tcp_targets.size(), 2U);
}

// Where two copies differ, one is out of date: starting too early is worse than waiting a moment.
TEST(EndpointView, TheLessReadyCopyDecides) {
  for (const bool first_is_ready : {true, false}) {
    const auto view =
        view_of({slice("a", {endpoint("10.0.0.1", first_is_ready, {}, {}, "uid-1")}),
                 slice("b", {endpoint("10.0.0.1", !first_is_ready, {}, {}, "uid-1")})});
    EXPECT_EQ(view.service(mysql).ready(), 0);
  }
}

TEST(EndpointView, IgnoresSlicesOfOtherServicesAndOfNames) {
  Slice other = slice("a", {endpoint("10.0.0.1", true)});
  other.service = "mysql-replica";
  Slice fqdn = slice("b", {endpoint("db.example.com", true)});
  fqdn.fqdn = true;
  const auto view = view_of({other, fqdn});
  EXPECT_EQ(view.service(mysql).slices, 0);
}

TEST(EndpointView, AnEmptySliceIsKnowledgeAndNotReady) {
  const ServiceView service = view_of({slice("a", {}, {})}).service(mysql);
  EXPECT_EQ(service.slices, 1);
  EXPECT_EQ(service.ready(), 0);
}

TEST(EndpointView, FindsAPortByNameOrByNumber) {
  const auto view = view_of(
      {slice("a", {endpoint("10.0.0.1", true)}, {{"tcp", 3306, true}, {"admin", 33062, true}})});
  for (const char* port : {"tcp", "3306"}) {
    const ServiceView service = view.service({"db", "mysql", port, {}});
    ASSERT_EQ(service.ready(), 1) << port;
    EXPECT_EQ(service.backends.front().tcp_targets, (std::vector<Target>{{"10.0.0.1", 3306}}))
        << port;
  }
  EXPECT_FALSE(view.service({"db", "mysql", "http", {}}).port_seen);
}

// One port name may have different numbers in different slices (golden trace named-ports-differ).
TEST(EndpointView, APortsNumberMayDifferBetweenSlices) {
  const auto view = view_of({slice("a", {endpoint("10.0.0.1", true)}, {{"tcp", 3306, true}}),
                             slice("b", {endpoint("10.0.0.2", true)}, {{"tcp", 3307, true}})});
  EXPECT_EQ(view.service({"db", "mysql", "tcp", {}}).ready(), 2);
  EXPECT_EQ(view.service({"db", "mysql", "3307", {}}).ready(), 1);
}

// API documentation of EndpointPort.port: no number is every port.
TEST(EndpointView, APortWithoutANumberIsEveryPort) {
  const auto view =
      view_of({slice("a", {endpoint("10.0.0.1", true)}, {{"any", std::nullopt, true}})});
  const ServiceView service = view.service({"db", "mysql", "8080", {}});
  ASSERT_EQ(service.ready(), 1);
  EXPECT_EQ(service.backends.front().tcp_targets, (std::vector<Target>{{"10.0.0.1", 8080}}));
  EXPECT_TRUE(view.service(mysql).backends.front().tcp_targets.empty());
}

// A Service without Pods has a slice without ports: that is no statement about the wanted port.
TEST(EndpointView, AnEmptySliceDoesNotDenyThePort) {
  EXPECT_TRUE(view_of({slice("a", {}, {})}).service({"db", "mysql", "3306", {}}).port_seen);
}

TEST(EndpointView, UdpPortsAreNoTargets) {
  const auto view = view_of({slice("a", {endpoint("10.0.0.1", true)}, {{"dns", 53, false}})});
  EXPECT_TRUE(view.service(mysql).backends.front().tcp_targets.empty());
}

TEST(EndpointView, AListReplacesEverything) {
  EndpointView view = view_of({slice("a", {endpoint("10.0.0.1", true)})});
  view.replace({slice("b", {endpoint("10.0.0.2", false)})});
  EXPECT_EQ(view.service(mysql).ready(), 0);
  EXPECT_EQ(view.service(mysql).total(), 1);
}

TEST(EndpointView, AnErasedSliceIsGone) {
  EndpointView view = view_of({slice("a", {endpoint("10.0.0.1", true)})});
  view.erase("a");
  EXPECT_EQ(view.service(mysql).slices, 0);
}

}  // namespace
}  // namespace waiter::core
