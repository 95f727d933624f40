// For tests: a timeline in short words, so that an expected order is a list that can be read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/scenario/load.hpp"

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

/// The timeline; fails the test, and gives an empty one, where there are problems.
inline Timeline timeline_of(const Loaded& loaded) {
  for (const std::string& problem : problems_in(loaded)) ADD_FAILURE() << problem;
  const auto* timeline = std::get_if<Timeline>(&loaded);
  return timeline == nullptr ? Timeline{} : *timeline;
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

/// "POST pods mysql-0", "PATCH mysql-0/status 10.20.0.1 True", "DELETE mysql-0 30", "listen
/// mysql-0 10.20.0.1", "stop mysql-0 10.20.0.1", "api down", "controllers paused".
inline std::string describe(const Action& action) {
  if (const auto* operation = std::get_if<Operate>(&action)) return describe(*operation);
  if (const auto* listen = std::get_if<Listen>(&action)) {
    return (listen->listening ? "listen " : "stop ") + listen->pod + " " + listen->address;
  }
  if (const auto* api = std::get_if<SetApi>(&action)) return api->up ? "api up" : "api down";
  return std::get<PauseControllers>(action).paused ? "controllers paused" : "controllers running";
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

}  // namespace fakeapi::scenario::test
