// What is said to a credential plugin and what it answers: ExecCredential of
// client.authentication.k8s.io, v1 and v1beta1
// (kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "waiter/net/file.hpp"

namespace waiter::net {

/// The plugin of a kubeconfig's user.
struct CredentialPlugin {
  std::string api_version;
  std::string command;  // with a slash a path, else a name that PATH knows
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;  // added to ours
  std::string install_hint;
  std::string cluster_json;  // for spec.cluster; "" where the plugin is not told
};

/// What lets us in, from a plugin.
struct Credential {
  std::string token;
  std::string certificate;  // PEM, with `key`
  std::string key;
  std::optional<std::chrono::sys_seconds> expires_at;
};

/// The text of KUBERNETES_EXEC_INFO.
std::string exec_info(const CredentialPlugin& plugin);

/// Errors never hold any of the output: it may be a token.
std::variant<Credential, ConfigError> parse_exec_credential(std::string_view output,
                                                            const std::string& api_version);

/// RFC 3339, with a fraction or without. Seconds, as nanoseconds since 1970 end in 2262.
std::optional<std::chrono::sys_seconds> parse_rfc3339(const std::string& text);

}  // namespace waiter::net
