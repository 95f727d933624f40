// The YAML snippets of the README: the Pod must be one that the API accepts and the engine
// understands, and the Role must grant what the engine asks for.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>
#include <yaml-cpp/yaml.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/cluster.hpp"
#include "waiter/core/dependency.hpp"
#include "waiter/k8s/request.hpp"

namespace {

using nlohmann::json;

json to_json(const YAML::Node& node) {
  if (node.IsMap()) {
    json object = json::object();
    for (const auto& entry : node) object[entry.first.as<std::string>()] = to_json(entry.second);
    return object;
  }
  if (node.IsSequence()) {
    json list = json::array();
    for (const auto& item : node) list.push_back(to_json(item));
    return list;
  }
  bool flag = false;
  int number = 0;
  if (node.Tag() != "!" && YAML::convert<int>::decode(node, number)) return number;
  if (node.Tag() != "!" && YAML::convert<bool>::decode(node, flag)) return flag;
  return node.as<std::string>();
}

/// The objects that the README shows, in order.
std::vector<json> readme_objects() {
  std::ifstream file(PROJECT_SOURCE_DIR "/README.md");
  std::ostringstream text;
  text << file.rdbuf();
  const std::string readme = text.str();
  std::vector<json> objects;
  const std::string opening = "```yaml\n";
  for (auto at = readme.find(opening); at != std::string::npos; at = readme.find(opening, at + 1)) {
    const auto begin = at + opening.size();
    for (const YAML::Node& document :
         YAML::LoadAll(readme.substr(begin, readme.find("```", begin) - begin))) {
      objects.push_back(to_json(document));
    }
  }
  return objects;
}

json object_of_kind(const std::string& kind) {
  for (const json& object : readme_objects()) {
    if (object.value("kind", "") == kind) return object;
  }
  ADD_FAILURE() << "the README shows no " << kind;
  return {};
}

TEST(Readme, ItsPodIsAcceptedByTheApi) {
  fakeapi::cluster::Cluster cluster{fakeapi::cluster::Options{}};
  const auto response = cluster.operate({}, "POST", "/api/v1/namespaces/default/pods",
                                        "application/json", object_of_kind("Pod").dump());
  EXPECT_EQ(response.status, 201) << *response.body;
}

TEST(Readme, ItsDependenciesAreUnderstood) {
  int dependencies = 0;
  const json pod = object_of_kind("Pod");
  for (const json& argument : pod.at("spec").at("initContainers").at(0).at("args")) {
    const std::string text = argument.get<std::string>();
    if (text.rfind("--", 0) == 0) continue;
    const auto parsed = waiter::core::parse_dependency(text, "default");
    EXPECT_TRUE(std::holds_alternative<waiter::core::Dependency>(parsed)) << text;
    ++dependencies;
  }
  EXPECT_GT(dependencies, 0);
}

TEST(Readme, ItsBindingBindsItsRoleToItsPodsAccount) {
  const json binding = object_of_kind("RoleBinding");
  EXPECT_EQ(binding.at("roleRef").at("name"), object_of_kind("Role").at("metadata").at("name"));
  EXPECT_EQ(binding.at("metadata").at("namespace"),
            object_of_kind("Role").at("metadata").at("namespace"));
  EXPECT_EQ(binding.at("subjects").at(0).at("name"),
            object_of_kind("Pod").at("spec").at("serviceAccountName"));
}

TEST(Readme, ItsRoleGrantsWhatTheEngineAsksFor) {
  const json role = object_of_kind("Role");
  const json& rule = role.at("rules").at(0);
  const std::string target = waiter::k8s::list_target(
      {waiter::core::Resource::endpoint_slices, "db", {"mysql"}, false}, "");
  EXPECT_EQ(target.rfind("/apis/" + rule.at("apiGroups").at(0).get<std::string>() + "/", 0), 0U)
      << target;
  EXPECT_NE(target.find("/" + rule.at("resources").at(0).get<std::string>() + "?"),
            std::string::npos)
      << target;
  EXPECT_EQ(rule.at("verbs"), (json{"list", "watch"}));
}

}  // namespace
