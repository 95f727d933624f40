// For tests: replays a recorded conversation against a Cluster in virtual time and compares each
// answer the way fakeapi/tests/golden/golden.py does against a server. Same rules, same names; that
// script is the reference.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/cluster.hpp"

namespace fakeapi::cluster::testing {

/// A file of this project, parsed. Aborts the test when it is missing.
nlohmann::json load_json(const std::string& path);

/// What differs between the recorded and the actual answer, one line each; empty when they agree.
std::vector<std::string> differences(const nlohmann::json& want, const nlohmann::json& got,
                                     const std::string& mode);

struct StepOutcome {
  std::string id;
  std::vector<std::string> differences;
};

class Conversation {
 public:
  explicit Conversation(Cluster& cluster) : cluster_(cluster) {}

  std::vector<StepOutcome> run(const nlohmann::json& steps);

 private:
  nlohmann::json filled(const nlohmann::json& value) const;
  Request request_of(const std::string& who, const nlohmann::json& request) const;
  nlohmann::json exchange(const std::string& who, const nlohmann::json& request);
  nlohmann::json watch(const std::string& who, const nlohmann::json& request,
                       const nlohmann::json& plan);
  void settle(Duration pause);

  Cluster& cluster_;
  Instant now_{};
  std::map<std::string, std::string> captured_;
};

/// The users that the recordings know.
std::vector<User> recorded_users();

}  // namespace fakeapi::cluster::testing
