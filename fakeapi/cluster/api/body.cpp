// What a client sends: objects and options, as JSON, YAML or protobuf.
#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/api/strict_json.hpp"
#include "fakeapi/cluster/api/yaml.hpp"
#include "fakeapi/cluster/protobuf/decode.hpp"
#include "fakeapi/cluster/schema/decode.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

struct Body {
  json value;
  std::vector<std::string> duplicates;
};

// The group, version and kind that the path stands for: the object's, or the subresource's own.
struct Wanted {
  std::string api_version;
  std::string version;
  std::string kind;
};

Wanted wanted_of(const Call& call) {
  const bool own = call.subresource != nullptr && !call.subresource->body.kind.empty();
  if (!own) return {call.kind->api_version(), call.kind->version, call.kind->kind};
  const BodyKind& body = call.subresource->body;
  if (body.version.empty())
    return {call.kind->api_version(), call.kind->version, std::string(body.kind)};
  return {fmt::format("{}/{}", body.group, body.version), std::string(body.version),
          std::string(body.kind)};
}

const schema::Type& type_of(const Call& call) {
  const bool own = call.subresource != nullptr && !call.subresource->body.kind.empty();
  if (!own) return call.kind->type();
  const BodyKind& body = call.subresource->body;
  // The documents of the groups that have it as a subresource hold its schema too.
  const schema::Types* types = schema::types_of(call.kind->group, call.kind->version);
  if (body.version.empty()) return *types->find(call.kind->group, call.kind->version, body.kind);
  // Custom resources have no document, and their only such subresource is scale.
  if (types == nullptr) types = schema::types_of("apps", "v1");
  const schema::Type* found = types->find(body.group, body.version, body.kind);
  return found != nullptr ? *found
                          : *schema::types_of(body.group, body.version)
                                 ->find(body.group, body.version, body.kind);
}

Failure unrecognized(const Wanted& wanted, std::string_view why) {
  return bad_request(fmt::format("the object provided is unrecognized (must be of type {}): {}",
                                 wanted.kind, why));
}

// Go's %q of the first bytes of the data (rest.go, summarizeData).
std::string summary(std::string_view data) {
  constexpr std::size_t shown_max = 30;
  if (data.empty()) return "<empty>";
  if (data.front() == '{')
    return data.size() > shown_max ? std::string(data.substr(0, shown_max)) + " ..."
                                   : std::string(data);
  std::string hex;
  for (const char c : data.substr(0, shown_max))
    hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return data.size() > shown_max ? hex + " ..." : hex;
}

Result<Body> parse_json(const Call& call) {
  const std::string_view text = call.request->body;
  StrictJson parsed = parse_strict(text);
  if (parsed.error || !parsed.value.is_object()) {
    return unrecognized(wanted_of(call),
                        fmt::format("couldn't get version/kind; json parse error: {} ({})",
                                    parsed.error.value_or("not an object"), summary(text)));
  }
  return Body{std::move(parsed.value), std::move(parsed.duplicates)};
}

Result<Body> parse_protobuf(const Call& call) {
  const auto envelope = protobuf::open(call.request->body);
  if (!envelope) {
    return unrecognized(wanted_of(call),
                        "provided data does not appear to be a protobuf message, expected prefix "
                        "[107 56 115 0]");
  }
  const Wanted wanted = wanted_of(call);
  const bool fits = (envelope->kind.empty() || envelope->kind == wanted.kind) &&
                    (envelope->api_version.empty() || envelope->api_version == wanted.api_version);
  auto value = fits ? protobuf::decode(type_of(call), envelope->raw) : json::object();
  if (!value) return unrecognized(wanted, "proto: illegal wireType or truncated message");
  (*value)["kind"] = envelope->kind.empty() ? wanted.kind : envelope->kind;
  (*value)["apiVersion"] =
      envelope->api_version.empty() ? wanted.api_version : envelope->api_version;
  return Body{std::move(*value), {}};
}

Result<Body> parse_body(const Call& call) {
  const auto header = find_header(call.request->headers, "Content-Type");
  const std::string type = media_type(header.value_or("application/json"));
  if (type == "application/json" || type.empty()) return parse_json(call);
  if (type == "application/yaml") {
    auto value = parse_yaml(call.request->body);
    if (value && value->is_object()) return Body{std::move(*value), {}};
    return unrecognized(wanted_of(call), "couldn't get version/kind; yaml parse error");
  }
  if (type == protobuf::media_type && call.kind->custom == nullptr &&
      call.kind->group != "apiextensions.k8s.io")
    return parse_protobuf(call);
  return unsupported_media_type(
      "the body of the request was in an unknown format - accepted media types include: "
      "application/json, application/yaml, application/vnd.kubernetes.protobuf");
}

std::optional<Failure> wrong_kind(const Wanted& wanted, const json& body) {
  const std::string kind = string_at(body, {"kind"});
  const std::string version = string_at(body, {"apiVersion"});
  if (kind.empty() && version.empty()) return std::nullopt;  // the path says it
  const bool fits =
      (kind.empty() || kind == wanted.kind) && (version.empty() || version == wanted.api_version);
  if (fits) return std::nullopt;
  return bad_request(fmt::format(
      "{} in version {} cannot be handled as a {}: converting ({}.{}) to {}: unknown conversion",
      kind, in_quotes(version), wanted.kind, version, kind, wanted.kind));
}

// Only the last part of a group and version.
std::string version_of(const Wanted& wanted) { return in_quotes(wanted.version); }

}  // namespace

std::optional<Failure> judge_strict(Call& call, std::vector<std::string> errors,
                                    const std::function<Failure(const std::string&)>& refuse) {
  if (errors.empty()) return std::nullopt;
  const std::string_view mode = call.uri->parameter("fieldValidation");
  if (mode == "Strict")
    return refuse(fmt::format("strict decoding error: {}", fmt::join(errors, ", ")));
  if (mode != "Ignore") call.warnings.insert(call.warnings.end(), errors.begin(), errors.end());
  return std::nullopt;
}

Result<json> read_body(Call& call) {
  auto body = parse_body(call);
  if (!body) return body.failure();
  const Wanted wanted = wanted_of(call);
  if (auto failure = wrong_kind(wanted, body->value)) return *failure;
  const schema::Type& type = type_of(call);
  schema::Decoded decoded = schema::decode(type, body->value, schema::EmptyLists::kept);
  const auto refuse = [&wanted](const std::string& why) {
    return bad_request(fmt::format("{} in version {} cannot be handled as a {}: {}", wanted.kind,
                                   version_of(wanted), wanted.kind, why));
  };
  if (decoded.error) return refuse(*decoded.error);
  if (&type == &call.kind->type()) call.decoded = decoded.kept_empty;
  std::vector<std::string> errors = std::move(body->duplicates);
  for (const std::string& path :
       in_order_of_appearance(call.request->body, std::move(decoded.unknown)))
    errors.push_back(fmt::format("unknown field {}", in_quotes(path)));
  if (auto failure = judge_strict(call, std::move(errors), refuse)) return *failure;
  const std::string space = string_at(body->value, {"metadata", "namespace"});
  if (!space.empty() && space != call.namespace_name) {
    return bad_request(
        "the namespace of the provided object does not match the namespace sent on the request");
  }
  body->value["kind"] = wanted.kind;
  body->value["apiVersion"] = wanted.api_version;
  return std::move(body->value);
}

}  // namespace fakeapi::cluster
