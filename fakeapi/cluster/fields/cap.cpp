// Joining goes by version, as sets of two versions cannot be joined; one of a kind stays who it is.
#include "fakeapi/cluster/fields/cap.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace fakeapi::cluster::fields {
namespace {

constexpr std::size_t update_managers_max = 10;  // DefaultMaxUpdateManagers

// The manager that the oldest of a version are joined into.
ManagerEntry bucket_of(const std::string& api_version) {
  ManagerEntry out;
  out.manager = "ancient-changes";
  out.api_version = api_version;
  return out;
}

std::vector<std::string> updaters_by_age(const Managers& managers) {
  std::vector<std::string> out;
  for (const auto& [identifier, entry] : managers) {
    if (!entry.applied) out.push_back(identifier);
  }
  std::stable_sort(out.begin(), out.end(), [&](const std::string& a, const std::string& b) {
    return managers.at(a).time < managers.at(b).time;
  });
  return out;
}

}  // namespace

void cap_update_managers(Managers& managers) {
  const std::vector<std::string> updaters = updaters_by_age(managers);
  std::size_t left = updaters.size();
  std::map<std::string, std::string> oldest;  // by version; alone it stays who it is
  for (const std::string& identifier : updaters) {
    if (left <= update_managers_max) return;
    const ManagerEntry& entry = managers.at(identifier);
    const auto [first, is_first] = oldest.emplace(entry.api_version, identifier);
    if (is_first) continue;
    ManagerEntry bucket = bucket_of(entry.api_version);
    const std::string bucket_identifier = bucket.identifier();
    if (managers.count(bucket_identifier) == 0) {
      bucket.owned = std::move(managers.at(first->second).owned);
      managers.erase(first->second);
      managers.emplace(bucket_identifier, std::move(bucket));
    }
    ManagerEntry& into = managers.at(bucket_identifier);
    into.owned = OwnedFields(united(entry.owned.set(), into.owned.set()));
    into.time = entry.time;  // the newer of the two
    managers.erase(identifier);
    --left;
  }
}

}  // namespace fakeapi::cluster::fields
