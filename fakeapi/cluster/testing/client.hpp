// For tests: a client of a Cluster on a clock that the test moves. Everything it asks, it asks as
// administrator.
#pragma once

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/cluster.hpp"

namespace fakeapi::cluster::testing {

struct Answer {
  int status = 0;
  nlohmann::json body;
  Headers headers;
  Duration delay{};
};

class Client {
 public:
  explicit Client(Options options = {}) : cluster(std::move(options)) {}

  Answer call(const std::string& method, const std::string& path, const nlohmann::json& body = {},
              const std::string& content_type = "application/json") {
    const Response response = cluster.operate(now, method, path, content_type,
                                              body.is_null() ? std::string() : body.dump());
    Answer answer{response.status, {}, response.headers, response.delay};
    if (response.body) answer.body = nlohmann::json::parse(*response.body, nullptr, false);
    return answer;
  }
  Answer get(const std::string& path) { return call("GET", path); }
  Answer post(const std::string& path, const nlohmann::json& body) {
    return call("POST", path, body);
  }
  Answer put(const std::string& path, const nlohmann::json& body) {
    return call("PUT", path, body);
  }
  Answer merge(const std::string& path, const nlohmann::json& body) {
    return call("PATCH", path, body, "application/merge-patch+json");
  }
  Answer remove(const std::string& path, const nlohmann::json& body = {}) {
    return call("DELETE", path, body);
  }

  std::unique_ptr<WatchStream> watch(const std::string& path) {
    return cluster.operate(now, "GET", path, {}, {}).stream;
  }

  void pass(Duration time) {
    now += time;
    cluster.advance(now);
  }

  /// All that a stream says now.
  std::vector<nlohmann::json> read(WatchStream& stream) {
    std::vector<nlohmann::json> events;
    for (auto piece = stream.next(now); piece.state == WatchStream::State::ready;
         piece = stream.next(now)) {
      events.push_back(nlohmann::json::parse(*piece.bytes));
    }
    return events;
  }

  /// "ADDED a" for each event.
  static std::vector<std::string> told(const std::vector<nlohmann::json>& events) {
    std::vector<std::string> out;
    for (const auto& event : events) {
      const auto& metadata = event["object"]["metadata"];
      out.push_back(event["type"].get<std::string>() + " " + metadata.value("name", ""));
    }
    return out;
  }

  Instant now{};
  Cluster cluster;
};

inline const std::string endpoints_path = "/api/v1/namespaces/default/endpoints";
inline const std::string services_path = "/api/v1/namespaces/default/services";
inline const std::string pods_path = "/api/v1/namespaces/default/pods";
inline const std::string slices_path =
    "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

inline nlohmann::json endpoints_object(const std::string& name, const std::string& app = "a") {
  return {{"metadata", {{"name", name}, {"labels", {{"app", app}}}}},
          {"subsets",
           nlohmann::json::array({{{"addresses", nlohmann::json::array({{{"ip", "10.1.0.1"}}})},
                                   {"ports", nlohmann::json::array({{{"port", 3306}}})}}})}};
}

inline nlohmann::json service_object(const std::string& name) {
  return {{"metadata", {{"name", name}}},
          {"spec",
           {{"selector", {{"app", name}}}, {"ports", nlohmann::json::array({{{"port", 80}}})}}}};
}

inline nlohmann::json pod_object(const std::string& name, const std::string& app,
                                 const std::string& node = "n") {
  return {{"metadata", {{"name", name}, {"labels", {{"app", app}}}}},
          {"spec",
           {{"nodeName", node},
            {"containers", nlohmann::json::array({{{"name", "c"}, {"image", "x:1"}}})}}}};
}

inline nlohmann::json pod_status(const std::string& ip, bool ready,
                                 const std::string& phase = "Running") {
  return {{"status",
           {{"phase", phase},
            {"podIP", ip},
            {"conditions",
             nlohmann::json::array({{{"type", "Ready"}, {"status", ready ? "True" : "False"}}})}}}};
}

}  // namespace fakeapi::cluster::testing
