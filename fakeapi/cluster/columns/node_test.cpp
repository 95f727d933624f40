// Nodes, as printers.go printNode prints them.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/columns/test_support.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;
using testing::cells_of;
using testing::headers_of;

json cell(const json& node, std::size_t index) { return cells_of(nodes(), node)[index]; }

json conditions(std::initializer_list<std::pair<const char*, const char*>> list) {
  json out = json::array();
  for (const auto& [type, status] : list) out.push_back({{"type", type}, {"status", status}});
  return {{"status", {{"conditions", out}}}};
}

TEST(PrintNode, HasTheColumnsOfNodes) {
  EXPECT_EQ(headers_of(nodes()),
            "Name,Status,Roles,Age,Version,Internal-IP*,External-IP*,OS-Image*,Kernel-Version*,"
            "Container-Runtime*");
}

TEST(PrintNode, IsReadyOnlyWhenTheConditionIsTrue) {
  EXPECT_EQ(cell(conditions({{"Ready", "True"}}), 1), "Ready");
  EXPECT_EQ(cell(conditions({{"Ready", "False"}}), 1), "NotReady");
  EXPECT_EQ(cell(conditions({{"Ready", "Unknown"}}), 1), "NotReady");
  EXPECT_EQ(cell(conditions({{"MemoryPressure", "True"}}), 1), "Unknown");
  EXPECT_EQ(cell(json::object(), 1), "Unknown");
}

TEST(PrintNode, SaysWhenItTakesNoPods) {
  json node = conditions({{"Ready", "True"}});
  node["spec"]["unschedulable"] = true;
  EXPECT_EQ(cell(node, 1), "Ready,SchedulingDisabled");
}

// findNodeRoles: two forms of label, each role once, sorted; a prefix alone is no role.
TEST(PrintNode, ReadsItsRolesFromLabels) {
  const json node = R"({"metadata":{"labels":{"node-role.kubernetes.io/worker":"",
    "node-role.kubernetes.io/control-plane":"x","node-role.kubernetes.io/":"",
    "kubernetes.io/role":"worker"}}})"_json;
  EXPECT_EQ(cell(node, 2), "control-plane,worker");
  EXPECT_EQ(cell(json::object(), 2), "<none>");
}

TEST(PrintNode, ShowsTheFirstAddressOfAType) {
  const json node = R"({"status":{"addresses":[{"type":"Hostname","address":"a"},
    {"type":"ExternalIP","address":"192.0.2.1"},{"type":"InternalIP","address":"10.0.0.1"},
    {"type":"InternalIP","address":"10.0.0.2"}]}})"_json;
  EXPECT_EQ(cell(node, 5), "10.0.0.1");
  EXPECT_EQ(cell(node, 6), "192.0.2.1");
  EXPECT_EQ(cell(json::object(), 5), "<none>");
}

// The kubelet's version may be empty, the others are "<unknown>" then.
TEST(PrintNode, ShowsVersions) {
  const json node = R"({"status":{"nodeInfo":{"kubeletVersion":"v1.37.2","osImage":"Debian 13",
    "kernelVersion":"6.12.1","containerRuntimeVersion":"containerd://2.1.0"}}})"_json;
  const json cells = cells_of(nodes(), node);
  EXPECT_EQ(cells[4], "v1.37.2");
  EXPECT_EQ(json({cells[7], cells[8], cells[9]}),
            json({"Debian 13", "6.12.1", "containerd://2.1.0"}));
  const json empty = cells_of(nodes(), json::object());
  EXPECT_EQ(empty[4], "");
  EXPECT_EQ(json({empty[7], empty[8], empty[9]}), json({"<unknown>", "<unknown>", "<unknown>"}));
}

// v1.36 (kubernetes PR 132402): behind the kernel, also behind an unknown one.
TEST(PrintNode, ShowsTheArchitectureBehindTheKernel) {
  json node = R"({"status":{"nodeInfo":{"kernelVersion":"6.12.1","architecture":"arm64"}}})"_json;
  EXPECT_EQ(cell(node, 8), "6.12.1 (arm64)");
  node["status"]["nodeInfo"].erase("kernelVersion");
  EXPECT_EQ(cell(node, 8), "<unknown> (arm64)");
}

}  // namespace
}  // namespace fakeapi::cluster::columns
