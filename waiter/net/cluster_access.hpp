// Where the API server is and how to be let in: from the Pod's own surroundings or from a
// kubeconfig. Everything that the user can get wrong is found here, before the first request.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "waiter/net/exec_credential.hpp"
#include "waiter/net/file.hpp"

namespace waiter::net {

/// A text that is given itself or by a file that is read again when it is needed (kubelet replaces
/// token and CA).
struct Material {
  std::string text;  // given itself; "" when `file` is set
  std::string file;
  bool present() const { return !text.empty() || !file.empty(); }
};

struct ClusterAccess {
  std::string host;  // a name or an address without brackets
  int port = 443;
  std::string path_prefix;  // "" or "/k8s/clusters/c-1": servers behind a gateway
  bool verify_certificate = true;
  std::string server_name;  // the name that the certificate must carry; "" is `host`
  Material ca;              // PEM
  Material token;
  std::string basic;  // of the header "Authorization: Basic", in place of a token
  std::optional<CredentialPlugin> plugin;  // gives token or client certificate
  Material client_certificate;             // PEM, with client_key
  Material client_key;
  std::string namespace_name;  // the default for dependencies; "" where nothing says it
  std::string origin;   // for messages: "in-cluster configuration", "kubeconfig /root/.kube/config"
  bool in_pod = false;  // the access that kubelet gives, and not a kubeconfig

  /// "https://10.0.0.1:443", with brackets around an IPv6 address.
  std::string url() const;
  /// "10.0.0.1:443": the Host header (RFC 9110 7.2).
  std::string authority() const;
};

using AccessResult = std::variant<ClusterAccess, ConfigError>;
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// In a Pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, and `directory` with token,
/// ca.crt and namespace (kubernetes.io/docs/tasks/run-application/access-api-from-pod).
AccessResult in_cluster_access(const Environment& environment, const std::string& directory);

/// One kubeconfig, or several that are merged; `context` "" is the current-context. A way to
/// authenticate that is not supported is an error with its name, and never silently no
/// authentication.
AccessResult kubeconfig_access(const std::vector<std::string>& paths, const std::string& context);

/// Reads token, CA and certificates once, to find early what cannot work.
std::optional<ConfigError> check_access(const ClusterAccess& access);

/// The text of `material`, read from its file when it has one.
std::variant<std::string, ConfigError> read_material(const Material& material);

}  // namespace waiter::net
