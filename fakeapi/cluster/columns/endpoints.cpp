// Endpoints and EndpointSlices: the first three addresses, and how many more there are.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

// net.JoinHostPort.
std::string host_port(const std::string& ip, std::int64_t port) {
  return ip.find(':') == std::string::npos ? fmt::format("{}:{}", ip, port)
                                           : fmt::format("[{}]:{}", ip, port);
}

// formatEndpoints: ready addresses once for each port, bare ones where a subset has no ports. Only
// an object without any subset is "<none>": one whose addresses are not ready shows nothing.
std::string addresses(const json& endpoints) {
  const json& subsets = list_at(endpoints, {"subsets"});
  if (subsets.empty()) return "<none>";
  ShortList list;
  for (const json& subset : subsets) {
    const json& ready = list_at(subset, {"addresses"});
    const json& ports = list_at(subset, {"ports"});
    if (ports.empty()) {
      for (const json& one : ready) list.add(string_at(one, {"ip"}));
    }
    for (const json& port : ports) {
      for (const json& one : ready)
        list.add(host_port(string_at(one, {"ip"}), integer_at(port, {"port"})));
    }
  }
  return list.text();
}

// formatDiscoveryPorts: a port without number shows its name, one with neither is any port.
std::string slice_ports(const json& slice) {
  ShortList list;
  for (const json& port : list_at(slice, {"ports"})) {
    if (present(port, {"port"})) {
      list.add(std::to_string(integer_at(port, {"port"})));
    } else {
      list.add(present(port, {"name"}) ? string_at(port, {"name"}) : "*");
    }
  }
  return or_else(list.text(), "<unset>");
}

// formatDiscoveryEndpoints: all of them, ready or not.
std::string slice_addresses(const json& slice) {
  ShortList list;
  for (const json& endpoint : list_at(slice, {"endpoints"})) {
    for (const json& address : list_at(endpoint, {"addresses"})) {
      list.add(address.is_string() ? address.get<std::string>() : std::string());
    }
  }
  return or_else(list.text(), "<unset>");
}

json endpoints_cells(const json& object, WallTime now) {
  return {name_of(object), addresses(object), age_of_object(object, now)};
}

json slice_cells(const json& object, WallTime now) {
  return {name_of(object), string_at(object, {"addressType"}), slice_ports(object),
          slice_addresses(object), age_of_object(object, now)};
}

}  // namespace

const Printer& endpoints() {
  static const Printer printer{
      {name_column(), {"Endpoints", "string", "", 0, "Ready addresses."}, age_column()},
      endpoints_cells};
  return printer;
}

const Printer& endpoint_slices() {
  static const Printer printer{{name_column(),
                                {"AddressType", "string", "", 0, "What its addresses are."},
                                {"Ports", "string", "", 0, "Ports of every endpoint in it."},
                                {"Endpoints", "string", "", 0, "Addresses, whether ready or not."},
                                age_column()},
                               slice_cells};
  return printer;
}

}  // namespace fakeapi::cluster::columns
