// Random states, told twice: by the file's words, and by folding the requests into what an API
// server would show. The fold knows nothing of how the requests were made, only what they mean in
// Kubernetes.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakeapi/scenario/test_support.hpp"
#include "fakeapi/scenario/world/truth.hpp"
#include "fakeapi/scenario/world/world.hpp"

namespace fakeapi::scenario {
namespace {

using nlohmann::json;

struct ShownPod {
  bool ready = false;
  bool terminating = false;
  std::string address;
};

// What an API server holds after the requests. A request that it would refuse fails the property.
class ShownPods {
 public:
  void apply(const Operate& operation) {
    const auto pods = operation.path.find("/pods");
    if (pods == std::string::npos) return;
    const json body = json::parse(operation.body);
    if (operation.method == "POST") {
      RC_ASSERT(pods_.emplace(body["metadata"]["name"], ShownPod{}).second);  // else 409
      return;
    }
    std::string name = operation.path.substr(pods + 6);
    name = name.substr(0, name.find('/'));
    RC_ASSERT(pods_.count(name) == 1);  // else 404
    if (operation.method == "DELETE" && body["gracePeriodSeconds"] == 0) {
      pods_.erase(name);
    } else if (operation.method == "DELETE") {
      pods_[name].terminating = true;
    } else {
      const json& status = body["status"];
      RC_ASSERT(status["podIPs"][0]["ip"] == status["podIP"]);
      pods_[name].ready = status["conditions"][0]["status"] == "True";
      pods_[name].address = status["podIP"];
    }
  }

  std::string shows(const std::string& name) const {
    const auto pod = pods_.find(name);
    if (pod == pods_.end()) return "absent";
    if (pod->second.terminating) return "terminating";
    if (pod->second.address.empty()) return "pending";
    return pod->second.ready ? "ready" : "not-ready";
  }
  bool ready(const std::string& name) const { return pods_.at(name).ready; }
  std::string address(const std::string& name) const {
    return pods_.count(name) == 0 ? "" : pods_.at(name).address;
  }

 private:
  std::map<std::string, ShownPod> pods_;
};

// The words' meanings, from the language's description.
const std::map<std::string, std::pair<std::string, bool>> meanings{
    {"absent", {"absent", false}},
    {"pending", {"pending", false}},
    {"running", {"not-ready", false}},
    {"ready", {"ready", true}},
    {"stale", {"ready", false}},
    {"unnoticed", {"not-ready", true}},
    {"{shows: ready, address: new}", {"ready", true}},
    {"{shows: not-ready, address: new, listens: true}", {"not-ready", true}},
};

struct Said {
  std::string shows = "pending";
  bool listens = false;
  bool ready = false;
};

// One Pod's next state, and what is then so.
std::pair<std::string, Said> next_state(const Said& before) {
  const bool may_terminate = before.shows != "absent";
  if (may_terminate && *rc::gen::inRange(0, 5) == 0) {
    return {"terminating", {"terminating", before.listens, before.ready}};
  }
  std::vector<std::string> words;
  for (const auto& [word, meaning] : meanings) words.push_back(word);
  const std::string word = *rc::gen::elementOf(words);
  const auto& [shows, listens] = meanings.at(word);
  return {word, {shows, listens, shows == "ready"}};
}

RC_GTEST_PROP(Expand, SaysInRequestsWhatTheFileSaysInWords, ()) {
  constexpr int pods = 3;
  std::vector<Said> said(pods);
  std::vector<std::vector<Said>> history;
  std::string timeline;
  const int steps = *rc::gen::inRange(1, 12);
  for (int at = 0; at < steps; ++at) {
    timeline += "  - {at: " + std::to_string(at) + "s, pods: {";
    for (int pod = 0; pod < pods; ++pod) {
      if (pod != 0 && *rc::gen::arbitrary<bool>()) continue;
      const auto [word, now] = next_state(said[static_cast<std::size_t>(pod)]);
      timeline += "mysql-" + std::to_string(pod) + ": " + word + ", ";
      said[static_cast<std::size_t>(pod)] = now;
    }
    timeline += "}}\n";
    history.push_back(said);
  }
  const Loaded loaded = test::load(test::scenario_with(pods, timeline), "x.yaml");
  RC_LOG() << timeline;
  RC_ASSERT(test::problems_in(loaded).empty());
  const Timeline result = test::timeline_of(loaded);
  RC_ASSERT(result.steps.size() == history.size());

  ShownPods shown;
  Truth truth(result.services);
  std::map<std::string, std::string> listeners;  // address -> Pod: one at a time
  for (std::size_t i = 0; i < history.size(); ++i) {
    for (const Action& action : result.steps[i].actions) {
      truth.apply(action);
      if (const auto* operation = std::get_if<Operate>(&action)) shown.apply(*operation);
      if (const auto* listen = std::get_if<Listen>(&action)) {
        if (listen->listening) {
          RC_ASSERT(listeners.emplace(listen->address, listen->pod).second);
        } else {
          RC_ASSERT(listeners[listen->address] == listen->pod);
          listeners.erase(listen->address);
        }
      }
    }
    int listening = 0;
    for (int pod = 0; pod < pods; ++pod) {
      const std::string name = "mysql-" + std::to_string(pod);
      const Said& expected = history[i][static_cast<std::size_t>(pod)];
      RC_ASSERT(shown.shows(name) == expected.shows);
      if (expected.shows != "absent") RC_ASSERT(shown.ready(name) == expected.ready);
      if (expected.listens) RC_ASSERT(listeners[shown.address(name)] == name);
      listening += expected.listens ? 1 : 0;
    }
    RC_ASSERT(truth.listening().at(0).second == listening);
    RC_ASSERT(static_cast<int>(listeners.size()) == listening);
  }
}

}  // namespace
}  // namespace fakeapi::scenario
