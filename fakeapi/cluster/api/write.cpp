// create, update, patch, delete: from HTTP to the registry and back.
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/render.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

// Warnings of the kind's rules are about what was sent, and come with success only.
void warn_about(Call& call, const Result<Written>& result) {
  if (result && call.kind->rules.warn != nullptr)
    call.kind->rules.warn(result->object->json(), call.warnings);
}

WriteOptions write_options(const Call& call, const WriteRequest& request) {
  WriteOptions options;
  options.dry_run = request.dry_run;
  options.manager = request.manager;
  options.subresource = call.attributes->subresource;
  options.decoded = call.decoded;
  return options;
}

std::optional<Failure> wrong_name(const Call& call, const json& body) {
  const std::string& name = call.attributes->name;
  const std::string sent = string_at(body, {"metadata", "name"});
  if (sent.empty()) return bad_request("name must be provided");
  if (sent == name) return std::nullopt;
  return bad_request("the name of the object (" + sent + ") does not match the name on the URL (" +
                     name + ")");
}

}  // namespace

Response Api::written(const Call& call, const Result<Written>& result) const {
  if (!result) return failure_response(result.failure());
  return object_response(call, result->created ? 201 : 200, *result->object);
}

Response Api::create(Call& call) {
  if (call.kind->virtual_kind) return review(call);
  if (call.attributes->subresource == "token") return create_token(call);
  const auto request = read_write_request(call, "CreateOptions");
  if (!request) return failure_response(request.failure());
  auto body = read_body(call);
  if (!body) return failure_response(body.failure());
  const auto result = registry_.create(call.now, *call.kind, call.namespace_name, std::move(*body),
                                       write_options(call, *request));
  warn_about(call, result);
  return written(call, result);
}

Response Api::replace(Call& call) {
  if (call.attributes->subresource == "scale") return scale(call);
  const auto request = read_write_request(call, "UpdateOptions");
  if (!request) return failure_response(request.failure());
  auto body = read_body(call);
  if (!body) return failure_response(body.failure());
  if (auto failure = wrong_name(call, *body)) return failure_response(*failure);
  const auto result =
      registry_.update(call.now, *call.kind, call.namespace_name, call.attributes->name,
                       std::move(*body), write_options(call, *request));
  warn_about(call, result);
  return written(call, result);
}

Response Api::patch(Call& call) {
  const std::string type =
      media_type(find_header(call.request->headers, "Content-Type").value_or(""));
  if (call.attributes->subresource == "scale") return scale(call);
  if (type == apply_type) return apply(call);
  const auto request = read_write_request(call, "PatchOptions");
  if (!request) return failure_response(request.failure());
  const std::string& name = call.attributes->name;
  const ObjectPtr old = store_.find(*call.kind, call.namespace_name, name);
  if (!old) return failure_response(not_found(*call.kind, name));
  auto patched = apply_patch(call, old->json());
  if (!patched) return failure_response(patched.failure());
  const auto result = registry_.update(call.now, *call.kind, call.namespace_name, name,
                                       std::move(*patched), write_options(call, *request));
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
    return object_response(call, 200, *result->object);
  const Object& object = *result->object;
  json details = {{"name", object.name()}, {"kind", call.kind->plural}, {"uid", object.uid()}};
  if (!call.kind->group.empty()) details["group"] = call.kind->group;
  return value_response(call, 200,
                        {{"kind", "Status"},
                         {"apiVersion", "v1"},
                         {"metadata", json::object()},
                         {"status", "Success"},
                         {"details", std::move(details)}});
}

Response Api::remove_collection(Call& call) {
  const auto options = read_delete_options(call);
  if (!options) return failure_response(options.failure());
  // What a list would show goes, and the answer is that list.
  auto page = read_page(call);
  if (!page) return failure_response(page.failure());
  for (const ObjectPtr& object : page->items) {
    registry_.remove(call.now, *call.kind, object->namespace_name(), object->name(), *options);
  }
  return list_response(call, page->meta, page->items);
}

}  // namespace fakeapi::cluster
