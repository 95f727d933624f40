// Kubeconfig files (kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig):
// one file, one context.
#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include "waiter/net/cluster_access.hpp"
#include "waiter/net/url.hpp"
#include "waiter/net/yaml.hpp"

namespace waiter::net {
namespace {

using nlohmann::json;

struct Unusable {
  std::string message;
};

constexpr std::array<std::string_view, 8> user_keys_known = {
    "token",      "tokenFile",       "client-certificate", "client-certificate-data",
    "client-key", "client-key-data", "extensions",         "name"};

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return "";
  if (!found->is_string()) throw Unusable{std::string("\"") + key + "\" is no text"};
  return found->get<std::string>();
}

/// The entry of that name in one of the lists `clusters`, `users`, `contexts`; its value stands
/// under `kind`.
json named(const json& config, const char* list, const char* kind, const std::string& name) {
  const auto found = config.find(list);
  if (found != config.end() && found->is_array()) {
    for (const json& entry : *found) {
      if (!entry.is_object() || text_of(entry, "name") != name) continue;
      const auto value = entry.find(kind);
      return value != entry.end() && value->is_object() ? *value : json::object();
    }
  }
  throw Unusable{std::string("it has no ") + kind + " named \"" + name + "\""};
}

std::string decode_base64(std::string text, const char* key) {
  text.erase(std::remove_if(text.begin(), text.end(),
                            [](char c) { return c == '\n' || c == ' ' || c == '\r'; }),
             text.end());
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) throw Unusable{std::string("\"") + key + "\" is no base64"};
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  bytes.resize(static_cast<std::size_t>(size) - std::min(padding, static_cast<std::size_t>(size)));
  return bytes;
}

/// KEY-data holds the text itself in base64 and wins over KEY, a path relative to the kubeconfig's
/// folder.
Material material_of(const json& object, const std::string& key, const std::string& folder) {
  const std::string data_key = key + "-data";
  const std::string data = text_of(object, data_key.c_str());
  if (!data.empty()) return {decode_base64(data, data_key.c_str()), ""};
  std::string path = text_of(object, key.c_str());
  if (!path.empty() && path.front() != '/') path = folder + path;
  return {"", path};
}

void take_cluster(const json& cluster, const std::string& folder, ClusterAccess& access) {
  const std::string server = text_of(cluster, "server");
  const auto url = parse_https_url(server);
  if (!url) throw Unusable{"the server \"" + server + "\" is not of the form https://HOST[:PORT]"};
  if (!text_of(cluster, "proxy-url").empty()) throw Unusable{"\"proxy-url\" is not supported"};
  access.host = url->host;
  access.port = url->port;
  access.path_prefix = url->path_prefix;
  access.server_name = text_of(cluster, "tls-server-name");
  access.ca = material_of(cluster, "certificate-authority", folder);
  const auto insecure = cluster.find("insecure-skip-tls-verify");
  access.verify_certificate = insecure == cluster.end() || *insecure != true;
}

void take_user(const json& user, const std::string& folder, ClusterAccess& access) {
  for (const auto& [key, value] : user.items()) {
    if (std::find(user_keys_known.begin(), user_keys_known.end(), key) == user_keys_known.end()) {
      throw Unusable{"the way to authenticate \"" + key + "\" is not supported"};
    }
  }
  access.token.text = text_of(user, "token");
  if (access.token.text.empty()) {
    access.token.file = text_of(user, "tokenFile");
    if (!access.token.file.empty() && access.token.file.front() != '/') {
      access.token.file = folder + access.token.file;
    }
  }
  access.client_certificate = material_of(user, "client-certificate", folder);
  access.client_key = material_of(user, "client-key", folder);
}

ClusterAccess access_of(const json& config, const std::string& path, const std::string& wanted) {
  if (!config.is_object()) throw Unusable{"it is no kubeconfig"};
  const std::string name = wanted.empty() ? text_of(config, "current-context") : wanted;
  if (name.empty()) throw Unusable{"it has no current-context; name one with --context"};
  const json context = named(config, "contexts", "context", name);
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  ClusterAccess access;
  access.origin = "kubeconfig " + path;
  take_cluster(named(config, "clusters", "cluster", text_of(context, "cluster")), folder, access);
  const std::string user = text_of(context, "user");
  if (!user.empty()) take_user(named(config, "users", "user", user), folder, access);
  access.namespace_name = text_of(context, "namespace");
  if (access.namespace_name.empty()) access.namespace_name = "default";
  return access;
}

}  // namespace

AccessResult kubeconfig_access(const std::string& path, const std::string& context) {
  const auto text = read_file(path);
  if (const auto* error = std::get_if<ConfigError>(&text))
    return ConfigError{"kubeconfig: " + error->message};
  auto config = parse_yaml(std::get<std::string>(text));
  if (const auto* error = std::get_if<ConfigError>(&config)) {
    return ConfigError{"kubeconfig " + path + ": " + error->message};
  }
  try {
    return access_of(std::get<json>(config), path, context);
  } catch (const Unusable& unusable) {
    return ConfigError{"kubeconfig " + path + ": " + unusable.message};
  }
}

}  // namespace waiter::net
