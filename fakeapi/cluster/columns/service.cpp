// Services: type, addresses and ports (printers.go printService).
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

std::string cluster_ip(const json& service) {
  const json& ips = list_at(service, {"spec", "clusterIPs"});
  if (!ips.empty() && ips.front().is_string()) return ips.front().get<std::string>();
  // Objects of before dual stack have only the one field; reading fills the other from it.
  return or_else(string_at(service, {"spec", "clusterIP"}), "<none>");
}

// What the load balancer was given, sorted and each once.
std::set<std::string> ingress(const json& service) {
  std::set<std::string> out;
  for (const json& one : list_at(service, {"status", "loadBalancer", "ingress"})) {
    out.insert(or_else(string_at(one, {"ip"}), string_at(one, {"hostname"})));
  }
  out.erase("");
  return out;
}

std::string external_ip(const json& service) {
  const std::string type = string_at(service, {"spec", "type"});
  if (type == "ExternalName") return string_at(service, {"spec", "externalName"});
  if (type != "ClusterIP" && type != "NodePort" && type != "LoadBalancer") return "<unknown>";
  std::vector<std::string> ips;
  if (type == "LoadBalancer") {
    const auto given = ingress(service);
    ips.assign(given.begin(), given.end());
  }
  for (const json& ip : list_at(service, {"spec", "externalIPs"})) {
    if (ip.is_string()) ips.push_back(ip.get<std::string>());
  }
  return or_else(fmt::format("{}", fmt::join(ips, ",")),
                 type == "LoadBalancer" ? "<pending>" : "<none>");
}

// "80/TCP", "80:30080/TCP".
std::string ports(const json& service) {
  std::string out;
  for (const json& port : list_at(service, {"spec", "ports"})) {
    if (!out.empty()) out += ',';
    out += std::to_string(integer_at(port, {"port"}));
    if (const auto node_port = integer_at(port, {"nodePort"}); node_port > 0)
      out += ":" + std::to_string(node_port);
    out += "/" + string_at(port, {"protocol"});
  }
  return or_else(std::move(out), "<none>");
}

json service_cells(const json& service, WallTime now) {
  return {name_of(service),
          string_at(service, {"spec", "type"}),
          cluster_ip(service),
          external_ip(service),
          ports(service),
          age_of_object(service, now),
          labels_text(find_at(service, {"spec", "selector"}))};
}

}  // namespace

const Printer& services() {
  static const Printer printer{
      {name_column(),
       {"Type", "string", "", 0, "How it is exposed."},
       {"Cluster-IP", "string", "", 0, "Virtual address inside the cluster."},
       {"External-IP", "string", "", 0, "Addresses from outside, or the name it stands for."},
       {"Port(s)", "string", "", 0, "Ports, with those of the nodes behind a colon."},
       age_column(),
       {"Selector", "string", "", 1, "Labels of the Pods behind it."}},
      service_cells};
  return printer;
}

}  // namespace fakeapi::cluster::columns
