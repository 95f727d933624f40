// Services, as printers.go printService prints them.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/columns/test_support.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;
using testing::cells_of;
using testing::headers_of;

json service(json spec) { return {{"metadata", {{"name", "db"}}}, {"spec", std::move(spec)}}; }

json balanced(json ingress) {
  json out = service({{"type", "LoadBalancer"}});
  out["status"]["loadBalancer"]["ingress"] = std::move(ingress);
  return out;
}

json external_ip(const json& object) { return cells_of(services(), object)[3]; }

TEST(PrintService, HasTheColumnsOfServices) {
  EXPECT_EQ(headers_of(services()), "Name,Type,Cluster-IP,External-IP,Port(s),Age,Selector*");
}

TEST(PrintService, ShowsItsFirstClusterIp) {
  EXPECT_EQ(cells_of(services(), service({{"clusterIPs", {"10.0.0.7", "fd00::7"}}}))[2],
            "10.0.0.7");
  EXPECT_EQ(cells_of(services(),
                     service({{"clusterIPs", json::array({"None"})}, {"clusterIP", "None"}}))[2],
            "None");
  EXPECT_EQ(cells_of(services(), service(json::object()))[2], "<none>");
}

TEST(PrintService, ShowsPortsWithThoseOfTheNodes) {
  const json object = service(R"({"ports":[{"port":80,"protocol":"TCP"},
    {"port":53,"nodePort":30053,"protocol":"UDP"}]})"_json);
  EXPECT_EQ(cells_of(services(), object)[4], "80/TCP,53:30053/UDP");
  EXPECT_EQ(cells_of(services(), service(json::object()))[4], "<none>");
}

TEST(PrintService, ShowsTheAddressesThatItWasGivenOutside) {
  const json ips = {"192.0.2.1", "192.0.2.2"};
  for (const char* type : {"ClusterIP", "NodePort"}) {
    EXPECT_EQ(external_ip(service({{"type", type}})), "<none>");
    EXPECT_EQ(external_ip(service({{"type", type}, {"externalIPs", ips}})), "192.0.2.1,192.0.2.2");
  }
}

TEST(PrintService, ShowsTheNameThatItStandsFor) {
  EXPECT_EQ(external_ip(service({{"type", "ExternalName"}, {"externalName", "db.example.com"}})),
            "db.example.com");
}

// Sorted as texts, each once, an address before a name, and never cut in wide output.
TEST(PrintService, ShowsWhatItsLoadBalancerHas) {
  EXPECT_EQ(external_ip(service({{"type", "LoadBalancer"}})), "<pending>");
  json object = balanced({{{"hostname", "lb.example.com"}},
                          {{"ip", "203.0.113.9"}, {"hostname", "unused"}},
                          {{"ip", "203.0.113.10"}},
                          {{"ip", "203.0.113.9"}}});
  EXPECT_EQ(external_ip(object), "203.0.113.10,203.0.113.9,lb.example.com");
  object["spec"]["externalIPs"] = json::array({"192.0.2.1"});
  EXPECT_EQ(external_ip(object), "203.0.113.10,203.0.113.9,lb.example.com,192.0.2.1");
}

TEST(PrintService, ShowsItsSelector) {
  EXPECT_EQ(cells_of(services(), service({{"selector", {{"tier", "db"}, {"app", "mysql"}}}}))[6],
            "app=mysql,tier=db");
  EXPECT_EQ(cells_of(services(), service(json::object()))[6], "<none>");
}

}  // namespace
}  // namespace fakeapi::cluster::columns
