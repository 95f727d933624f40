// The folder that lets clients in: CA, kubeconfig, tokens, and a service account's files as a Pod
// would see them.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "fakeapi/server/socket.hpp"

namespace fakeapi::run {

struct AccessFiles {
  std::string ca_pem;
  std::string url;             // https://127.0.0.1:6443
  std::string namespace_name;  // of the kubeconfig's context and of the service account
  std::string admin_token;
  std::string nobody_token;  // a user without any right
  std::string serviceaccount_token;
  bool account_is_current = false;  // whose context the kubeconfig begins with: else the admin's
};

/// Makes the folder where it is missing and writes ca.crt, kubeconfig, tokens.json, each whole or
/// not at all, and serviceaccount/{ca.crt,token,namespace} as kubelet does (projected_volume.hpp).
/// The folder is this process's own for as long as the returned descriptor is open: a second
/// fakeapi would take the files of the first away from its clients. After an error, which is a
/// text, nothing that this call wrote is left.
std::variant<server::UniqueFd, std::string> write_access_files(const std::string& folder,
                                                               const AccessFiles& files);

/// The same files once more, with other tokens or another CA. The folder is the caller's own
/// already.
std::optional<std::string> update_access_files(const std::string& folder, const AccessFiles& files);

}  // namespace fakeapi::run
