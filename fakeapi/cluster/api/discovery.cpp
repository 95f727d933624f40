// Discovery, made of the table of kinds: the old documents and the aggregated one (recordings:
// discovery.json).
#include <algorithm>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/api/yaml.hpp"
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
std::vector<std::string_view> groups(const Kinds& kinds) {
  std::vector<std::string_view> out;
  for (const Kind& kind : kinds.all()) {
    if (kind.served && !kind.group.empty() &&
        std::find(out.begin(), out.end(), kind.group) == out.end()) {
      out.push_back(kind.group);
    }
  }
  return out;
}

std::vector<std::string_view> versions(const Kinds& kinds, std::string_view group) {
  std::vector<std::string_view> out;
  for (const Kind& kind : kinds.all()) {
    if (kind.served && kind.group == group &&
        std::find(out.begin(), out.end(), kind.version) == out.end()) {
      out.push_back(kind.version);
    }
  }
  return out;
}

// The kinds of a group and version, by name, as the documents list them.
std::vector<const Kind*> kinds_of(const Kinds& kinds, std::string_view group,
                                  std::string_view version) {
  std::vector<const Kind*> out;
  for (const Kind& kind : kinds.all()) {
    if (kind.served && kind.group == group && kind.version == version) out.push_back(&kind);
  }
  std::sort(out.begin(), out.end(),
            [](const Kind* a, const Kind* b) { return a->plural < b->plural; });
  return out;
}

json group_object(const Kinds& kinds, std::string_view group) {
  json out = {{"name", group}, {"versions", json::array()}};
  for (std::string_view version : versions(kinds, group)) {
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

json subresource_object(const Kind& kind, const Subresource& sub) {
  json out = {{"name", kind.plural + "/" + std::string(sub.name)},
              {"singularName", ""},
              {"namespaced", kind.namespaced},
              {"kind", kind.kind},
              {"verbs", sub.verbs}};
  if (sub.body.kind.empty()) return out;
  out["kind"] = sub.body.kind;
  if (sub.body.version.empty()) return out;
  out["group"] = sub.body.group;
  out["version"] = sub.body.version;
  return out;
}

json resource_list(const Kinds& kinds, std::string_view group, std::string_view version) {
  json out = {{"kind", "APIResourceList"},
              {"groupVersion", group_version(group, version)},
              {"resources", json::array()}};
  if (!group.empty()) out["apiVersion"] = "v1";  // the core group's document has none
  for (const Kind* kind : kinds_of(kinds, group, version)) {
    out["resources"].push_back(resource_object(*kind));
    for (const Subresource& sub : kind->subresources) {
      out["resources"].push_back(subresource_object(*kind, sub));
    }
  }
  return out;
}

// The group and version stay empty when they are those of the list (recording: aggregated-api).
json response_kind(const Kind& kind, const BodyKind& body = {}) {
  if (body.kind.empty()) return {{"group", ""}, {"version", ""}, {"kind", kind.kind}};
  return {{"group", body.group}, {"version", body.version}, {"kind", body.kind}};
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
    out["subresources"].push_back({{"subresource", sub.name},
                                   {"responseKind", response_kind(kind, sub.body)},
                                   {"verbs", sub.verbs}});
  }
  return out;
}

json aggregated_group(const Kinds& kinds, std::string_view group) {
  json out = {{"metadata", json::object()}, {"versions", json::array()}};
  if (!group.empty()) out["metadata"]["name"] = group;
  for (std::string_view version : versions(kinds, group)) {
    json one = {{"version", version}, {"freshness", "Current"}, {"resources", json::array()}};
    for (const Kind* kind : kinds_of(kinds, group, version))
      one["resources"].push_back(aggregated_resource(*kind));
    out["versions"].push_back(std::move(one));
  }
  return out;
}

json aggregated(const Kinds& kinds, const std::vector<std::string_view>& listed) {
  json out = {{"kind", "APIGroupDiscoveryList"},
              {"apiVersion", "apidiscovery.k8s.io/v2"},
              {"metadata", json::object()},
              {"items", json::array()}};
  for (std::string_view group : listed) out["items"].push_back(aggregated_group(kinds, group));
  return out;
}

json api_versions() {
  return {{"kind", "APIVersions"},
          {"versions", {"v1"}},
          {"serverAddressByClientCIDRs",
           json::array({{{"clientCIDR", "0.0.0.0/0"}, {"serverAddress", "127.0.0.1:6443"}}})}};
}

json group_list(const Kinds& kinds) {
  json out = {{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", json::array()}};
  for (std::string_view group : groups(kinds)) out["groups"].push_back(group_object(kinds, group));
  return out;
}

json one_group(const Kinds& kinds, const std::string& name) {
  json out = group_object(kinds, name);
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

Bytes discovery_document(const Kinds& kinds, const Uri& uri, const Representation& representation) {
  const auto& parts = uri.segments;
  const bool core = parts[0] == "api";
  const std::string group = core || parts.size() == 1 ? "" : parts[1];
  const auto written = [&representation](const json& value) {
    return representation.form == Representation::Form::yaml
               ? std::make_shared<const std::string>(yaml_text(value))
               : document(value);
  };
  if (representation.form == Representation::Form::aggregated) {
    return document(aggregated(kinds, core ? std::vector<std::string_view>{""} : groups(kinds)));
  }
  if (parts.size() == 1) return written(core ? api_versions() : group_list(kinds));
  if (!core && parts.size() == 2)
    return versions(kinds, group).empty() ? nullptr : written(one_group(kinds, group));
  const std::string& version = parts.back();
  return kinds.serves(group, version) ? written(resource_list(kinds, group, version)) : nullptr;
}

}  // namespace fakeapi::cluster
