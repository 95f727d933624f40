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

std::string collection_of(const core::Selection& selection) {
  const bool slices = selection.resource == core::Resource::endpoint_slices;
  return (slices ? "/apis/discovery.k8s.io/v1/namespaces/" : "/api/v1/namespaces/") +
         percent_encode(selection.namespace_name) + (slices ? "/endpointslices" : "/endpoints");
}

/// The query that selects, with the sign that what follows needs.
std::string query_of(const core::Selection& selection) {
  if (selection.by_name) {
    return "?fieldSelector=" + percent_encode("metadata.name=" + selection.services.front()) + "&";
  }
  if (selection.resource == core::Resource::endpoints) return "?";
  return "?labelSelector=" + percent_encode(selector_of(selection.services)) + "&";
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

std::string list_target(const core::Selection& selection, std::string_view next_page) {
  std::string target =
      collection_of(selection) + query_of(selection) + "limit=" + std::to_string(page_objects_max);
  if (!next_page.empty()) target += "&continue=" + percent_encode(next_page);
  return target;
}

std::string watch_target(const core::Selection& selection, std::string_view resource_version,
                         core::Duration lifetime) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
  const std::string begin = resource_version.empty()
                                ? "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                                : "&resourceVersion=" + percent_encode(resource_version);
  return collection_of(selection) + query_of(selection) + "watch=true&allowWatchBookmarks=true" +
         begin + "&timeoutSeconds=" + std::to_string(seconds);
}

std::string get_target(const core::Selection& selection) {
  return collection_of(selection) + "/" + percent_encode(selection.services.front());
}

std::string service_target(std::string_view namespace_name, std::string_view service) {
  return "/api/v1/namespaces/" + percent_encode(namespace_name) + "/services/" +
         percent_encode(service);
}

}  // namespace waiter::k8s
