#include "fakeapi/scenario/recording/words.hpp"

#include <utility>

#include <fmt/format.h>

namespace fakeapi::scenario::recording {
namespace {

using nlohmann::json;

bool is_ready(const json& pod) {
  const json& conditions = value_at(pod, {"status", "conditions"});
  if (!conditions.is_array()) return false;
  for (const json& condition : conditions) {
    if (text_at(condition, {"type"}) == "Ready") return text_at(condition, {"status"}) == "True";
  }
  return false;
}

std::int64_t restarts(const json& pod) {
  std::int64_t sum = 0;
  const json& statuses = value_at(pod, {"status", "containerStatuses"});
  if (!statuses.is_array()) return 0;
  for (const json& status : statuses) {
    const json& count = value_at(status, {"restartCount"});
    if (count.is_number_integer()) sum += count.get<std::int64_t>();
  }
  return sum;
}

// What changed that people look at, the most telling first.
std::string pod_changes(const json& before, const json& now) {
  if (is_ready(before) != is_ready(now)) {
    return is_ready(now) ? "becomes ready" : "is no longer ready";
  }
  if (restarts(now) > restarts(before)) return "restarts a container";
  const auto changed = [&](std::initializer_list<const char*> path) {
    const std::string text = text_at(now, path);
    return text == text_at(before, path) ? std::string() : text;
  };
  if (const auto address = changed({"status", "podIP"}); !address.empty())
    return "gets the address " + address;
  if (const auto node = changed({"spec", "nodeName"}); !node.empty())
    return "is scheduled to " + node;
  if (const auto phase = changed({"status", "phase"}); !phase.empty()) return "is " + phase;
  return "changes";
}

std::size_t count(const json& list) { return list.is_array() ? list.size() : 0; }

std::pair<std::size_t, std::size_t> ready_of_all(const json& object) {
  std::size_t ready = 0;
  std::size_t all = 0;
  if (const json& subsets = value_at(object, {"subsets"}); subsets.is_array()) {
    for (const json& subset : subsets) {
      ready += count(value_at(subset, {"addresses"}));
      all +=
          count(value_at(subset, {"addresses"})) + count(value_at(subset, {"notReadyAddresses"}));
    }
  }
  if (const json& endpoints = value_at(object, {"endpoints"}); endpoints.is_array()) {
    for (const json& endpoint : endpoints) {
      ++all;
      // A condition that is not known counts as true (discovery/v1, EndpointConditions.ready).
      if (value_at(endpoint, {"conditions", "ready"}) != false) ++ready;
    }
  }
  return {ready, all};
}

std::string what_happens(const Change& change, const std::string& who) {
  const std::string kind = text_at(change.object, {"kind"});
  if (change.what == Change::What::gone) return who + " is gone";
  if (change.what == Change::What::terminate) {
    return fmt::format("{} is deleted and has {} s to end", who, change.grace.count());
  }
  if (kind == "Endpoints" || kind == "EndpointSlice") {
    const auto [ready, all] = ready_of_all(change.object);
    return fmt::format("{}: {} of {} ready", who, ready, all);
  }
  if (change.before.is_null()) {
    return who + (kind == "Pod" && is_ready(change.object) ? " appears, and is ready" : " appears");
  }
  return who + " " + (kind == "Pod" ? pod_changes(change.before, change.object) : "changes");
}

}  // namespace

std::string why(const Change& change, const std::string& namespace_name) {
  const Identity identity = identity_of(change.object);
  const std::string told = what_happens(change, identity.kind + " " + identity.name);
  if (identity.namespace_name.empty() || identity.namespace_name == namespace_name) return told;
  return told + " (namespace " + identity.namespace_name + ")";
}

}  // namespace fakeapi::scenario::recording
