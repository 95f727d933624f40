// The users of a kubeconfig: token, password, client certificate, credential plugin.
#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include "waiter/net/kubeconfig_values.hpp"

namespace waiter::net {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 11> keys_known = {"token",
                                                         "tokenFile",
                                                         "client-certificate",
                                                         "client-certificate-data",
                                                         "client-key",
                                                         "client-key-data",
                                                         "username",
                                                         "password",
                                                         "exec",
                                                         "extensions",
                                                         "name"};

constexpr const char* cluster_extension = "client.authentication.k8s.io/exec";

std::vector<std::string> arguments_of(const json& exec) {
  std::vector<std::string> arguments;
  const auto found = exec.find("args");
  if (found == exec.end() || found->is_null()) return arguments;
  if (!found->is_array()) throw Unusable{"\"args\" of the credential plugin is no list"};
  for (const json& argument : *found) {
    arguments.push_back(text_of({{"args", argument}}, "args"));
  }
  return arguments;
}

std::vector<std::pair<std::string, std::string>> environment_of(const json& exec) {
  std::vector<std::pair<std::string, std::string>> variables;
  const auto found = exec.find("env");
  if (found == exec.end() || found->is_null()) return variables;
  if (!found->is_array()) throw Unusable{"\"env\" of the credential plugin is no list"};
  for (const json& variable : *found) {
    const std::string name = variable.is_object() ? text_of(variable, "name") : "";
    if (name.empty() || name.find('=') != std::string::npos) {
      throw Unusable{"\"env\" of the credential plugin has an entry without a name"};
    }
    variables.emplace_back(name, text_of(variable, "value"));
  }
  return variables;
}

/// spec.cluster of the ExecCredential: the cluster's own keys, the CA always as its text, and what
/// the cluster's extension holds for plugins.
std::string told_cluster(const json& cluster, const ClusterAccess& access) {
  json told = {{"server", text_of(cluster, "server")}};
  if (!access.server_name.empty()) told["tls-server-name"] = access.server_name;
  if (!access.verify_certificate) told["insecure-skip-tls-verify"] = true;
  if (access.ca.present()) {
    const auto ca = read_material(access.ca);
    if (const auto* error = std::get_if<ConfigError>(&ca)) throw Unusable{error->message};
    told["certificate-authority-data"] = encode_base64(std::get<std::string>(ca));
  }
  const auto extensions = cluster.find("extensions");
  if (extensions != cluster.end() && extensions->is_array()) {
    for (const json& entry : *extensions) {
      if (!entry.is_object() || text_of(entry, "name") != cluster_extension) continue;
      if (entry.contains("extension")) told["config"] = entry["extension"];
    }
  }
  return told.dump(-1, ' ', false, json::error_handler_t::replace);
}

CredentialPlugin plugin_of(const json& exec, const std::string& folder, const json& cluster,
                           const ClusterAccess& access) {
  if (!exec.is_object()) throw Unusable{"\"exec\" is no object"};
  CredentialPlugin plugin;
  plugin.command = text_of(exec, "command");
  if (plugin.command.empty()) throw Unusable{"\"exec\" names no command"};
  if (plugin.command.find('/') != std::string::npos) {
    plugin.command = path_from(folder.empty() ? "./" : folder, plugin.command);
  }
  plugin.api_version = text_of(exec, "apiVersion");
  if (plugin.api_version != "client.authentication.k8s.io/v1" &&
      plugin.api_version != "client.authentication.k8s.io/v1beta1") {
    throw Unusable{"the credential plugin's apiVersion \"" + plugin.api_version +
                   "\" is not supported (client.authentication.k8s.io/v1 and v1beta1 are)"};
  }
  const std::string interactive = text_of(exec, "interactiveMode");
  if (interactive == "Always") {
    throw Unusable{"the credential plugin has interactiveMode Always, but nobody is asked here"};
  }
  if (!interactive.empty() && interactive != "Never" && interactive != "IfAvailable") {
    throw Unusable{"interactiveMode \"" + interactive + "\" is not supported"};
  }
  plugin.arguments = arguments_of(exec);
  plugin.environment = environment_of(exec);
  plugin.install_hint = text_of(exec, "installHint");
  if (text_of(exec, "provideClusterInfo") == "true") {
    plugin.cluster_json = told_cluster(cluster, access);
  }
  return plugin;
}

}  // namespace

void take_user(const json& user, const std::string& folder, const json& cluster,
               ClusterAccess& access) {
  for (const auto& [key, value] : user.items()) {
    if (std::find(keys_known.begin(), keys_known.end(), key) != keys_known.end()) continue;
    // Impersonation: as, as-uid, as-groups, as-user-extra.
    const bool impersonates = key.rfind("as", 0) == 0 && (key.size() == 2 || key[2] == '-');
    throw Unusable{(impersonates ? "impersonation with \"" : "the way to authenticate \"") + key +
                   "\" is not supported"};
  }
  // The file is the one that is kept up to date (API of kubeconfig, AuthInfo.tokenFile).
  access.token.file = path_from(folder, text_of(user, "tokenFile"));
  if (access.token.file.empty()) access.token.text = text_of(user, "token");
  access.client_certificate = material_of(user, "client-certificate", folder);
  access.client_key = material_of(user, "client-key", folder);
  if (access.client_certificate.present() != access.client_key.present()) {
    throw Unusable{"only one of \"client-certificate\" and \"client-key\" is given"};
  }
  const std::string name = text_of(user, "username");
  const std::string password = text_of(user, "password");
  if (!name.empty() || !password.empty()) {
    if (access.token.present()) throw Unusable{"a user has both a token and a username; keep one"};
    access.basic = encode_base64(name + ":" + password);
  }
  const auto exec = user.find("exec");
  if (exec == user.end() || exec->is_null()) return;
  auto plugin = plugin_of(*exec, folder, cluster, access);
  // As client-go does: what is given itself is used, and the plugin is not asked.
  if (!access.token.present() && access.basic.empty()) access.plugin = std::move(plugin);
}

}  // namespace waiter::net
