// Function-local statics: made on first use, once, whichever thread comes first, and constant from
// then on.
#include "fakeapi/cluster/schema/documents.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/schema/embedded.hpp"
#include "fakeapi/cluster/schema/gzip.hpp"

namespace fakeapi::cluster::schema {
namespace {

using nlohmann::json;

// More than there are files; a template argument must be a constant.
constexpr std::size_t documents_max = 24;
constexpr std::string_view suffix = ".json.gz";

std::string_view file(std::string_view name) {
  for (const EmbeddedFile& one : embedded_files()) {
    if (one.name == name) return one.bytes;
  }
  assert(false && "an embedded file is missing");
  return {};
}

const json& go_types() {
  static const json facts = json::parse(file("go_types.json"));
  return facts;
}

// The object that begins at `from`, as text: up to its closing brace.
std::string_view object_at(std::string_view text, std::size_t from) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = from; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return text.substr(from, i + 1 - from);
    }
  }
  return {};
}

// Only the schemas: paths are most of a document, and to parse them takes three times as long as
// all the rest.
json schemas_of(std::string_view gzip) {
  const std::string text = gunzip(gzip);
  constexpr std::string_view key = "\"schemas\":";
  const std::size_t at = text.find(key);
  return at == std::string::npos ? json::object()
                                 : json::parse(object_at(text, text.find('{', at + key.size())));
}

Types read(std::size_t index) {
  Types types;
  types.add_document(schemas_of(documents()[index].gzip), go_types());
  return types;
}

template <std::size_t index>
const Types& types_at() {
  static const Types types = read(index);
  return types;
}

template <std::size_t... indexes>
constexpr std::array<const Types& (*)(), documents_max> readers(std::index_sequence<indexes...>) {
  return {types_at<indexes>...};
}

std::string path_of(std::string_view group, std::string_view version) {
  return group.empty() ? "api/" + std::string(version)
                       : "apis/" + std::string(group) + "/" + std::string(version);
}

std::vector<Document> list_documents() {
  std::vector<Document> out;
  for (const EmbeddedFile& one : embedded_files()) {
    if (!one.name.ends_with(suffix) || one.name.starts_with("protobuf")) continue;
    Document document{std::string(one.name.substr(0, one.name.size() - suffix.size())), one.bytes};
    std::replace(document.path.begin(), document.path.end(), '_', '/');
    out.push_back(std::move(document));
  }
  assert(out.size() <= documents_max);
  return out;
}

}  // namespace

const std::vector<Document>& documents() {
  static const std::vector<Document> all = list_documents();
  return all;
}

const Types* types_of(std::string_view group, std::string_view version) {
  static constexpr auto read_document = readers(std::make_index_sequence<documents_max>());
  const std::string path = path_of(group, version);
  for (std::size_t i = 0; i < documents().size(); ++i) {
    if (documents()[i].path == path) return &read_document[i]();
  }
  return nullptr;
}

const Type& object_meta() {
  static const Type& type =
      *types_of("", "v1")->find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
  return type;
}

const json& protobuf_fields() {
  static const json fields = [] {
    json all = json::parse(gunzip(file("protobuf_fields.json.gz")));
    all.update(json::parse(file("protobuf_more.json")));
    return all;
  }();
  return fields;
}

}  // namespace fakeapi::cluster::schema
