// What a scenario does to a cluster by hand: each comes to the requests that an administrator would
// send.
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/cluster.hpp"
#include "fakeapi/cluster/failure.hpp"
#include "fakeapi/cluster/kinds.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr int first_error_status = 400;
constexpr const char* bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
constexpr const char* apply_type = "application/apply-patch+yaml";  // of which JSON is a part

/// The kind of this name; of several with one name the first, unless the version is given.
const Kind* find_kind(const Kinds& kinds, std::string_view kind, std::string_view api_version) {
  for (const Kind& row : kinds.all()) {
    if (row.served && row.kind == kind && (api_version.empty() || row.api_version() == api_version))
      return &row;
  }
  return nullptr;
}

std::string path_of(const Kind& kind, const std::string& namespace_name, const std::string& name) {
  const std::string root = kind.group.empty() ? "/api/" : "/apis/" + kind.group + "/";
  const std::string space = kind.namespaced ? "/namespaces/" + namespace_name : "";
  return fmt::format("{}{}{}/{}/{}", root, kind.version, space, kind.plural, name);
}

Response no_such_kind(const std::string& kind, const std::string& api_version) {
  return failure_response({404,
                           "NotFound",
                           fmt::format("no kind \"{}\" is served{}", kind,
                                       api_version.empty() ? "" : " in " + api_version),
                           {},
                           {}});
}

/// `fakeapi:NAME`, which gives one user a ClusterRole.
json binding_of(const std::string& user, const char* name, const char* role) {
  const json subject{{"kind", "User"}, {"apiGroup", "rbac.authorization.k8s.io"}, {"name", user}};
  json subjects = json::array();
  subjects.push_back(subject);
  return {{"kind", "ClusterRoleBinding"},
          {"apiVersion", "rbac.authorization.k8s.io/v1"},
          {"metadata", {{"name", name}}},
          {"roleRef",
           {{"kind", "ClusterRole"}, {"apiGroup", "rbac.authorization.k8s.io"}, {"name", role}}},
          {"subjects", subjects}};
}

}  // namespace

Response Cluster::apply(Instant now, const json& object) {
  const std::string kind_name = object.value("kind", "");
  const std::string api_version = object.value("apiVersion", "");
  const Kind* kind = find_kind(kinds(), kind_name, api_version);
  if (kind == nullptr) return no_such_kind(kind_name, api_version);
  json body = object;
  json& metadata = body["metadata"];
  if (!kind->namespaced) metadata.erase("namespace");
  const std::string path =
      path_of(*kind, metadata.value("namespace", ""), metadata.value("name", ""));
  const std::string options = "?fieldManager=scenario&force=true";
  Response response = operate(now, "PATCH", path + options, apply_type, body.dump());
  const bool has_status = body.contains("status") && kind->subresource("status") != nullptr;
  if (response.status >= first_error_status || !has_status) return response;
  return operate(now, "PATCH", path + "/status" + options, apply_type, body.dump());
}

Response Cluster::remove(Instant now, const std::string& kind_name, const std::string& api_version,
                         const std::string& namespace_name, const std::string& name,
                         int grace_period_seconds) {
  const Kind* kind = find_kind(kinds(), kind_name, api_version);
  if (kind == nullptr) return no_such_kind(kind_name, api_version);
  const json body{{"apiVersion", "v1"},
                  {"kind", "DeleteOptions"},
                  {"gracePeriodSeconds", grace_period_seconds}};
  return operate(now, "DELETE", path_of(*kind, namespace_name, name), "application/json",
                 body.dump());
}

void Cluster::set_rights(Instant now, const std::string& user, User::Rights rights) {
  constexpr const char* everything = "fakeapi:everything";
  constexpr const char* reader = "fakeapi:endpoints-reader";
  const auto set = [&](const char* name, const char* role, bool wanted) {
    operate(now, "DELETE", fmt::format("{}/{}", bindings, name), "", "");
    if (!wanted) return;
    operate(now, "POST", bindings, "application/json", binding_of(user, name, role).dump());
  };
  set(everything, "cluster-admin", rights == User::Rights::everything);
  set(reader, reader, rights == User::Rights::read_endpoints);
}

}  // namespace fakeapi::cluster
