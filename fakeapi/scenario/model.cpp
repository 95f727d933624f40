// Names of Pods, as a StatefulSet gives them: the Service's name and a number.
#include "fakeapi/scenario/model.hpp"

#include <fmt/format.h>

namespace fakeapi::scenario {

std::vector<PodName> pods_of(const Scenario& scenario) {
  std::vector<PodName> pods;
  for (std::size_t i = 0; i < scenario.services.size(); ++i) {
    for (int number = 0; number < scenario.services[i].pods; ++number) {
      pods.push_back({fmt::format("{}-{}", scenario.services[i].name, number), i});
    }
  }
  return pods;
}

bool is_wildcard(std::string_view pattern) { return !pattern.empty() && pattern.back() == '*'; }

bool matches(std::string_view pattern, std::string_view pod) {
  if (!is_wildcard(pattern)) return pattern == pod;
  pattern.remove_suffix(1);
  return pod.substr(0, pattern.size()) == pattern;
}

}  // namespace fakeapi::scenario
