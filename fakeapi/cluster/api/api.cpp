// From path to handler. The order of the checks is that of the recordings: an unknown path is 404,
// an unknown method 405, a representation nobody has 406, and only then does the resource speak
// (and warn).
#include "fakeapi/cluster/api/api.hpp"

#include "fakeapi/cluster/api/respond.hpp"

namespace fakeapi::cluster {
namespace {

constexpr const char* version_document =
    R"({"major":"1","minor":"37","emulationMajor":"1","emulationMinor":"37",)"
    R"("minCompatibilityMajor":"1","minCompatibilityMinor":"36","gitVersion":"v1.37.2+fakeapi",)"
    R"("gitCommit":"","gitTreeState":"clean","buildDate":"1970-01-01T00:00:00Z",)"
    R"("goVersion":"none","compiler":"none","platform":"linux/amd64"})";

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
                     const Attributes& attributes) {
  if (!attributes.is_resource) return answer_path(request, uri, attributes);
  if (!group_version_exists(attributes.group, attributes.version)) return page_not_found();
  Call call;
  call.now = now;
  call.request = &request;
  call.uri = &uri;
  call.attributes = &attributes;
  call.kind = find_kind(attributes.group, attributes.version, attributes.resource);
  if (call.kind == nullptr) return failure_response(resource_not_found());
  if (call.kind->namespaced) call.namespace_name = attributes.namespace_name;
  return answer_resource(call);
}

Response Api::answer_path(const Request& request, const Uri& uri,
                          const Attributes& attributes) const {
  const std::string& path = attributes.path;
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads) return failure_response(method_not_allowed());
  if (path == "/healthz" || path == "/livez" || path == "/readyz") return text_response(200, "ok");
  if (path == "/version") {
    return json_response(200, std::make_shared<const std::string>(version_document));
  }
  if (!is_discovery_path(uri)) return page_not_found();
  const auto form = accepted(find_header(request.headers, "Accept"), uri.segments.size() == 1);
  if (!form) return failure_response(not_acceptable());
  const Bytes document = discovery_document(uri, *form);
  if (!document) return page_not_found();
  Response response = json_response(200, document);
  if (*form == Representation::aggregated_discovery) {
    response.headers.back().second =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  }
  return response;
}

Response Api::answer_resource(Call& call) {
  const Attributes& a = *call.attributes;
  const Kind& kind = *call.kind;
  const bool unknown_subresource =
      !a.subresource.empty() && kind.subresource(a.subresource) == nullptr;
  if (unknown_subresource) return failure_response(resource_not_found());
  if (!method_fits(kind, a) || !writable_scope(kind, a))
    return failure_response(method_not_allowed());
  if (!accepted(find_header(call.request->headers, "Accept"), false)) {
    return failure_response(not_acceptable());
  }
  if (a.verb == "patch") {
    const auto type = find_header(call.request->headers, "Content-Type").value_or("");
    if (!is_patch_type(media_type(type))) {
      return failure_response(unsupported_media_type("415: Unsupported Media Type"));
    }
  }
  if (!kind.warning.empty()) call.warnings.emplace_back(kind.warning);
  Response response = dispatch(call);
  for (const std::string& warning : call.warnings) add_warning(response, warning);
  return response;
}

Response Api::dispatch(Call& call) {
  const std::string& verb = call.attributes->verb;
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
