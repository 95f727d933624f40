#include "waiter/k8s/request.hpp"

namespace waiter::k8s {
namespace {

constexpr std::string_view service_label = "kubernetes.io/service-name";
// Proxies and some servers refuse a request line over 8 KiB. Past this the selector asks for every
// labelled slice of the namespace, and the view keeps to the Services that it wants.
constexpr std::size_t selector_size_max = 4096;

std::string selector_of(const std::vector<std::string>& services) {
  std::string selector(service_label);
  if (services.size() == 1) return selector + "=" + services.front();
  selector += " in (";
  for (const std::string& service : services) {
    if (selector.back() != '(') selector += ',';
    selector += service;
  }
  selector += ')';
  return selector.size() <= selector_size_max ? selector : std::string(service_label);
}

std::string path_of(std::string_view namespace_name, const std::vector<std::string>& services) {
  return "/apis/discovery.k8s.io/v1/namespaces/" + percent_encode(namespace_name) +
         "/endpointslices?labelSelector=" + percent_encode(selector_of(services));
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (unreserved.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4U];
    encoded += digits[byte & 0xFU];
  }
  return encoded;
}

std::string list_target(std::string_view namespace_name, const std::vector<std::string>& services) {
  return path_of(namespace_name, services);
}

std::string watch_target(std::string_view namespace_name, const std::vector<std::string>& services,
                         std::string_view resource_version, core::Duration lifetime) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
  return path_of(namespace_name, services) +
         "&watch=true&allowWatchBookmarks=true&resourceVersion=" +
         percent_encode(resource_version) + "&timeoutSeconds=" + std::to_string(seconds);
}

}  // namespace waiter::k8s
