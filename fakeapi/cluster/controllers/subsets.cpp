// The order of subsets is that of their ports' text: the real one sorts by a hash, which no client
// can rely on.
#include "fakeapi/cluster/controllers/subsets.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <nlohmann/json.hpp>

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr std::size_t addresses_max = 1000;  // pkg/controller/endpoint maxCapacity

std::string address_key(const json& address) {
  return address.value("ip", "") + "/" +
         address.value("targetRef", json::object()).value("uid", "");
}

std::size_t size_of(const json& subset, const char* key) {
  const auto it = subset.find(key);
  return it == subset.end() ? 0 : it->size();
}

}  // namespace

struct SubsetPacker::Parts {
  using Readiness = std::map<std::string, bool>;  // by address key
  std::map<std::string, json> addresses;
  std::map<std::string, Readiness> ports;  // by the port's text; "null" for none
};

SubsetPacker::SubsetPacker() : parts_(std::make_unique<Parts>()) {}
SubsetPacker::~SubsetPacker() = default;

void SubsetPacker::add(const json& address, bool ready, const json& port) {
  const std::string key = address_key(address);
  parts_->addresses.try_emplace(key, address);
  const auto [it, fresh] = parts_->ports[port.dump()].try_emplace(key, ready);
  if (!fresh) it->second = it->second && ready;
}

json SubsetPacker::subsets() const {
  std::map<Parts::Readiness, std::vector<std::string>> groups;
  for (const auto& [port, readiness] : parts_->ports) groups[readiness].push_back(port);
  std::vector<json> out;
  for (const auto& [readiness, ports] : groups) {
    json subset = json::object();
    for (const auto& [key, ready] : readiness) {
      subset[ready ? "addresses" : "notReadyAddresses"].push_back(parts_->addresses.at(key));
    }
    for (const std::string& port : ports) {
      if (port != "null") subset["ports"].push_back(json::parse(port));
    }
    out.push_back(std::move(subset));
  }
  std::sort(out.begin(), out.end(), [](const json& a, const json& b) {
    return a.value("ports", json()).dump() < b.value("ports", json()).dump();
  });
  return out.empty() ? json::array() : json(out);
}

bool truncate_subsets(json& subsets) {
  std::size_t ready = 0;
  std::size_t not_ready = 0;
  for (const json& subset : subsets) {
    ready += size_of(subset, "addresses");
    not_ready += size_of(subset, "notReadyAddresses");
  }
  if (ready + not_ready <= addresses_max) return false;
  const bool cut_ready = ready > addresses_max;
  const std::size_t room = cut_ready ? addresses_max : addresses_max - ready;
  const double total = static_cast<double>(cut_ready ? ready : not_ready);
  const char* list = cut_ready ? "addresses" : "notReadyAddresses";
  std::size_t left = room;
  for (json& subset : subsets) {
    if (cut_ready) subset.erase("notReadyAddresses");
    const double share = static_cast<double>(size_of(subset, list)) / total;
    const auto due = static_cast<std::size_t>(std::ceil(share * static_cast<double>(room)));
    const std::size_t keep = std::min({due, left, size_of(subset, list)});
    if (keep == 0) {
      subset.erase(list);
    } else {
      json& addresses = subset[list];
      addresses.erase(addresses.begin() + static_cast<std::ptrdiff_t>(keep), addresses.end());
    }
    left -= keep;
  }
  return true;
}

}  // namespace fakeapi::cluster
