// The scale subresource: the number of replicas as an object of its own (autoscaling/v1 Scale), the
// same for built-in workloads and for custom resources that say where their numbers are.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/render.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/schema/decode.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

const json* at_path(const json& object, const std::vector<std::string>& path) {
  const json* at = &object;
  for (const std::string& key : path) {
    if (!at->is_object()) return nullptr;
    const auto it = at->find(key);
    if (it == at->end()) return nullptr;
    at = &*it;
  }
  return path.empty() ? nullptr : at;
}

// metav1.FormatLabelSelector: requirements with commas between them.
std::string selector_text(const json& selector) {
  if (selector.is_string()) return selector.get<std::string>();
  std::vector<std::string> parts;
  if (const json* labels = find_at(selector, {"matchLabels"}); labels != nullptr) {
    for (const auto& [key, value] : labels->items())
      parts.push_back(fmt::format("{}={}", key, value.is_string() ? value.get<std::string>() : ""));
  }
  for (const json& one : selector.value("matchExpressions", json::array())) {
    const std::string key = string_at(one, {"key"});
    const std::string op = string_at(one, {"operator"});
    const auto values = one.value("values", std::vector<std::string>());
    if (op == "Exists") parts.push_back(key);
    if (op == "DoesNotExist") parts.push_back("!" + key);
    if (op == "In") parts.push_back(fmt::format("{} in ({})", key, fmt::join(values, ",")));
    if (op == "NotIn") parts.push_back(fmt::format("{} notin ({})", key, fmt::join(values, ",")));
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

json scale_of(const Kind& kind, const json& object) {
  json metadata = json::object();
  for (const char* key : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
    if (const json* value = find_at(object, {"metadata", key}); value != nullptr)
      metadata[key] = *value;
  }
  const auto number = [&object](const std::vector<std::string>& path) {
    const json* value = at_path(object, path);
    return value != nullptr && value->is_number_integer() ? *value : json(0);
  };
  json scale = {{"kind", "Scale"},
                {"apiVersion", "autoscaling/v1"},
                {"metadata", std::move(metadata)},
                {"spec", json::object()},
                {"status", {{"replicas", number(kind.scale.status_replicas)}}}};
  if (const json replicas = number(kind.scale.spec_replicas); replicas != 0)
    scale["spec"]["replicas"] = replicas;
  if (const json* selector = at_path(object, kind.scale.selector); selector != nullptr)
    scale["status"]["selector"] = selector_text(*selector);
  return scale;
}

void set_at(json& object, const std::vector<std::string>& path, json value) {
  json* at = &object;
  for (const std::string& key : path) {
    if (!at->is_object()) *at = json::object();
    at = &(*at)[key];
  }
  *at = std::move(value);
}

}  // namespace

Response scale_response(const Call& call, const Object& object) {
  return value_response(call, 200, scale_of(*call.kind, object.json()));
}

Response Api::scale(Call& call) {
  const auto options = call.attributes->verb == "patch" ? "PatchOptions" : "UpdateOptions";
  const auto request = read_write_request(call, options);
  if (!request) return failure_response(request.failure());
  const ObjectPtr object = store_.find(*call.kind, call.namespace_name, call.attributes->name);
  if (!object) return failure_response(not_found(*call.kind, call.attributes->name));
  json wanted;
  if (call.attributes->verb == "patch") {
    // A Scale has no lists: both kinds of merge patch say the same.
    wanted = scale_of(*call.kind, object->json());
    const json patch = json::parse(call.request->body, nullptr, false);
    if (!patch.is_object()) return failure_response(bad_request("error decoding patch"));
    wanted.merge_patch(patch);
  } else {
    auto body = read_body(call);
    if (!body) return failure_response(body.failure());
    wanted = std::move(*body);
  }
  const json* replicas = find_at(wanted, {"spec", "replicas"});
  const json count = replicas != nullptr ? *replicas : json(0);
  if (!count.is_number_integer() || count < 0) {
    FieldErrors errors = {
        invalid_value("spec.replicas", count.dump(), "must be greater than or equal to 0")};
    return failure_response(
        invalid_of("Scale", "autoscaling", call.attributes->name, std::move(errors)));
  }
  json changed = object->json();
  set_at(changed, call.kind->scale.spec_replicas, count);
  changed["metadata"]["resourceVersion"] = string_at(wanted, {"metadata", "resourceVersion"});
  WriteOptions write;
  write.dry_run = request->dry_run;
  write.manager = request->manager;
  const auto result = registry_.update(call.now, *call.kind, call.namespace_name,
                                       call.attributes->name, std::move(changed), write);
  if (!result) return failure_response(result.failure());
  return scale_response(call, *result->object);
}

}  // namespace fakeapi::cluster
