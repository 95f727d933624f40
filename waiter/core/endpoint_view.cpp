#include "waiter/core/endpoint_view.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace waiter::core {
namespace {

/// The number that `wanted` is, or nothing.
std::optional<int> number_of(const std::string& wanted) {
  int number = 0;
  const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
  if (error != std::errc{} || end != wanted.data() + wanted.size()) return std::nullopt;
  return number;
}

bool matches(const SlicePort& port, const std::string& wanted) {
  if (wanted.empty() || port.name == wanted) return true;
  const auto number = number_of(wanted);
  return number && (!port.number || *port.number == *number);
}

std::vector<SlicePort> wanted_ports(const std::vector<SlicePort>& all, const std::string& wanted) {
  std::vector<SlicePort> ports;
  for (const SlicePort& port : all) {
    if (!matches(port, wanted)) continue;
    ports.push_back(port);
    // A port without a number is every port (API documentation of EndpointPort.port): then the
    // wanted one.
    if (!port.number) ports.back().number = number_of(wanted);
  }
  return ports;
}

/// The same backend may stand in two slices at once while the controller moves it, and once for
/// each address family (API documentation of EndpointSlice). It counts once; where the copies
/// differ, one of them is out of date, nothing says which, and the less ready one decides: waiting
/// a moment too long is harmless, starting too early is not.
void join(Backend& into, Backend&& from) {
  into.state = std::max(into.state, from.state);
  for (Target& target : from.tcp_targets) {
    const auto& known = into.tcp_targets;
    if (std::find(known.begin(), known.end(), target) == known.end()) {
      into.tcp_targets.push_back(std::move(target));
    }
  }
}

Backend backend_of(const SliceEndpoint& endpoint, const std::vector<SlicePort>& ports) {
  Backend backend;
  const std::string& address = endpoint.addresses.front();
  backend.key = endpoint.target_uid.empty() ? address : endpoint.target_uid;
  backend.name = endpoint.target_name.empty() ? address : endpoint.target_name;
  backend.state = state_of(endpoint);
  for (const SlicePort& port : ports) {
    if (port.tcp && port.number) backend.tcp_targets.push_back({address, *port.number});
  }
  return backend;
}

}  // namespace

int ServiceView::ready() const {
  return static_cast<int>(std::count_if(backends.begin(), backends.end(), [](const Backend& b) {
    return b.state == BackendState::ready;
  }));
}

BackendState state_of(const SliceEndpoint& endpoint) {
  if (endpoint.terminating.value_or(false)) return BackendState::terminating;
  const bool counts = endpoint.ready.value_or(true) && endpoint.serving.value_or(true);
  return counts ? BackendState::ready : BackendState::not_ready;
}

void EndpointView::replace(std::vector<Slice> slices) {
  slices_.clear();
  for (Slice& slice : slices) upsert(std::move(slice));
}

void EndpointView::upsert(Slice slice) {
  std::string name = slice.name;
  slices_.insert_or_assign(std::move(name), std::move(slice));
}

void EndpointView::erase(const std::string& name) { slices_.erase(name); }

bool EndpointView::holds(const std::vector<Slice>& slices) const {
  return slices.size() == slices_.size() &&
         std::all_of(slices.begin(), slices.end(), [this](const Slice& slice) {
           const auto known = slices_.find(slice.name);
           return known != slices_.end() &&
                  known->second.resource_version == slice.resource_version;
         });
}

ServiceView EndpointView::service(const Dependency& dependency) const {
  ServiceView view;
  std::map<std::string, Backend> joined;
  for (const auto& [name, slice] : slices_) {
    if (slice.service != dependency.service || slice.fqdn) continue;
    ++view.slices;
    const auto ports = wanted_ports(slice.ports, dependency.port);
    // The controller writes an empty slice for a Service without Pods: it says nothing about ports.
    const bool placeholder = slice.ports.empty() && slice.endpoints.empty();
    if (ports.empty() && !dependency.port.empty() && !placeholder) continue;
    view.port_seen = true;
    for (const SliceEndpoint& endpoint : slice.endpoints) {
      if (endpoint.addresses.empty()) continue;
      const auto own = endpoint.ports ? wanted_ports(*endpoint.ports, dependency.port) : ports;
      if (own.empty() && !dependency.port.empty()) continue;
      Backend backend = backend_of(endpoint, own);
      const auto known = joined.find(backend.key);
      if (known == joined.end()) {
        std::string key = backend.key;
        joined.emplace(std::move(key), std::move(backend));
      } else {
        join(known->second, std::move(backend));
      }
    }
  }
  for (auto& [key, backend] : joined) view.backends.push_back(std::move(backend));
  return view;
}

}  // namespace waiter::core
