// Discovery, made of the table of kinds: the old documents and the aggregated one (recordings:
// discovery.json).
#include <algorithm>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

Bytes document(const json& value) {
  return std::make_shared<const std::string>(wire_text(value) + "\n");
}

std::string group_version(std::string_view group, std::string_view version) {
  return group.empty() ? std::string(version) : std::string(group) + "/" + std::string(version);
}

// The groups in the order of the table, without the core group.
std::vector<std::string_view> groups() {
  std::vector<std::string_view> out;
  for (const Kind& kind : kinds()) {
    if (!kind.group.empty() && std::find(out.begin(), out.end(), kind.group) == out.end()) {
      out.push_back(kind.group);
    }
  }
  return out;
}

std::vector<std::string_view> versions(std::string_view group) {
  std::vector<std::string_view> out;
  for (const Kind& kind : kinds()) {
    if (kind.group == group && std::find(out.begin(), out.end(), kind.version) == out.end()) {
      out.push_back(kind.version);
    }
  }
  return out;
}

// The kinds of a group and version, by name, as the documents list them.
std::vector<const Kind*> kinds_of(std::string_view group, std::string_view version) {
  std::vector<const Kind*> out;
  for (const Kind& kind : kinds()) {
    if (kind.group == group && kind.version == version) out.push_back(&kind);
  }
  std::sort(out.begin(), out.end(),
            [](const Kind* a, const Kind* b) { return a->plural < b->plural; });
  return out;
}

json group_object(std::string_view group) {
  json out = {{"name", group}, {"versions", json::array()}};
  for (std::string_view version : versions(group)) {
    out["versions"].push_back(
        {{"groupVersion", group_version(group, version)}, {"version", version}});
  }
  out["preferredVersion"] = out["versions"].front();
  return out;
}

json resource_object(const Kind& kind) {
  json out = {{"name", kind.plural},
              {"singularName", kind.singular},
              {"namespaced", kind.namespaced},
              {"kind", kind.kind},
              {"verbs", kind.verbs}};
  if (!kind.short_names.empty()) out["shortNames"] = kind.short_names;
  if (!kind.categories.empty()) out["categories"] = kind.categories;
  if (!kind.storage_version_hash.empty()) out["storageVersionHash"] = kind.storage_version_hash;
  return out;
}

json resource_list(std::string_view group, std::string_view version) {
  json out = {{"kind", "APIResourceList"},
              {"groupVersion", group_version(group, version)},
              {"resources", json::array()}};
  if (!group.empty()) out["apiVersion"] = "v1";  // the core group's document has none
  for (const Kind* kind : kinds_of(group, version)) {
    out["resources"].push_back(resource_object(*kind));
    for (const Subresource& sub : kind->subresources) {
      out["resources"].push_back({{"name", std::string(kind->plural) + "/" + std::string(sub.name)},
                                  {"singularName", ""},
                                  {"namespaced", kind->namespaced},
                                  {"kind", kind->kind},
                                  {"verbs", sub.verbs}});
    }
  }
  return out;
}

json response_kind(const Kind& kind) {
  // The group and version stay empty when they are those of the list (recording: aggregated-api).
  return {{"group", ""}, {"version", ""}, {"kind", kind.kind}};
}

json aggregated_resource(const Kind& kind) {
  json out = {{"resource", kind.plural},
              {"responseKind", response_kind(kind)},
              {"scope", kind.namespaced ? "Namespaced" : "Cluster"},
              {"singularResource", kind.singular},
              {"verbs", kind.verbs}};
  if (!kind.short_names.empty()) out["shortNames"] = kind.short_names;
  if (!kind.categories.empty()) out["categories"] = kind.categories;
  for (const Subresource& sub : kind.subresources) {
    out["subresources"].push_back(
        {{"subresource", sub.name}, {"responseKind", response_kind(kind)}, {"verbs", sub.verbs}});
  }
  return out;
}

json aggregated_group(std::string_view group) {
  json out = {{"metadata", json::object()}, {"versions", json::array()}};
  if (!group.empty()) out["metadata"]["name"] = group;
  for (std::string_view version : versions(group)) {
    json one = {{"version", version}, {"freshness", "Current"}, {"resources", json::array()}};
    for (const Kind* kind : kinds_of(group, version))
      one["resources"].push_back(aggregated_resource(*kind));
    out["versions"].push_back(std::move(one));
  }
  return out;
}

json aggregated(const std::vector<std::string_view>& listed) {
  json out = {{"kind", "APIGroupDiscoveryList"},
              {"apiVersion", "apidiscovery.k8s.io/v2"},
              {"metadata", json::object()},
              {"items", json::array()}};
  for (std::string_view group : listed) out["items"].push_back(aggregated_group(group));
  return out;
}

json api_versions() {
  return {{"kind", "APIVersions"},
          {"versions", {"v1"}},
          {"serverAddressByClientCIDRs",
           json::array({{{"clientCIDR", "0.0.0.0/0"}, {"serverAddress", "127.0.0.1:6443"}}})}};
}

json group_list() {
  json out = {{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", json::array()}};
  for (std::string_view group : groups()) out["groups"].push_back(group_object(group));
  return out;
}

json one_group(const std::string& name) {
  json out = group_object(name);
  out["kind"] = "APIGroup";
  out["apiVersion"] = "v1";
  return out;
}

}  // namespace

bool is_discovery_path(const Uri& uri) {
  const auto& parts = uri.segments;
  if (parts.empty()) return false;
  return (parts[0] == "api" && parts.size() <= 2) || (parts[0] == "apis" && parts.size() <= 3);
}

Bytes discovery_document(const Uri& uri, Representation representation) {
  const auto& parts = uri.segments;
  const bool core = parts[0] == "api";
  if (representation == Representation::aggregated_discovery) {
    return document(aggregated(core ? std::vector<std::string_view>{""} : groups()));
  }
  if (parts.size() == 1) return document(core ? api_versions() : group_list());
  const std::string group = core ? "" : parts[1];
  if (!core && parts.size() == 2) {
    return versions(group).empty() ? nullptr : document(one_group(group));
  }
  const std::string& version = parts.back();
  return group_version_exists(group, version) ? document(resource_list(group, version)) : nullptr;
}

}  // namespace fakeapi::cluster
