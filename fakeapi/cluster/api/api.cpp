// From path to handler. The order of the checks is that of the recordings: an unknown path is 404,
// an unknown method 405, a representation nobody has 406, and only then does the resource speak
// (and warn).
#include "fakeapi/cluster/api/api.hpp"

#include "fakeapi/cluster/api/render.hpp"
#include "fakeapi/cluster/api/respond.hpp"

namespace fakeapi::cluster {
namespace {

// As the routes of a real server offer them (go-restful's own text of a 406).
constexpr const char* item_forms =
    "application/json, application/yaml, application/vnd.kubernetes.protobuf";
constexpr const char* list_forms =
    "application/json, application/yaml, application/vnd.kubernetes.protobuf, "
    "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

constexpr const char* version_document =
    R"({"major":"1","minor":"37","emulationMajor":"1","emulationMinor":"37",)"
    R"("minCompatibilityMajor":"1","minCompatibilityMinor":"36","gitVersion":"v1.37.2+fakeapi",)"
    R"("gitCommit":"","gitTreeState":"clean","buildDate":"1970-01-01T00:00:00Z",)"
    R"("goVersion":"none","compiler":"none","platform":"linux/amd64"})";

// The checks by name, as far as anybody reads them (server/healthz).
std::string verbose_health(const std::string& path) {
  const std::string name = path.substr(1);
  return "[+]ping ok\n[+]log ok\n[+]etcd ok\n" + name + " check passed\n";
}

Response page_not_found() { return text_response(404, "404 page not found\n"); }

// A method fits a path when the kind has the verb and the path has the right depth.
bool method_fits(const Kind& kind, const Attributes& a) {
  if (!a.subresource.empty()) {
    const Subresource* sub = kind.subresource(a.subresource);
    for (std::string_view verb : sub->verbs) {
      if (verb == a.verb) return true;
    }
    return false;
  }
  if (a.legacy_watch) return kind.allows("watch");
  if (!kind.allows(a.verb)) return false;
  const bool on_item =
      a.verb == "get" || a.verb == "update" || a.verb == "patch" || a.verb == "delete";
  return on_item == a.item;
}

// POST to all namespaces has no namespace to write to; the path exists for reading.
bool writable_scope(const Kind& kind, const Attributes& a) {
  const bool reads = a.verb == "get" || a.verb == "list" || a.verb == "watch";
  return reads || !kind.namespaced || !a.namespace_name.empty();
}

}  // namespace

Response Api::answer(Instant now, const Request& request, const Uri& uri,
                     const Attributes& attributes, const Identity& user) {
  if (!attributes.is_resource) {
    Response response = answer_path(request, uri, attributes);
    compress(request.headers, response);
    return response;
  }
  if (!store_.kinds().serves(attributes.group, attributes.version)) return page_not_found();
  Call call;
  call.now = now;
  call.wall_now = wall_time(wall_time_, now);
  call.request = &request;
  call.uri = &uri;
  call.attributes = &attributes;
  call.user = &user;
  call.kind = store_.kinds().find(attributes.group, attributes.version, attributes.resource);
  if (call.kind == nullptr) return failure_response(resource_not_found());
  if (call.kind->namespaced) call.namespace_name = attributes.namespace_name;
  Response response = answer_resource(call);
  if (!response.stream) compress(request.headers, response);
  return response;
}

Response Api::answer_path(const Request& request, const Uri& uri, const Attributes& attributes) {
  const std::string& path = attributes.path;
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads) return failure_response(method_not_allowed());
  for (const char* health : {"/healthz", "/livez", "/readyz"}) {
    if (path == health || path.starts_with(std::string(health) + "/"))
      return uri.has("verbose") ? text_response(200, verbose_health(path))
                                : text_response(200, "ok");
  }
  if (path == "/version" || path == "/version/") {
    return json_response(200, std::make_shared<const std::string>(version_document));
  }
  if (openapi::is_v2_path(uri)) return openapi_v2_.answer(store_.kinds(), request);
  if (is_openapi_path(uri)) return openapi_response(store_.kinds(), request, uri);
  if (!is_discovery_path(uri)) return page_not_found();
  const auto form = negotiate(request.headers, uri.parameter("pretty"),
                              uri.segments.size() == 1 ? Answers::discovery : Answers::plain);
  if (!form) return failure_response(not_acceptable(item_forms));
  const Bytes document = discovery_document(store_.kinds(), uri, *form);
  if (!document) return page_not_found();
  Response response = json_response(200, document);
  std::string& type = response.headers.back().second;
  if (form->form == Representation::Form::yaml) type = "application/yaml";
  if (form->form == Representation::Form::aggregated)
    type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  return response;
}

Response Api::answer_resource(Call& call) {
  const Attributes& a = *call.attributes;
  const Kind& kind = *call.kind;
  if (!a.subresource.empty()) {
    call.subresource = kind.subresource(a.subresource);
    if (call.subresource == nullptr) return failure_response(resource_not_found());
  }
  if (!method_fits(kind, a) || !writable_scope(kind, a))
    return failure_response(method_not_allowed());
  const bool is_list = a.verb == "list" || a.verb == "deletecollection";
  auto form = negotiate(call.request->headers, call.uri->parameter("pretty"),
                        a.verb == "watch" ? Answers::stream : Answers::objects);
  if (!form) {
    const bool list_path = is_list || a.verb == "watch";
    return failure_response(not_acceptable(list_path ? list_forms : item_forms));
  }
  call.representation = std::move(*form);
  if (const auto failure = check_representation(call, is_list)) return failure_response(*failure);
  if (a.verb == "patch") {
    const auto type = find_header(call.request->headers, "Content-Type").value_or("");
    if (!is_patch_type(kind, media_type(type))) {
      return failure_response(unsupported_media_type("415: Unsupported Media Type"));
    }
  }
  if (!kind.warning.empty()) call.warnings.emplace_back(kind.warning);
  Response response = dispatch(call);
  add_warnings(response, call.warnings);
  return response;
}

Response Api::dispatch(Call& call) {
  const std::string& verb = call.attributes->verb;
  if (is_action(call)) return act(call);
  if (verb == "get") return get(call);
  if (verb == "list") return list(call);
  if (verb == "watch") return watch(call);
  if (verb == "create") return create(call);
  if (verb == "update") return replace(call);
  if (verb == "patch") return patch(call);
  if (verb == "delete") return remove(call);
  return remove_collection(call);
}

}  // namespace fakeapi::cluster
