// The path's grammar: [/api/VERSION |
// /apis/GROUP/VERSION][/watch][/namespaces/NS]/RESOURCE[/NAME[/SUBRESOURCE]].
#include "fakeapi/cluster/api/route.hpp"

#include "fakeapi/cluster/selection.hpp"

namespace fakeapi::cluster {
namespace {

std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return text;
}

std::string verb_of(const std::string& method) {
  if (method == "POST") return "create";
  if (method == "GET" || method == "HEAD") return "get";
  if (method == "PUT") return "update";
  if (method == "PATCH") return "patch";
  if (method == "DELETE") return "delete";
  return lower_case(method);
}

// Where the parts after group and version begin; 0 when the path is no resource path.
std::size_t read_prefix(const Uri& uri, Attributes& out) {
  const auto& parts = uri.segments;
  if (parts.size() >= 3 && parts[0] == "api") {
    out.version = parts[1];
    return 2;
  }
  if (parts.size() >= 4 && parts[0] == "apis") {
    out.group = parts[1];
    out.version = parts[2];
    return 3;
  }
  return 0;
}

void read_resource(const std::vector<std::string>& parts, std::size_t at, Attributes& out) {
  const auto part = [&](std::size_t i) { return i < parts.size() ? parts[i] : std::string(); };
  if (part(at) == "namespaces" && parts.size() > at + 1) {
    out.namespace_name = part(at + 1);
    // /namespaces/x is the Namespace itself, and so are its subresources.
    const std::string& next = part(at + 2);
    if (parts.size() > at + 2 && next != "status" && next != "finalize") {
      at += 2;
    }
  }
  out.resource = part(at);
  out.name = part(at + 1);
  out.subresource = part(at + 2);
  out.item = !out.name.empty();
}

// A list or watch whose field selector names one object is about that object.
void read_collection_verb(const Uri& uri, Attributes& out) {
  if (out.verb == "delete") out.verb = "deletecollection";
  if (out.verb != "get") return;
  out.verb = out.legacy_watch || uri.flag("watch").value_or(false) ? "watch" : "list";
  if (auto fields = parse_field_selector(uri.parameter("fieldSelector"))) {
    out.name = required_name(*fields);
  }
}

}  // namespace

Attributes attributes_of(const std::string& method, const Uri& uri) {
  Attributes out;
  out.path = uri.path;
  std::size_t at = read_prefix(uri, out);
  if (at == 0) {
    out.verb = lower_case(method);
    return out;
  }
  out.is_resource = true;
  out.verb = verb_of(method);
  if (uri.segments[at] == "watch" && uri.segments.size() > at + 1) {
    out.legacy_watch = true;
    out.verb = "watch";
    ++at;
  }
  read_resource(uri.segments, at, out);
  if (!out.item) read_collection_verb(uri, out);
  if (out.legacy_watch) out.verb = "watch";
  return out;
}

}  // namespace fakeapi::cluster
