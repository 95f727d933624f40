// Endpoints and EndpointSlices, as printers.go formatEndpoints, formatDiscoveryPorts and
// formatDiscoveryEndpoints print them.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/columns/test_support.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;
using testing::cells_of;
using testing::headers_of;

json subset(std::initializer_list<const char*> ips, std::initializer_list<int> ports) {
  json out = json::object();
  for (const char* ip : ips) out["addresses"].push_back({{"ip", ip}});
  for (const int port : ports) out["ports"].push_back({{"port", port}, {"protocol", "TCP"}});
  return out;
}

using Subsets = json::array_t;

json addresses(const json& subsets) { return cells_of(endpoints(), {{"subsets", subsets}})[1]; }

TEST(PrintEndpoints, HasTheColumnsOfEndpoints) {
  EXPECT_EQ(headers_of(endpoints()), "Name,Endpoints,Age");
}

TEST(PrintEndpoints, IsNoneOnlyWithoutSubsets) {
  EXPECT_EQ(addresses(json()), "<none>");
  EXPECT_EQ(addresses(json::array()), "<none>");
  const json not_ready =
      R"([{"notReadyAddresses":[{"ip":"10.0.0.1"}],"ports":[{"port":80}]}])"_json;
  EXPECT_EQ(addresses(not_ready), "");
}

TEST(PrintEndpoints, ShowsEachAddressOnceForEachPort) {
  EXPECT_EQ(addresses(Subsets{subset({"10.0.0.1"}, {80, 443})}), "10.0.0.1:80,10.0.0.1:443");
}

// A headless Service may have no ports.
TEST(PrintEndpoints, ShowsBareAddressesWithoutPorts) {
  EXPECT_EQ(addresses(Subsets{subset({"10.0.0.1", "10.0.0.2"}, {})}), "10.0.0.1,10.0.0.2");
}

TEST(PrintEndpoints, ShowsThreeAndCountsTheRestOfAllSubsets) {
  EXPECT_EQ(addresses(Subsets{subset({"10.0.0.1", "10.0.0.2", "10.0.0.3"}, {80})}),
            "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80");
  EXPECT_EQ(
      addresses(Subsets{subset({"10.0.0.1", "10.0.0.2"}, {80, 443}), subset({"10.0.0.9"}, {})}),
      "10.0.0.1:80,10.0.0.2:80,10.0.0.1:443 + 2 more...");
}

TEST(PrintEndpoints, PutsBracketsAroundIpv6) {
  EXPECT_EQ(addresses(Subsets{subset({"fd00::1"}, {80})}), "[fd00::1]:80");
}

json slice(json endpoints, json ports) {
  return {
      {"addressType", "IPv4"}, {"endpoints", std::move(endpoints)}, {"ports", std::move(ports)}};
}

TEST(PrintEndpointSlice, HasTheColumnsOfEndpointSlices) {
  EXPECT_EQ(headers_of(endpoint_slices()), "Name,AddressType,Ports,Endpoints,Age");
}

TEST(PrintEndpointSlice, IsUnsetWithoutPortsOrEndpoints) {
  const json cells = cells_of(endpoint_slices(), slice(nullptr, nullptr));
  EXPECT_EQ(json({cells[1], cells[2], cells[3]}), json({"IPv4", "<unset>", "<unset>"}));
}

// A port without number shows its name; one with neither stands for all ports. A lone port with an
// empty name leaves nothing to show.
TEST(PrintEndpointSlice, ShowsPortsByNumberThenByName) {
  const json ports =
      R"([{"name":"http","port":80},{"name":"named"},{"name":null,"port":null}])"_json;
  EXPECT_EQ(cells_of(endpoint_slices(), slice(nullptr, ports))[2], "80,named,*");
  const json unnamed = R"([{"name":""}])"_json;
  EXPECT_EQ(cells_of(endpoint_slices(), slice(nullptr, unnamed))[2], "<unset>");
}

// Other than Endpoints it shows addresses that are not ready too.
TEST(PrintEndpointSlice, ShowsThreeAddressesWhetherReadyOrNot) {
  const json endpoints = R"([{"addresses":["10.0.0.1"],"conditions":{"ready":false}},
    {"addresses":["10.0.0.2","10.0.0.3"]},{"addresses":["10.0.0.4"]},
    {"addresses":["10.0.0.5"]}])"_json;
  EXPECT_EQ(cells_of(endpoint_slices(), slice(endpoints, nullptr))[3],
            "10.0.0.1,10.0.0.2,10.0.0.3 + 2 more...");
}

TEST(PrintEndpointSlice, CountsPortsLikeAddresses) {
  const json ports = R"([{"port":1},{"port":2},{"port":3},{"port":4}])"_json;
  EXPECT_EQ(cells_of(endpoint_slices(), slice(nullptr, ports))[2], "1,2,3 + 1 more...");
}

}  // namespace
}  // namespace fakeapi::cluster::columns
