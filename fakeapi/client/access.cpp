#include "fakeapi/client/access.hpp"

#include <charconv>
#include <cstring>
#include <unistd.h>

#include "fakeapi/client/read_file.hpp"

namespace fakeapi::client {
namespace {

constexpr const char* pod_folder = "/var/run/secrets/kubernetes.io/serviceaccount";

std::string value_of(const Environment& environment, const char* name) {
  const char* value = environment(name);
  return value == nullptr ? "" : value;
}

std::vector<std::string> split(const std::string& paths) {
  std::vector<std::string> result;
  std::size_t at = 0;
  while (at <= paths.size()) {
    const auto end = std::min(paths.find(':', at), paths.size());
    if (end > at) result.push_back(paths.substr(at, end - at));
    at = end + 1;
  }
  return result;
}

std::optional<int> port_of(const std::string& text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || port < 1 || port > 65535) return std::nullopt;
  return port;
}

}  // namespace

Or<std::string> read(const Material& material) {
  if (material.file.empty()) return material.text;
  return read_small_file(material.file);
}

std::string Access::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool take_url(const std::string& url, Access& access) {
  const std::string scheme = "https://";
  if (url.compare(0, scheme.size(), scheme) != 0) return false;
  const auto slash = std::min(url.find('/', scheme.size()), url.size());
  std::string authority = url.substr(scheme.size(), slash - scheme.size());
  std::string path = url.substr(slash);
  while (!path.empty() && path.back() == '/') path.pop_back();
  std::string port;
  const auto bracket = authority.find(']');
  if (!authority.empty() && authority.front() == '[') {
    if (bracket == std::string::npos) return false;
    port = authority.substr(bracket + 1);
    authority = authority.substr(1, bracket - 1);
  } else if (const auto colon = authority.find(':'); colon != std::string::npos) {
    port = authority.substr(colon);
    authority.resize(colon);
  }
  // What would end the Host header or the path, or is a user's name or a query.
  const auto forbidden = [](const std::string& text) {
    for (const char c : text) {
      if (c <= ' ' || c == 0x7f || std::strchr("@?#", c) != nullptr) return true;
    }
    return false;
  };
  if (authority.empty() || forbidden(authority) || forbidden(path)) return false;
  if (!port.empty() && port.front() != ':') return false;
  const auto number = port.empty() ? std::optional(443) : port_of(port.substr(1));
  if (!number) return false;
  access.host = authority;
  access.port = *number;
  access.path_prefix = path;
  return true;
}

Or<Access> pod_access(const Environment& environment, const std::string& folder) {
  const auto port = port_of(value_of(environment, "KUBERNETES_SERVICE_PORT"));
  Access access;
  access.host = value_of(environment, "KUBERNETES_SERVICE_HOST");
  if (access.host.empty() || !port) {
    return Problem{
        "no cluster is given: --kubeconfig names a file; without it KUBECONFIG, ~/.kube/config and "
        "a Pod's own access are tried, and there is none of them"};
  }
  access.port = *port;
  access.token.file = folder + "/token";
  access.ca.file = folder + "/ca.crt";
  access.origin = "the Pod's own access";
  auto name = read_small_file(folder + "/namespace");
  if (const auto* text = std::get_if<std::string>(&name); text != nullptr && !text->empty())
    access.namespace_name = text->substr(0, text->find_last_not_of(" \n") + 1);
  return access;
}

Or<Access> find_access(const std::string& kubeconfig, const std::string& context,
                       const Environment& environment) {
  if (!kubeconfig.empty()) return kubeconfig_access({kubeconfig}, context);
  const auto named = split(value_of(environment, "KUBECONFIG"));
  if (!named.empty()) return kubeconfig_access(named, context);
  const std::string home = value_of(environment, "HOME");
  const std::string usual = home + "/.kube/config";
  if (!home.empty() && ::access(usual.c_str(), F_OK) == 0)
    return kubeconfig_access({usual}, context);
  if (!context.empty()) return Problem{"--context needs a kubeconfig, and there is none"};
  return pod_access(environment, pod_folder);
}

}  // namespace fakeapi::client
