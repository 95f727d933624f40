// Names of Pods, as a StatefulSet gives them: the Service's name and a number.
#include "fakeapi/scenario/model.hpp"

#include <fmt/format.h>

namespace fakeapi::scenario {

std::optional<cluster::Duration> nominal_time(const Timing& timing) {
  if (timing.trigger) return std::nullopt;
  cluster::Duration at{};
  for (const Distribution& delay : timing.delays) at += delay.middle();
  return at;
}

std::vector<PodName> pods_of(const Scenario& scenario) {
  std::vector<PodName> pods;
  for (std::size_t i = 0; i < scenario.services.size(); ++i) {
    for (int number = 0; number < scenario.services[i].pods_max; ++number) {
      pods.push_back({fmt::format("{}-{}", scenario.services[i].name, number), i, number});
    }
  }
  return pods;
}

std::vector<ServiceInfo> service_infos(const Scenario& scenario) {
  std::vector<ServiceInfo> infos;
  for (const Service& service : scenario.services)
    infos.push_back({scenario.namespace_name, service.name, service.pods});
  infos.insert(infos.end(), scenario.other_services.begin(), scenario.other_services.end());
  return infos;
}

bool is_wildcard(std::string_view pattern) { return !pattern.empty() && pattern.back() == '*'; }

bool matches(std::string_view pattern, std::string_view pod) {
  if (!is_wildcard(pattern)) return pattern == pod;
  pattern.remove_suffix(1);
  return pod.substr(0, pattern.size()) == pattern;
}

}  // namespace fakeapi::scenario
