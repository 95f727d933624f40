// Where an API server is and how to be let in: from a kubeconfig, or from a Pod's own surroundings.
// What is wrong with them is found here, before anything is sent.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fakeapi::client {

/// One line for people: what failed, on what, and what to do.
struct Problem {
  std::string message;
};

template <class T>
using Or = std::variant<T, Problem>;

/// A text that is given itself, or by a file, which is read anew for each use: kubelet and others
/// replace tokens and certificates.
struct Material {
  std::string text;
  std::string file;
  bool present() const { return !text.empty() || !file.empty(); }
};
Or<std::string> read(const Material& material);

/// The credential plugin of a user (client.authentication.k8s.io, v1 and v1beta1).
struct Plugin {
  std::string api_version;
  std::string command;  // with a slash a path, else a name that PATH knows
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;  // added to ours
  std::string install_hint;
  std::string cluster_json;  // spec.cluster of what it is told; "" where it is not told
};

struct Access {
  std::string host;  // a name or an address, without brackets
  int port = 443;
  std::string path_prefix;  // "" or "/k8s/clusters/c-1"
  bool verify = true;       // the server's certificate
  std::string server_name;  // that the certificate must carry; "" is `host`
  Material ca;              // PEM; none: the system's
  Material token;
  std::string basic;  // "user:password"
  Material certificate, key;
  std::optional<Plugin> plugin;
  std::string namespace_name = "default";
  std::string origin;  // "context prod of kubeconfig /root/.kube/config"

  /// "10.0.0.1:443", with brackets around an IPv6 address.
  std::string authority() const;
};

using Environment = std::function<const char*(const char* name)>;

/// --kubeconfig; "" means what KUBECONFIG names, else ~/.kube/config where it is there, else the
/// Pod's own access. `context` "" is the current context.
Or<Access> find_access(const std::string& kubeconfig, const std::string& context,
                       const Environment& environment);

/// Several files are merged as kubectl does: the first that has a name wins. A key that would
/// change who is spoken to or how is either understood or a problem.
Or<Access> kubeconfig_access(const std::vector<std::string>& paths, const std::string& context);

/// In a Pod (kubernetes.io/docs/tasks/run-application/access-api-from-pod).
Or<Access> pod_access(const Environment& environment, const std::string& folder);

/// https://HOST[:PORT][/PATH] into host, port and path_prefix; false for all else.
bool take_url(const std::string& url, Access& access);

}  // namespace fakeapi::client
