// Patches: JSON merge patch (RFC 7386), JSON patch (RFC 6902) and, for lists that Kubernetes merges
// by key, strategic merge patch. Which lists are merged is data, taken from the
// x-kubernetes-patch-merge-key marks of the OpenAPI documents.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr std::string_view merge_type = "application/merge-patch+json";
constexpr std::string_view json_type = "application/json-patch+json";
constexpr std::string_view strategic_type = "application/strategic-merge-patch+json";

// apiserver says only this about a patch that cannot be applied (recording: patch-json-test-fails).
Failure unprocessable() {
  return {422,
          "Invalid",
          "the server rejected our request due to an error in our request",
          StatusDetails{},
          {}};
}

struct MergeKey {
  std::string_view kind;
  std::string_view list;  // the last key of the path
  std::string_view key;
};
constexpr std::array<MergeKey, 17> merge_keys = {{
    {"", "ownerReferences", "uid"},
    {"Pod", "containers", "name"},
    {"Pod", "initContainers", "name"},
    {"Pod", "ephemeralContainers", "name"},
    {"Pod", "volumes", "name"},
    {"Pod", "env", "name"},
    {"Pod", "volumeMounts", "mountPath"},
    {"Pod", "ports", "containerPort"},
    {"Pod", "imagePullSecrets", "name"},
    {"Pod", "hostAliases", "ip"},
    {"Pod", "conditions", "type"},
    {"Pod", "podIPs", "ip"},
    {"Pod", "hostIPs", "ip"},
    {"Service", "ports", "port"},
    {"Service", "conditions", "type"},
    {"Namespace", "conditions", "type"},
    {"Node", "conditions", "type"},
}};

std::string_view merge_key_of(const Kind& kind, std::string_view list) {
  for (const MergeKey& one : merge_keys) {
    if (one.list == list && (one.kind.empty() || one.kind == kind.kind)) return one.key;
  }
  return {};
}

json merged(const Kind& kind, json target, const json& patch);

// Elements with the same key are merged, new ones appended; {"$patch": "delete"} removes.
json merged_list(const Kind& kind, json target, const json& patch, const std::string& key) {
  if (!target.is_array()) target = json::array();
  for (const json& one : patch) {
    const json id = one.is_object() ? one.value(key, json()) : json();
    const auto same = std::find_if(target.begin(), target.end(), [&](const json& known) {
      return known.is_object() && known.value(key, json()) == id;
    });
    const bool removes = one.is_object() && one.value("$patch", json()) == "delete";
    if (removes) {
      if (same != target.end()) target.erase(same);
    } else if (same != target.end()) {
      *same = merged(kind, *same, one);
    } else {
      target.push_back(one);
    }
  }
  return target;
}

json merged(const Kind& kind, json target, const json& patch) {
  if (!patch.is_object()) return patch;
  if (!target.is_object() || patch.value("$patch", json()) == "replace") target = json::object();
  for (const auto& [name, value] : patch.items()) {
    if (!name.empty() && name.front() == '$')
      continue;  // directives; $setElementOrder orders, nothing more
    if (value.is_null()) {
      target.erase(name);
      continue;
    }
    const std::string key(merge_key_of(kind, name));
    if (value.is_array() && !key.empty()) {
      target[name] = merged_list(kind, target.value(name, json()), value, key);
    } else {
      target[name] = merged(kind, target.value(name, json()), value);
    }
  }
  return target;
}

Result<json> json_patched(const json& object, const json& patch) {
  if (!patch.is_array()) return bad_request("json: cannot unmarshal object into a JSON patch");
  try {
    return object.patch(patch);
  } catch (const json::exception&) {
    return unprocessable();
  }
}

}  // namespace

bool is_patch_type(std::string_view type) {
  return type == merge_type || type == json_type || type == strategic_type;
}

Result<json> apply_patch(const Call& call, const json& object) {
  const std::string type =
      media_type(find_header(call.request->headers, "Content-Type").value_or(""));
  const json patch = json::parse(call.request->body, nullptr, false);
  if (patch.is_discarded()) return bad_request("error decoding patch: invalid JSON");
  Result<json> result = [&]() -> Result<json> {
    if (type == json_type) return json_patched(object, patch);
    if (!patch.is_object()) return bad_request("error decoding patch: not an object");
    if (type == strategic_type) return merged(*call.kind, object, patch);
    json out = object;
    out.merge_patch(patch);
    return out;
  }();
  if (!result) return result;
  if (!result->is_object()) return unprocessable();
  const std::string name = string_at(*result, {"metadata", "name"});
  if (name != call.attributes->name) {
    return bad_request(
        fmt::format("the name of the object ({}) does not match the name on the URL ({})", name,
                    call.attributes->name));
  }
  return result;
}

}  // namespace fakeapi::cluster
