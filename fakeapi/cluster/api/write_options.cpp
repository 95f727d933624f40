// The options of writes, in the query or in a body of their own (apimachinery
// meta/v1/validation/validation.go).
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/api.hpp"
#include "fakeapi/cluster/fields/manager_name.hpp"
#include "fakeapi/cluster/protobuf/decode.hpp"
#include "fakeapi/cluster/schema/documents.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

void check_dry_run(const Uri& uri, FieldErrors& errors) {
  std::vector<std::string> values;
  bool wrong = false;
  for (const auto& [key, value] : uri.query) {
    if (key != "dryRun" || value.empty()) continue;
    values.push_back(in_quotes(value));
    wrong = wrong || value != "All";
  }
  if (!wrong) return;
  errors.push_back(
      {"FieldValueNotSupported",
       fmt::format("Unsupported value: [{}]: supported values: \"All\"", fmt::join(values, ",")),
       "dryRun"});
}

void check_field_validation(const Uri& uri, FieldErrors& errors) {
  const std::string_view mode = uri.parameter("fieldValidation");
  if (mode.empty() || mode == "Ignore" || mode == "Strict" || mode == "Warn") return;
  errors.push_back(not_supported_value("fieldValidation", mode, {"", "Ignore", "Strict", "Warn"}));
}

// The body of a DELETE, in one of the forms that a client may use.
Result<json> options_body(const Request& request) {
  const std::string type =
      media_type(find_header(request.headers, "Content-Type").value_or("application/json"));
  if (type == protobuf::media_type) {
    const auto envelope = protobuf::open(request.body);
    auto value =
        envelope ? protobuf::decode(*schema::types_of("", "v1")->find("", "v1", "DeleteOptions"),
                                    envelope->raw)
                 : std::nullopt;
    if (!value) return bad_request("couldn't get version/kind; protobuf parse error");
    return std::move(*value);
  }
  json body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) return bad_request("couldn't get version/kind; json parse error");
  return body;
}

DeleteOptions from_query(const Uri& uri) {
  DeleteOptions out;
  if (const auto seconds = parse_decimal(uri.parameter("gracePeriodSeconds")))
    out.grace_period_seconds = static_cast<std::int64_t>(*seconds);
  out.propagation = std::string(uri.parameter("propagationPolicy"));
  out.orphan_dependents = uri.flag("orphanDependents");
  return out;
}

void from_body(const json& body, DeleteOptions& out) {
  if (const json* seconds = find_at(body, {"gracePeriodSeconds"});
      seconds != nullptr && seconds->is_number_integer())
    out.grace_period_seconds = seconds->get<std::int64_t>();
  read_preconditions(body, out);
  out.propagation = string_at(body, {"propagationPolicy"});
  if (const json* orphan = find_at(body, {"orphanDependents"});
      orphan != nullptr && orphan->is_boolean())
    out.orphan_dependents = orphan->get<bool>();
  if (const json* dry = find_at(body, {"dryRun"}); dry != nullptr && *dry == json::array({"All"}))
    out.dry_run = true;
}

std::optional<Failure> check_propagation(const DeleteOptions& options) {
  FieldErrors errors;
  const std::string& policy = options.propagation;
  if (options.orphan_dependents && !policy.empty()) {
    errors.push_back(invalid_value("propagationPolicy", in_quotes(policy),
                                   "orphanDependents and deletionPropagation cannot be both set"));
  }
  if (!policy.empty() && policy != "Foreground" && policy != "Background" && policy != "Orphan") {
    errors.push_back(not_supported_value("propagationPolicy", policy,
                                         {"Foreground", "Background", "Orphan", "nil"}));
  }
  if (errors.empty()) return std::nullopt;
  return invalid_options("DeleteOptions", std::move(errors));
}

}  // namespace

void read_preconditions(const json& body, DeleteOptions& out) {
  const json* wanted = find_at(body, {"preconditions"});
  if (wanted == nullptr || !wanted->is_object()) return;
  if (wanted->contains("uid")) out.uid = string_at(*wanted, {"uid"});
  if (wanted->contains("resourceVersion"))
    out.resource_version = string_at(*wanted, {"resourceVersion"});
}

Result<WriteRequest> read_write_request(const Call& call, std::string_view options, bool applies) {
  FieldErrors errors;
  const Uri& uri = *call.uri;
  const std::string_view manager = uri.parameter("fieldManager");
  if (applies && manager.empty())
    errors.push_back(required_value("fieldManager", "is required for apply patch"));
  if (!applies && options == "PatchOptions" && uri.has("force"))
    errors.push_back(forbidden_value("force", "may not be specified for non-apply patch"));
  for (Cause& cause : fields::validate_field_manager(manager, "fieldManager"))
    errors.push_back(std::move(cause));
  check_dry_run(uri, errors);
  check_field_validation(uri, errors);
  if (!errors.empty()) return invalid_options(options, std::move(errors));
  WriteRequest out;
  out.dry_run = uri.parameter("dryRun") == "All";
  out.force = uri.flag("force").value_or(false);
  out.manager =
      fields::manager_name(manager, find_header(call.request->headers, "User-Agent").value_or(""));
  return out;
}

Result<DeleteOptions> read_delete_options(const Call& call) {
  DeleteOptions out = from_query(*call.uri);
  if (!call.request->body.empty()) {
    const auto body = options_body(*call.request);
    if (!body) return body.failure();
    from_body(*body, out);
  }
  FieldErrors errors;
  check_dry_run(*call.uri, errors);
  if (!errors.empty()) return invalid_options("DeleteOptions", std::move(errors));
  if (auto failure = check_propagation(out)) return *failure;
  out.dry_run = out.dry_run || call.uri->parameter("dryRun") == "All";
  return out;
}

}  // namespace fakeapi::cluster
