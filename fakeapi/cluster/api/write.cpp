// create, update, patch, delete: from HTTP to the registry and back.
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

Bytes line_of(const json& object) {
  return std::make_shared<const std::string>(wire_text(object) + "\n");
}

// Warnings of the kind's rules are about what was sent, and come with success only.
void warn_about(Call& call, const Result<Written>& result) {
  if (result && call.kind->rules.warn != nullptr)
    call.kind->rules.warn(result->object->json(), call.warnings);
}

}  // namespace

Response Api::written(const Call& /*call*/, const Result<Written>& result) const {
  if (!result) return failure_response(result.failure());
  return json_response(result->created ? 201 : 200, result->object->body());
}

Response Api::create(Call& call) {
  const auto dry_run = read_dry_run(*call.uri, "CreateOptions");
  if (!dry_run) return failure_response(dry_run.failure());
  auto body = read_body(call);
  if (!body) return failure_response(body.failure());
  const auto result =
      registry_.create(call.now, *call.kind, call.namespace_name, std::move(*body), *dry_run);
  warn_about(call, result);
  return written(call, result);
}

Response Api::replace(Call& call) {
  const auto dry_run = read_dry_run(*call.uri, "UpdateOptions");
  if (!dry_run) return failure_response(dry_run.failure());
  auto body = read_body(call);
  if (!body) return failure_response(body.failure());
  const std::string& name = call.attributes->name;
  const std::string sent = string_at(*body, {"metadata", "name"});
  if (sent.empty()) {
    return failure_response(bad_request("name must be provided"));
  }
  if (sent != name) {
    return failure_response(bad_request("the name of the object (" + sent +
                                        ") does not match the name on the URL (" + name + ")"));
  }
  const auto result = registry_.update(call.now, *call.kind, call.namespace_name, name,
                                       std::move(*body), call.attributes->subresource, *dry_run);
  warn_about(call, result);
  return written(call, result);
}

Response Api::patch(Call& call) {
  const auto dry_run = read_dry_run(*call.uri, "PatchOptions");
  if (!dry_run) return failure_response(dry_run.failure());
  const std::string& name = call.attributes->name;
  const ObjectPtr old = store_.find(*call.kind, call.namespace_name, name);
  if (!old) return failure_response(not_found(*call.kind, name));
  auto patched = apply_patch(call, old->json());
  if (!patched) return failure_response(patched.failure());
  const auto result = registry_.update(call.now, *call.kind, call.namespace_name, name,
                                       std::move(*patched), call.attributes->subresource, *dry_run);
  warn_about(call, result);
  return written(call, result);
}

Response Api::remove(Call& call) {
  const auto options = read_delete_options(call);
  if (!options) return failure_response(options.failure());
  const auto result =
      registry_.remove(call.now, *call.kind, call.namespace_name, call.attributes->name, *options);
  if (!result) return failure_response(result.failure());
  if (!result->gone || call.kind->returns_deleted)
    return json_response(200, result->object->body());
  const Object& object = *result->object;
  json details = {{"name", object.name()}, {"kind", call.kind->plural}, {"uid", object.uid()}};
  if (!call.kind->group.empty()) details["group"] = call.kind->group;
  return json_response(200, line_of({{"kind", "Status"},
                                     {"apiVersion", "v1"},
                                     {"metadata", json::object()},
                                     {"status", "Success"},
                                     {"details", std::move(details)}}));
}

Response Api::remove_collection(Call& call) {
  const auto options = read_delete_options(call);
  if (!options) return failure_response(options.failure());
  // The answer is the list as it was.
  Response listed = list(call);
  if (listed.status != 200) return listed;
  const auto selection =
      make_selection(*call.kind, call.namespace_name, call.uri->parameter("labelSelector"),
                     call.uri->parameter("fieldSelector"));
  std::vector<ObjectPtr> doomed;
  store_.visit(*call.kind, call.namespace_name, [&](const ObjectPtr& object) {
    if (selection->matches(*object)) doomed.push_back(object);
  });
  for (const ObjectPtr& object : doomed) {
    registry_.remove(call.now, *call.kind, object->namespace_name(), object->name(), *options);
  }
  return listed;
}

}  // namespace fakeapi::cluster
