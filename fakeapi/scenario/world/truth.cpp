// A Pod counts once, whatever its number of ports.
#include "fakeapi/scenario/world/truth.hpp"

#include <algorithm>

namespace fakeapi::scenario {

Truth::Truth(const std::vector<ServiceInfo>& services) {
  for (const ServiceInfo& service : services) lanes_.push_back({service.name, {}});
}

void Truth::apply(const Action& action) {
  if (const auto* listen = std::get_if<Listen>(&action)) apply(*listen);
}

void Truth::apply(const Listen& listen) {
  const auto lane = std::find_if(lanes_.begin(), lanes_.end(),
                                 [&](const Lane& each) { return each.service == listen.service; });
  if (lane == lanes_.end()) return;
  if (listen.listening) {
    lane->pods[listen.pod] = listen.address;
    return;
  }
  const auto pod = lane->pods.find(listen.pod);
  if (pod != lane->pods.end() && pod->second == listen.address) lane->pods.erase(pod);
}

std::vector<std::pair<std::string, int>> Truth::listening() const {
  std::vector<std::pair<std::string, int>> counts;
  for (const Lane& lane : lanes_) {
    counts.emplace_back(lane.service, static_cast<int>(lane.pods.size()));
  }
  return counts;
}

}  // namespace fakeapi::scenario
