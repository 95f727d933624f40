// Kubeconfig files (kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig):
// one context of one file, or of several that are merged as kubectl does.
#include <algorithm>
#include <array>
#include <string_view>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "waiter/net/cluster_access.hpp"
#include "waiter/net/kubeconfig_values.hpp"
#include "waiter/net/url.hpp"
#include "waiter/net/yaml.hpp"

namespace waiter::net {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 9> cluster_keys_known = {
    "server",
    "tls-server-name",
    "insecure-skip-tls-verify",
    "certificate-authority",
    "certificate-authority-data",
    "disable-compression",  // we ask for none
    "extensions",
    "api-version",  // old files have it, and nothing reads it
    "proxy-url"};

struct File {
  std::string path;
  std::string folder;  // with a slash at its end, or ""
  json content;
};

/// An entry of one of the lists, and where its relative paths start.
struct Entry {
  json value;
  std::string folder;
};

/// The entry of that name in the lists `clusters`, `users` or `contexts`; its value stands under
/// `kind`. The first file that has the name wins.
Entry named(const std::vector<File>& files, const char* list, const char* kind,
            const std::string& name) {
  for (const File& file : files) {
    const auto found = file.content.find(list);
    if (found == file.content.end() || !found->is_array()) continue;
    for (const json& entry : *found) {
      if (!entry.is_object() || text_of(entry, "name") != name) continue;
      const auto value = entry.find(kind);
      const bool usable = value != entry.end() && value->is_object();
      return {usable ? *value : json::object(), file.folder};
    }
  }
  throw Unusable{std::string("it has no ") + kind + " named \"" + name + "\""};
}

std::string current_context(const std::vector<File>& files) {
  for (const File& file : files) {
    const std::string name = text_of(file.content, "current-context");
    if (!name.empty()) return name;
  }
  throw Unusable{"it has no current-context; name one with --context"};
}

void take_cluster(const Entry& entry, ClusterAccess& access) {
  const json& cluster = entry.value;
  for (const auto& [key, value] : cluster.items()) {
    const bool known = std::find(cluster_keys_known.begin(), cluster_keys_known.end(), key) !=
                       cluster_keys_known.end();
    if (!known) throw Unusable{"\"" + key + "\" of the cluster is not supported"};
  }
  const std::string server = text_of(cluster, "server");
  const auto url = parse_https_url(server);
  if (!url) throw Unusable{"the server \"" + server + "\" is not of the form https://HOST[:PORT]"};
  if (!text_of(cluster, "proxy-url").empty()) throw Unusable{"\"proxy-url\" is not supported"};
  access.host = url->host;
  access.port = url->port;
  access.path_prefix = url->path_prefix;
  access.server_name = text_of(cluster, "tls-server-name");
  access.ca = material_of(cluster, "certificate-authority", entry.folder);
  access.verify_certificate = text_of(cluster, "insecure-skip-tls-verify") != "true";
}

ClusterAccess access_of(const std::vector<File>& files, const std::string& wanted) {
  const json context =
      named(files, "contexts", "context", wanted.empty() ? current_context(files) : wanted).value;
  const Entry cluster = named(files, "clusters", "cluster", text_of(context, "cluster"));
  ClusterAccess access;
  take_cluster(cluster, access);
  const std::string name = text_of(context, "user");
  if (!name.empty()) {
    const Entry user = named(files, "users", "user", name);
    take_user(user.value, user.folder, cluster.value, access);
  }
  access.namespace_name = text_of(context, "namespace");
  if (access.namespace_name.empty()) access.namespace_name = "default";
  return access;
}

std::variant<File, ConfigError> read_kubeconfig(const std::string& path) {
  const auto text = read_file(path);
  if (const auto* error = std::get_if<ConfigError>(&text))
    return ConfigError{"kubeconfig: " + error->message};
  auto content = parse_yaml(std::get<std::string>(text));
  if (const auto* error = std::get_if<ConfigError>(&content)) {
    return ConfigError{"kubeconfig " + path + ": " + error->message};
  }
  File file;
  file.path = path;
  file.folder = path.substr(0, path.rfind('/') + 1);  // npos + 1 is 0
  file.content = std::get<json>(std::move(content));
  if (file.content.is_null() || !file.content.is_object()) {
    return ConfigError{"kubeconfig " + path + ": it is no kubeconfig"};
  }
  return file;
}

}  // namespace

AccessResult kubeconfig_access(const std::vector<std::string>& paths, const std::string& context) {
  std::vector<File> files;
  std::string names;
  for (const std::string& path : paths) {
    // Of several, those that are not there are left out, as kubectl does; one alone is meant.
    const bool left_out = paths.size() > 1 && ::access(path.c_str(), F_OK) != 0;
    if (left_out) continue;
    auto file = read_kubeconfig(path);
    if (auto* error = std::get_if<ConfigError>(&file)) return std::move(*error);
    files.push_back(std::get<File>(std::move(file)));
    names += (names.empty() ? "" : ":") + path;
  }
  if (files.empty()) return ConfigError{"kubeconfig: none of the files that are named is there"};
  try {
    ClusterAccess access = access_of(files, context);
    access.origin = "kubeconfig " + names;
    return access;
  } catch (const Unusable& unusable) {
    return ConfigError{"kubeconfig " + names + ": " + unusable.message};
  }
}

}  // namespace waiter::net
