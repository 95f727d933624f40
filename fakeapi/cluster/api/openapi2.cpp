// How it is served: kube-openapi pkg/handler/handler.go, http.ServeContent, and gziphandler.
#include "fakeapi/cluster/api/openapi2.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/negotiate.hpp"
#include "fakeapi/cluster/api/openapi2_document.hpp"
#include "fakeapi/cluster/protobuf/swagger.hpp"
#include "fakeapi/cluster/schema/gzip.hpp"

namespace fakeapi::cluster::openapi {
namespace {

constexpr std::string_view protobuf_type =
    "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
// What clients ask for, though it is no valid media type; the answer has the other name.
constexpr std::string_view protobuf_type_deprecated =
    "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

Bytes shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

// Clients keep the document for as long as its tag stays. FNV-1a is enough: it only has to differ.
std::string tag_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("\"{:016X}\"", hash);
}

// RFC 9110 13.1.2, weak comparison.
bool has_it_already(const Headers& headers, std::string_view etag) {
  const std::string_view known = find_header(headers, "If-None-Match").value_or("");
  return known == "*" || known.find(etag) != std::string_view::npos;
}

}  // namespace

bool is_v2_path(const Uri& uri) { return uri.path == "/openapi/v2"; }

void V2::refresh(const Kinds& kinds) {
  std::vector<std::shared_ptr<CustomKind>> custom;
  for (const Kind& kind : kinds.all()) {
    if (kind.served && kind.custom != nullptr) custom.push_back(kind.custom);
  }
  if (json_.plain && custom == made_of_) return;
  made_of_ = std::move(custom);
  const nlohmann::json document = v2_document(kinds);
  json_ = {shared(document.dump()), nullptr};
  protobuf_ = {shared(protobuf::swagger_bytes(document)), nullptr};
  etag_ = tag_of(*json_.plain);
}

const Bytes& V2::bytes_of(bool protobuf, bool gzip) {
  Form& form = protobuf ? protobuf_ : json_;
  if (!gzip) return form.plain;
  if (!form.gzip) form.gzip = shared(schema::gzip(*form.plain));
  return form.gzip;
}

Response V2::answer(const Kinds& kinds, const Request& request) {
  const auto type = first_acceptable(request.headers,
                                     {"application/json", protobuf_type_deprecated, protobuf_type});
  const bool gzip = takes_gzip(request.headers);
  Response response;
  response.body = shared({});
  response.headers = {
      {"Cache-Control", "no-cache, private"}, {"Vary", "Accept-Encoding"}, {"Vary", "Accept"}};
  if (!type) {
    response.status = 406;
    return response;
  }
  refresh(kinds);
  response.headers.emplace_back("Etag", etag_);
  if (has_it_already(request.headers, etag_)) {
    response.status = 304;
    return response;
  }
  const bool protobuf = *type != 0;
  response.headers.emplace_back("Content-Type", protobuf ? protobuf_type : "application/json");
  if (gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = bytes_of(protobuf, gzip);
  return response;
}

}  // namespace fakeapi::cluster::openapi
