// The built-in controllers against traces of kube-controller-manager v1.37.2: the recorded
// operations, fed at their times, must end in the recorded state (as fakeapi/tests/golden/README.md
// describes traces.py), and Pods and Services must change exactly as recorded on the way.
#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/testing/conversation.hpp"

namespace fakeapi::cluster::testing {
namespace {

using nlohmann::json;

constexpr Duration settling_time = std::chrono::seconds(1);

json load_trace(const std::string& name) {
  return load_json(std::string(PROJECT_SOURCE_DIR) + "/fakeapi/tests/traces/" + name + ".json");
}

std::string event_type(Change::Type type) {
  return type == Change::Type::added      ? "ADDED"
         : type == Change::Type::modified ? "MODIFIED"
                                          : "DELETED";
}

// The last state of each object that still exists, by resource and name.
std::map<std::pair<std::string, std::string>, json> final_state(const json& events) {
  std::map<std::pair<std::string, std::string>, json> out;
  for (const json& event : events) {
    const std::pair<std::string, std::string> key{event["resource"],
                                                  event["object"]["metadata"]["name"]};
    if (event["type"] == "DELETED") {
      out.erase(key);
    } else {
      out[key] = event["object"];
    }
  }
  return out;
}

// Runs a trace; returns our events in the form of the recorded ones.
json replay(const json& trace, Options options = {}) {
  Cluster cluster(std::move(options));
  json events = json::array();
  cluster.on_change([&](Instant, const Change& change) {
    if (change.resource == "namespaces" || change.resource == "nodes") return;
    events.push_back({{"resource", change.resource},
                      {"type", event_type(change.type)},
                      {"object", *change.object}});
  });
  cluster.operate(Instant{}, "POST", "/api/v1/namespaces", "application/json",
                  json{{"metadata", {{"name", trace["namespace"]}}}}.dump());
  Instant now{};
  for (const json& operation : trace["operations"]) {
    now = Instant{} + std::chrono::duration_cast<Duration>(
                          std::chrono::duration<double>(operation["at"].get<double>()));
    cluster.advance(now);
    const json body = operation.value("body", json());
    const Response response = cluster.operate(now, operation["method"], operation["path"],
                                              operation.value("contentType", "application/json"),
                                              body.is_null() ? "" : body.dump());
    EXPECT_LT(response.status, 300)
        << operation["method"] << " " << operation["path"] << ": " << *response.body;
  }
  cluster.advance(now + settling_time);
  return events;
}

// Generated names and addresses of the recording's own network are not part of a rule.
json comparable(json object) {
  json& metadata = object["metadata"];
  if (metadata.contains("generateName"))
    metadata["name"] = metadata["generateName"].get<std::string>() + "*****";
  if (object["kind"] == "Service" && object["spec"]["clusterIP"] != "None") {
    object["spec"]["clusterIP"] = "*";
    object["spec"]["clusterIPs"] = {"*"};
  }
  if (object.contains("subsets")) {  // the real order is that of a hash
    auto& subsets = object["subsets"].get_ref<json::array_t&>();
    std::sort(subsets.begin(), subsets.end(),
              [](const json& a, const json& b) { return a["ports"] < b["ports"]; });
  }
  return object;
}

json sorted_state(const json& events, const std::string& resource) {
  json::array_t out;
  for (const auto& [key, object] : final_state(events)) {
    if (key.first == resource) out.push_back(comparable(object));
  }
  std::sort(out.begin(), out.end(), [](const json& a, const json& b) {
    return a["metadata"]["name"] < b["metadata"]["name"];
  });
  return out;
}

json changes_of(const json& events, std::initializer_list<const char*> resources) {
  json out = json::array();
  for (const json& event : events) {
    if (std::find(resources.begin(), resources.end(), event["resource"]) == resources.end())
      continue;
    out.push_back({{"type", event["type"]}, {"object", comparable(event["object"])}});
  }
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  return fmt::format("\n    {}", fmt::join(lines, "\n    "));
}

class Trace : public ::testing::TestWithParam<const char*> {};

TEST_P(Trace, EndsInTheRecordedEndpointsAndSlices) {
  const json trace = load_trace(GetParam());
  const json events = replay(trace);
  for (const char* resource : {"endpoints", "endpointslices"}) {
    const auto lines = differences(sorted_state(trace["events"], resource),
                                   sorted_state(events, resource), "full");
    EXPECT_TRUE(lines.empty()) << GetParam() << " " << resource << joined(lines);
  }
}

TEST_P(Trace, ChangesPodsAndServicesAsRecorded) {
  const json trace = load_trace(GetParam());
  const json events = replay(trace);
  for (const char* resource : {"pods", "services"}) {
    const auto lines = differences(changes_of(trace["events"], {resource}),
                                   changes_of(events, {resource}), "full");
    EXPECT_TRUE(lines.empty()) << GetParam() << " " << resource << joined(lines);
  }
}

// What a write of a controller says of the backends: type, name, and each address with its
// readiness and port. Annotations tell when, generated names tell nothing.
json backends_of(const json& event) {
  const json& object = event["object"];
  json::array_t backends;
  for (const json& subset : object.value("subsets", json::array())) {
    for (const char* list : {"addresses", "notReadyAddresses"}) {
      for (const json& address : subset.value(list, json::array())) {
        for (const json& port : subset.value("ports", json::array()))
          backends.push_back({address["ip"], std::string(list) == "addresses", port["port"]});
      }
    }
  }
  const json endpoints = object.value("endpoints", json());
  for (const json& endpoint : endpoints.is_array() ? endpoints : json::array()) {
    for (const json& port : object["ports"])
      backends.push_back({endpoint["addresses"], endpoint["conditions"], port["port"]});
  }
  std::sort(backends.begin(), backends.end());
  const json& metadata = object["metadata"];
  return {{"type", event["type"] == "DELETED" ? "DELETED" : "IS"},
          {"of", metadata.value("labels", json::object())
                     .value("kubernetes.io/service-name", metadata.value("name", ""))},
          {"backends", std::move(backends)}};
}

// Each state once while it lasts.
std::vector<json> course_of(const json& events, const std::string& resource) {
  std::vector<json> out;
  for (const json& event : events) {
    if (event["resource"] != resource) continue;
    json state = backends_of(event);
    if (out.empty() || out.back() != state) out.push_back(std::move(state));
  }
  return out;
}

// The real controllers wait until changes have come to rest for a moment, and so pass over states
// that did not last (recordings: up to some ten milliseconds, and more under load). Ours wait for
// milliseconds only. So what was recorded must be met here too, in its order; between two recorded
// states there may be more here, each of which the next test holds against the Pods.
TEST_P(Trace, PassesThroughEveryRecordedState) {
  const json trace = load_trace(GetParam());
  const json events = replay(trace);
  for (const char* resource : {"endpoints", "endpointslices"}) {
    const std::vector<json> recorded = course_of(trace["events"], resource);
    const std::vector<json> ours = course_of(events, resource);
    auto at = ours.begin();
    for (const json& state : recorded) {
      at = std::find(at, ours.end(), state);
      ASSERT_NE(at, ours.end()) << GetParam() << ": " << resource << " never were " << state.dump();
    }
  }
}

// Endpoints as a reader of the documentation would work them out: a Pod that the selector names,
// has an address and has not ended is an address; ready when it says so or the Service does not
// care.
std::vector<json> expected_backends(const std::map<std::string, json>& pods, const json& service) {
  std::vector<json> out;
  const json& spec = service["spec"];
  const bool publishes = spec.value("publishNotReadyAddresses", false);
  for (const auto& [name, pod] : pods) {
    const json labels = pod["metadata"].value("labels", json::object());
    const json selector = spec.value("selector", json::object());
    const bool selected = std::all_of(
        selector.items().begin(), selector.items().end(),
        [&](const auto& one) { return labels.value(one.key(), json()) == one.value(); });
    const json status = pod.value("status", json::object());
    const std::string phase = status.value("phase", "");
    const bool gone = pod["metadata"].contains("deletionTimestamp") && !publishes;
    if (!selected || gone || phase == "Succeeded" || phase == "Failed" ||
        status.value("podIP", "").empty())
      continue;
    bool ready = publishes;
    for (const json& condition : status.value("conditions", json::array()))
      ready = ready || (condition["type"] == "Ready" && condition["status"] == "True");
    for (const json& port : spec["ports"]) {
      json number = port["targetPort"];
      for (const json& container : pod["spec"]["containers"]) {
        for (const json& known : container.value("ports", json::array())) {
          if (known.value("name", json()) == port["targetPort"]) number = known["containerPort"];
        }
      }
      if (number.is_number()) out.push_back({status["podIP"], ready, number});
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST_P(Trace, WritesOnlyEndpointsThatThePodsAccountFor) {
  const json trace = load_trace(GetParam());
  std::map<std::string, json> pods;
  std::map<std::string, json> services;
  int checked = 0;
  for (const json& event : replay(trace)) {
    const std::string name = event["object"]["metadata"]["name"];
    auto& table = event["resource"] == "pods" ? pods : services;
    if (event["resource"] == "pods" || event["resource"] == "services") {
      if (event["type"] == "DELETED") {
        table.erase(name);
      } else {
        table[name] = event["object"];
      }
      continue;
    }
    const auto service = services.find(name);
    if (event["resource"] != "endpoints" || event["type"] == "DELETED" ||
        service == services.end() || !service->second["spec"].contains("selector"))
      continue;
    EXPECT_EQ(backends_of(event)["backends"], json(expected_backends(pods, service->second)))
        << GetParam();
    ++checked;
  }
  EXPECT_TRUE(checked > 0 || std::string(GetParam()) == "selectorless-mirrored");
}

INSTANTIATE_TEST_SUITE_P(Recordings, Trace,
                         ::testing::Values("flapping", "full-cluster-restart",
                                           "graceful-termination", "named-ports-differ",
                                           "pod-phases", "pods-recreated", "publish-not-ready",
                                           "rolling-update", "scale-to-zero-and-back",
                                           "selectorless-mirrored", "service-created-late",
                                           "slow-readiness"));

// The recording of over-capacity holds no operations, only what they led to: 1150 Ready Pods, whose
// names and addresses can be read off it.
json over_capacity_operations() {
  json operations = json::array();
  const std::string base = "/api/v1/namespaces/trace-over-capacity";
  operations.push_back(
      {{"at", 0.1},
       {"method", "POST"},
       {"path", base + "/services"},
       {"body",
        {{"metadata", {{"name", "big"}}},
         {"spec",
          {{"selector", {{"app", "big"}}},
           {"ports", json::array({{{"name", "tcp"}, {"port", 3306}, {"targetPort", 3306}}})}}}}}});
  for (int i = 0; i < 1150; ++i) {
    const std::string name = fmt::format("big-{}", i);
    const std::string ip = fmt::format("10.30.{}.{}", i / 200, i % 200 + 1);
    operations.push_back({{"at", 0.2},
                          {"method", "POST"},
                          {"path", base + "/pods"},
                          {"body",
                           {{"metadata", {{"name", name}, {"labels", {{"app", "big"}}}}},
                            {"spec",
                             {{"nodeName", "node-a"},
                              {"containers", json::array({{{"name", "c"}, {"image", "x"}}})}}}}}});
    operations.push_back(
        {{"at", 0.3},
         {"method", "PATCH"},
         {"path", base + "/pods/" + name + "/status"},
         {"contentType", "application/merge-patch+json"},
         {"body",
          {{"status",
            {{"phase", "Running"},
             {"podIP", ip},
             {"podIPs", json::array({{{"ip", ip}}})},
             {"conditions", json::array({{{"type", "Ready"}, {"status", "True"}}})}}}}}});
  }
  return operations;
}

// maxCapacity of the Endpoints controller: 1000 addresses, and an annotation that says so.
TEST(OverCapacity, EndpointsAreCutAsRecorded) {
  json trace = load_trace("over-capacity");
  trace["operations"] = over_capacity_operations();
  const json events = replay(trace);
  for (const char* resource : {"endpoints", "endpointslices"}) {
    const auto lines = differences(sorted_state(trace["events"], resource),
                                   sorted_state(events, resource), "full");
    EXPECT_TRUE(lines.empty()) << resource << joined(lines);
  }
}

// --max-endpoints-per-slice is 100 by default: 1150 endpoints fill eleven slices and half of a
// twelfth.
TEST(OverCapacity, SlicesHoldAHundredEndpointsEach) {
  json trace = load_trace("over-capacity");
  trace["operations"] = over_capacity_operations();
  Options options;
  options.nodes = {"node-a"};
  std::vector<std::size_t> sizes;
  for (const auto& [key, object] : final_state(replay(trace, options))) {
    if (key.first == "endpointslices") sizes.push_back(object["endpoints"].size());
  }
  std::sort(sizes.begin(), sizes.end());
  std::vector<std::size_t> expected(12, 100);
  expected.front() = 50;
  EXPECT_EQ(sizes, expected);
}

// The same traces on a Node that exists: then the slices say what the Endpoints say.
TEST_P(Trace, SlicesAgreeWithEndpointsWhereTheNodeExists) {
  using Backend = std::tuple<std::string, bool, std::int64_t>;
  const json trace = load_trace(GetParam());
  Options options;
  options.nodes = {"node-a"};
  std::vector<Backend> of_endpoints;
  std::vector<Backend> of_slices;
  for (const auto& [key, object] : final_state(replay(trace, options))) {
    if (key.first == "endpoints") {
      for (const json& subset : object.value("subsets", json::array())) {
        for (const char* list : {"addresses", "notReadyAddresses"}) {
          for (const json& address : subset.value(list, json::array())) {
            for (const json& port : subset["ports"]) {
              of_endpoints.emplace_back(address["ip"], std::string(list) == "addresses",
                                        port["port"]);
            }
          }
        }
      }
    } else if (key.first == "endpointslices" && object["endpoints"].is_array()) {
      for (const json& endpoint : object["endpoints"]) {
        for (const json& port : object["ports"]) {
          of_slices.emplace_back(endpoint["addresses"][0], endpoint["conditions"]["ready"],
                                 port["port"]);
        }
      }
    }
  }
  std::sort(of_endpoints.begin(), of_endpoints.end());
  std::sort(of_slices.begin(), of_slices.end());
  EXPECT_EQ(of_slices, of_endpoints);
}

}  // namespace
}  // namespace fakeapi::cluster::testing
