// Starts a credential plugin as a child and ends it. It gets its standard input empty, its standard
// error is ours, and no other descriptor of ours. It is ended when this process ends.
#pragma once

#include <string>
#include <sys/types.h>
#include <variant>

#include "waiter/net/exec_credential.hpp"

namespace waiter::net {

struct PluginProcess {
  pid_t pid = -1;
  int output = -1;  // reads its standard output; the caller closes it
};

std::variant<PluginProcess, ConfigError> start_plugin(const CredentialPlugin& plugin);

/// Why it cannot be started, as far as looking at the file tells; nothing where it may.
std::optional<ConfigError> check_plugin(const CredentialPlugin& plugin);

/// "credential plugin gke-gcloud-auth-plugin: WHY"
ConfigError plugin_error(const CredentialPlugin& plugin, const std::string& why);

}  // namespace waiter::net
