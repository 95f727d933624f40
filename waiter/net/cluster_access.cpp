#include "waiter/net/cluster_access.hpp"

#include "waiter/net/plugin_process.hpp"
#include "waiter/net/tls.hpp"
#include "waiter/net/url.hpp"

namespace waiter::net {

std::string ClusterAccess::url() const { return "https://" + authority() + path_prefix; }

std::string ClusterAccess::authority() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

AccessResult in_cluster_access(const Environment& environment, const std::string& directory) {
  const auto host = environment("KUBERNETES_SERVICE_HOST");
  const auto port = environment("KUBERNETES_SERVICE_PORT");
  if (!host || host->empty() || !port || port->empty()) {
    return ConfigError{
        "no cluster is given: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not both set "
        "(a Pod has them), "
        "and there is no --kubeconfig and no KUBECONFIG"};
  }
  const auto number = parse_port(*port);
  if (!number) return ConfigError{"KUBERNETES_SERVICE_PORT is no port: \"" + *port + "\""};
  ClusterAccess access;
  access.host = *host;
  access.port = *number;
  access.token.file = directory + "/token";
  access.ca.file = directory + "/ca.crt";
  access.origin = "in-cluster configuration";
  access.in_pod = true;
  // Only the default of dependencies without a namespace: a Pod whose token is mounted without it
  // has none to read.
  const auto name = read_file(directory + "/namespace");
  if (const auto* text = std::get_if<std::string>(&name)) {
    access.namespace_name = trimmed(*text);
  }
  return access;
}

std::variant<std::string, ConfigError> read_material(const Material& material) {
  if (material.file.empty()) return material.text;
  return read_file(material.file);
}

std::optional<ConfigError> check_access(const ClusterAccess& access) {
  if (!access.token.file.empty()) {
    const auto token = read_token(access.token.file);
    if (const auto* error = std::get_if<ConfigError>(&token)) {
      return ConfigError{
          error->message +
          "; is the service account's token mounted (automountServiceAccountToken)?"};
    }
  }
  if (access.plugin) {
    if (auto error = check_plugin(*access.plugin)) return error;
  }
  return check_tls(access);
}

}  // namespace waiter::net
