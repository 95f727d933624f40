// Kubernetes objects inside a scenario, and in the files that it names.
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/scenario/read_step.hpp"

namespace fakeapi::scenario {
namespace {

using nlohmann::json;

bool is_text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() &&
         !found->get_ref<const std::string&>().empty();
}

bool is_cluster_scoped(const json& object) {
  static const cluster::Kinds kinds;
  const std::string api_version = object["apiVersion"];
  const auto slash = api_version.find('/');
  const std::string group = slash == std::string::npos ? "" : api_version.substr(0, slash);
  const std::string version =
      slash == std::string::npos ? api_version : api_version.substr(slash + 1);
  const cluster::Kind* kind = kinds.find_kind(group, version, object["kind"].get<std::string>());
  return kind != nullptr && !kind->namespaced;
}

}  // namespace

void add_objects(json object, const std::string& namespace_name, Place place,
                 std::vector<std::shared_ptr<const json>>& objects, Report& report) {
  if (!object.is_object() || !is_text(object, "kind") || !is_text(object, "apiVersion")) {
    report.add(place, "a Kubernetes object needs kind and apiVersion");
    return;
  }
  const bool is_list = object["kind"].get_ref<const std::string&>().ends_with("List");
  if (is_list && object.contains("items") && object["items"].is_array()) {
    for (json& item : object["items"])
      add_objects(std::move(item), namespace_name, place, objects, report);
    return;
  }
  json& metadata = object["metadata"];
  if (!metadata.is_object() || !is_text(metadata, "name")) {
    report.add(place,
               fmt::format("the {} needs a metadata.name", object["kind"].get<std::string>()));
    return;
  }
  if (is_cluster_scoped(object)) {
    metadata.erase("namespace");
  } else if (!is_text(metadata, "namespace")) {
    metadata["namespace"] = namespace_name;
  }
  objects.push_back(std::make_shared<const json>(std::move(object)));
}

}  // namespace fakeapi::scenario
