#include "fakeapi/cluster/events.hpp"

#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

namespace fakeapi::cluster::events {
namespace {

using nlohmann::json;

struct Pair {
  const char* core;
  const char* events;
};
constexpr std::array<Pair, 7> renamed = {{{"involvedObject", "regarding"},
                                          {"message", "note"},
                                          {"source", "deprecatedSource"},
                                          {"firstTimestamp", "deprecatedFirstTimestamp"},
                                          {"lastTimestamp", "deprecatedLastTimestamp"},
                                          {"count", "deprecatedCount"},
                                          {"reportingComponent", "reportingController"}}};

json rename(const json& from, const char* Pair::*old_name, const char* Pair::*new_name,
            const char* api_version) {
  json out = from;
  for (const Pair& pair : renamed) {
    const auto it = out.find(pair.*old_name);
    if (it == out.end()) continue;
    json value = std::move(*it);
    out.erase(it);
    out[pair.*new_name] = std::move(value);
  }
  out["apiVersion"] = api_version;
  return out;
}

}  // namespace

json to_new(const json& core_event) {
  return rename(core_event, &Pair::core, &Pair::events, "events.k8s.io/v1");
}

json to_old(const json& event) { return rename(event, &Pair::events, &Pair::core, "v1"); }

}  // namespace fakeapi::cluster::events
