// What the operations of a recording say about Pods, as far as it takes to tell which of them
// listen.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/scenario/timeline.hpp"

namespace fakeapi::scenario {

using Labels = std::map<std::string, std::string>;

struct TraceService {
  std::string name;
  Labels selector;  // empty: the Service selects no Pods
  int pods = 0;     // how many different names it selects
};

class TracePods {
 public:
  explicit TracePods(const std::string& namespace_name);

  /// First over all operations: which Services there are, and how many Pods each selects.
  void survey(const std::vector<std::pair<Operate, const nlohmann::json*>>& operations);
  const std::vector<TraceService>& services() const { return services_; }

  /// Then one after the other: what ceases and begins to listen by this operation, in this order.
  /// The body may be null for none; one of an unexpected shape says nothing about Pods.
  std::vector<Listen> follow(const Operate& operation, const nlohmann::json* body);

 private:
  struct Pod {
    std::string service;
    std::vector<int> ports;
    std::string address;
    bool ready = false;
    bool ended = false;  // Succeeded or Failed
  };

  std::string pod_in(std::string_view path, std::string_view suffix) const;
  std::string service_of(const Labels& labels) const;
  static void apply_status(Pod& pod, const nlohmann::json& status);
  static Listen listen(const std::string& name, const Pod& pod, bool listening);
  static bool listens(const Pod& pod);
  static std::vector<Listen> difference(const std::string& name, const Pod& before,
                                        const Pod& after);

  std::string pods_path_;
  std::string services_path_;
  std::vector<TraceService> services_;
  std::map<std::string, Pod> pods_;
};

}  // namespace fakeapi::scenario
