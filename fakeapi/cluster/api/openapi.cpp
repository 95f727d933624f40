// OpenAPI v3: an index, and one document for each group and version. The documents of built-in
// groups are the recorded ones, sent as they are stored, compressed, to whoever takes gzip; those
// of custom groups are made of their definitions (kube-openapi pkg/handler3).
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/api/openapi_custom.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/schema/gzip.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr std::size_t path_depth = 2;  // "openapi", "v3"

Bytes bytes_of(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

// Clients keep a document for as long as its hash stays. FNV-1a is enough: it only has to differ.
std::string hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:016X}", hash);
}

Response index(const Kinds& kinds) {
  json paths = json::object();
  const auto add = [&paths](const std::string& path, std::string_view text) {
    paths[path] = {
        {"serverRelativeURL", fmt::format("/openapi/v3/{}?hash={}", path, hash_of(text))}};
  };
  for (const schema::Document& one : schema::documents()) add(one.path, one.gzip);
  for (const std::string& path : openapi::custom_paths(kinds))
    add(path, openapi::custom_document(kinds, path).dump());
  Response response = json_response(200, bytes_of(json{{"paths", std::move(paths)}}.dump()));
  // Recorded: the index says it is plain text.
  response.headers.back().second = "text/plain; charset=utf-8";
  return response;
}

std::optional<std::string_view> recorded_document(const std::string& path) {
  for (const schema::Document& one : schema::documents()) {
    if (one.path == path) return one.gzip;
  }
  return std::nullopt;
}

Response document_response(std::string text) {
  return json_response(200, bytes_of(std::move(text)));
}

}  // namespace

bool is_openapi_path(const Uri& uri) {
  return uri.segments.size() >= path_depth && uri.segments[0] == "openapi" &&
         uri.segments[1] == "v3";
}

Response openapi_response(const Kinds& kinds, const Request& request, const Uri& uri) {
  if (uri.segments.size() == path_depth) return index(kinds);
  const std::string path =
      fmt::format("{}", fmt::join(uri.segments.begin() + path_depth, uri.segments.end(), "/"));
  // Protobuf alone is for clients that fall back to JSON when they are told so.
  if (!negotiate(request.headers, {}, Answers::plain))
    return failure_response(not_acceptable("application/json"));
  if (const auto gzip = recorded_document(path)) {
    if (!takes_gzip(request.headers)) return document_response(schema::gunzip(*gzip));
    Response response = document_response(std::string(*gzip));
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.headers.emplace_back("Vary", "Accept-Encoding");
    return response;
  }
  const auto custom = openapi::custom_paths(kinds);
  if (std::find(custom.begin(), custom.end(), path) == custom.end())
    return text_response(404, "404 page not found\n");
  return document_response(openapi::custom_document(kinds, path).dump());
}

}  // namespace fakeapi::cluster
