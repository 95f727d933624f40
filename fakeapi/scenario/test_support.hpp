// For tests: a timeline in short words, so that an expected order is a list that can be read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/scenario/load.hpp"
#include "fakeapi/scenario/world/world.hpp"

namespace fakeapi::scenario::test {

/// The file's bytes; fails the test where it cannot be read. Defined in files_test.cpp.
std::string read_file(const std::string& path);

/// The problems as text; empty for a timeline.
inline std::vector<std::string> problems_in(const Loaded& loaded) {
  std::vector<std::string> texts;
  if (const auto* problems = std::get_if<std::vector<Problem>>(&loaded)) {
    for (const Problem& problem : *problems) texts.push_back(to_string(problem));
  }
  return texts;
}

/// A scenario that names no other file.
inline Loaded load(std::string_view text, std::string_view file_name = "x.yaml") {
  return load_scenario(text, file_name, no_files);
}

/// The scenario; fails the test, and gives an empty one, where there are problems.
inline Scenario scenario_of(const Loaded& loaded) {
  for (const std::string& problem : problems_in(loaded)) ADD_FAILURE() << problem;
  const auto* scenario = std::get_if<Scenario>(&loaded);
  return scenario == nullptr ? Scenario{} : *scenario;
}

/// The same made flat.
inline Timeline timeline_of(const Loaded& loaded) {
  const Scenario scenario = scenario_of(loaded);
  Report report("");
  Timeline timeline = expand(scenario, scenario.seed, report);
  for (const Problem& problem : report.take()) ADD_FAILURE() << to_string(problem);
  return timeline;
}

inline std::string describe(const Operate& operation) {
  const std::string name = operation.path.substr(operation.path.rfind('/') + 1);
  const auto body = nlohmann::json::parse(operation.body);
  if (operation.method == "POST") {
    return "POST " + name + " " + body["metadata"]["name"].get<std::string>();
  }
  if (operation.method == "DELETE") {
    return "DELETE " + name + " " + body["gracePeriodSeconds"].dump();
  }
  const auto& status = body["status"];
  return operation.method + " " + operation.path.substr(operation.path.find("/pods/") + 6) + " " +
         status["podIP"].get<std::string>() + " " +
         status["conditions"][0]["status"].get<std::string>();
}

inline std::string describe(const SetController& controller) {
  const std::string which =
      controller.which == ControllerOf::endpoints ? "endpoints" : "endpointslices";
  if (controller.following.paused) return which + " paused";
  if (controller.following.lag == cluster::Duration{}) return which + " running";
  return which + " lag " + to_text(controller.following.lag);
}

/// "POST pods mysql-0", "PATCH mysql-0/status 10.20.0.1 True", "DELETE mysql-0 30", "listen
/// mysql-0 10.20.0.1", "stop mysql-0 10.20.0.1", "api down", "endpoints paused".
inline std::string describe(const Action& action) {
  if (const auto* operation = std::get_if<Operate>(&action)) return describe(*operation);
  if (const auto* apply = std::get_if<Apply>(&action)) {
    return "apply " + (*apply->object)["kind"].get<std::string>() + " " +
           (*apply->object)["metadata"]["name"].get<std::string>();
  }
  if (const auto* remove = std::get_if<Remove>(&action))
    return "remove " + remove->kind + " " + remove->name;
  if (const auto* listen = std::get_if<Listen>(&action)) {
    return (listen->listening ? "listen " : "stop ") + listen->pod + " " + listen->address;
  }
  if (const auto* api = std::get_if<SetApi>(&action)) return api->up ? "api up" : "api down";
  if (const auto* one = std::get_if<SetController>(&action)) return describe(*one);
  if (std::holds_alternative<ForgetHistory>(action)) return "history lost";
  if (const auto* back = std::get_if<RollBack>(&action)) return "rollback " + to_text(back->to);
  if (const auto* cache = std::get_if<SetCache>(&action)) {
    return cache->held ? "cache held" : "cache lag " + to_text(cache->lag);
  }
  if (const auto* token = std::get_if<SetToken>(&action))
    return token->renewed ? "token new" : "token expired";
  if (const auto* authority = std::get_if<SetAuthority>(&action))
    return authority->announced_only ? "ca announced" : "ca new";
  return "rights";
}

inline std::vector<std::string> describe(const Step& step) {
  std::vector<std::string> lines;
  for (const Action& action : step.actions) lines.push_back(describe(action));
  return lines;
}

/// A scenario of one Service `mysql` with this many Pods and these lines as its timeline; they
/// begin at line 6.
inline std::string scenario_with(int pods, std::string_view timeline) {
  return "version: 1\nabout: A test.\nservices:\n  mysql: {ports: {tcp: 3306}, pods: " +
         std::to_string(pods) + "}\ntimeline:\n" + std::string(timeline);
}

/// The problems of one step of a scenario with the Pods mysql-0 and mysql-1; it stands at line 6,
/// column 5.
inline std::vector<std::string> problems_of_step(const std::string& step) {
  return problems_in(load(scenario_with(2, "  - {" + step + "}\n")));
}

}  // namespace fakeapi::scenario::test
