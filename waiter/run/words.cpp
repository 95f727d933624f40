#include "waiter/run/words.hpp"

#include <fmt/format.h>

namespace waiter::run {
namespace {

using core::BackendState;
using core::Cause;
using core::Reason;

std::string counted(const core::DependencyStatus& status) {
  return fmt::format("{} of {} backends ready, {} needed", status.ready, status.total,
                     status.needed);
}

/// ": mysql-0 not ready, mysql-1 terminating", or nothing.
std::string listed(const core::DependencyStatus& status) {
  std::string text;
  for (const core::Backend& backend : status.waiting_for) {
    text +=
        fmt::format("{}{} {}", text.empty() ? ": " : ", ", backend.name, name_of(backend.state));
    if (backend.unready_for >= std::chrono::seconds(1)) {
      text += " for " + describe(backend.unready_for);
    }
  }
  const int left = status.total - status.ready - static_cast<int>(status.waiting_for.size());
  if (left > 0) text += fmt::format(", {} more", left);
  return text;
}

std::string unanswered(const core::DependencyStatus& status) {
  std::string text;
  for (const core::Unanswered& one : status.unanswered) {
    const bool v6 = one.target.address.find(':') != std::string::npos;
    text += fmt::format("{}{}{}{}:{} {}", text.empty() ? ": " : ", ", v6 ? "[" : "",
                        one.target.address, v6 ? "]" : "", one.target.port, one.error);
  }
  return text;
}

std::string_view resource_word(core::Resource resource) {
  return resource == core::Resource::endpoint_slices ? "EndpointSlices" : "Endpoints";
}

/// The Role that is missing, ready to paste.
std::string grant(const core::Selection& selection) {
  const bool slices = selection.resource == core::Resource::endpoint_slices;
  std::string names;
  if (selection.by_name) {
    for (const std::string& service : selection.services) names += " --resource-name=" + service;
  }
  return fmt::format(
      "Grant list and watch: kubectl -n {0} create role wait-for-endpoints --verb=list,watch "
      "--resource={1}{2}; kubectl -n {0} create rolebinding wait-for-endpoints "
      "--role=wait-for-endpoints --serviceaccount=NAMESPACE:NAME (or apply what "
      "`wait-for-endpoints rbac` prints)",
      selection.namespace_name, slices ? "endpointslices.discovery.k8s.io" : "endpoints", names);
}

std::string advice(const core::Failure& failure, const core::Selection& selection,
                   const Surroundings& surroundings) {
  switch (failure.cause) {
    case Cause::refused:
      return surroundings.in_pod
                 ? "A service mesh that captures a Pod's traffic before its proxy runs refuses "
                   "like this: start the proxy as a native sidecar, or take the API server's "
                   "address out (Istio: traffic.sidecar.istio.io/excludeOutboundIPRanges, Linkerd: "
                   "config.linkerd.io/skip-outbound-ports). Else the API server is not running"
                 : "Is it running?";
    case Cause::unreachable:
    case Cause::too_slow:
      return surroundings.in_pod
                 ? "A NetworkPolicy that does not let this Pod out to the API server "
                   "looks like this; so does a node that has lost its network"
                 : "Is the address right, and does no firewall stand in the way?";
    case Cause::untrusted_certificate:
      return fmt::format("Does the CA in {} belong to this cluster?", surroundings.ca_source);
    case Cause::tls_failed:
      return "Is this the address of a Kubernetes API server?";
    case Cause::unauthorized:
      return fmt::format("Is the token in {} of this cluster, and not expired?",
                         surroundings.token_source);
    case Cause::forbidden:
      if (failure.message.find("\"system:anonymous\"") != std::string::npos) {
        return fmt::format("No token was sent: does {} hold one?", surroundings.token_source);
      }
      return grant(selection);
    case Cause::not_found:
      return "Is this a Kubernetes API server, of 1.21 or later (discovery.k8s.io/v1)?";
    case Cause::credentials_unreadable:
    case Cause::broken:
    case Cause::throttled:
    case Cause::expired:
    case Cause::server_error:
    case Cause::rejected:
    case Cause::undecodable:
      return "";
  }
  return "";
}

std::string what_failed(const core::Failure& failure, const core::Selection& selection,
                        const std::string& server) {
  switch (failure.cause) {
    case Cause::refused:
    case Cause::unreachable:
      return fmt::format("API server {} cannot be reached: {}", server, failure.message);
    case Cause::untrusted_certificate:
      return fmt::format("API server {} shows a certificate that is not trusted: {}", server,
                         failure.message);
    case Cause::tls_failed:
      return fmt::format("API server {}: the TLS handshake failed: {}", server, failure.message);
    case Cause::broken:
      return fmt::format("API server {} broke the connection: {}", server, failure.message);
    case Cause::too_slow:
      return fmt::format("API server {} is silent: {}", server, failure.message);
    case Cause::credentials_unreadable:
      return failure.message;
    case Cause::unauthorized:
      return fmt::format("API server {} does not accept the token (401): {}", server,
                         failure.message);
    case Cause::forbidden:
      return fmt::format("not allowed (403): {}", failure.message);
    case Cause::not_found:
      return fmt::format("API server {} has no {} (404): {}", server,
                         resource_word(selection.resource), failure.message);
    case Cause::throttled:
      return fmt::format("API server {} is overloaded (429): {}", server, failure.message);
    case Cause::expired:
      return fmt::format("the watch's version has expired (410), listing again: {}",
                         failure.message);
    case Cause::server_error:
      return fmt::format("API server {} failed ({}): {}", server, failure.http_status,
                         failure.message);
    case Cause::rejected:
      return fmt::format("API server {} does not accept the request ({}): {}", server,
                         failure.http_status, failure.message);
    case Cause::undecodable:
      return fmt::format("API server {} answered what cannot be understood: {}", server,
                         failure.message);
  }
  return failure.message;
}

}  // namespace

std::string name_of(Reason reason) {
  switch (reason) {
    case Reason::not_synced:
      return "not_synced";
    case Reason::no_slices:
      return "no_slices";
    case Reason::no_service:
      return "no_service";
    case Reason::external_name:
      return "external_name";
    case Reason::own_pod:
      return "own_pod";
    case Reason::not_stable:
      return "not_stable";
    case Reason::no_such_port:
      return "no_such_port";
    case Reason::too_few:
      return "too_few";
    case Reason::not_verified:
      return "not_verified";
    case Reason::not_answering:
      return "not_answering";
    case Reason::nothing_to_verify:
      return "nothing_to_verify";
    case Reason::met:
      return "met";
  }
  return "?";
}

std::string name_of(Cause cause) {
  switch (cause) {
    case Cause::refused:
      return "refused";
    case Cause::unreachable:
      return "unreachable";
    case Cause::untrusted_certificate:
      return "untrusted_certificate";
    case Cause::tls_failed:
      return "tls_failed";
    case Cause::broken:
      return "broken";
    case Cause::too_slow:
      return "too_slow";
    case Cause::credentials_unreadable:
      return "credentials_unreadable";
    case Cause::unauthorized:
      return "unauthorized";
    case Cause::forbidden:
      return "forbidden";
    case Cause::not_found:
      return "not_found";
    case Cause::throttled:
      return "throttled";
    case Cause::expired:
      return "expired";
    case Cause::server_error:
      return "server_error";
    case Cause::rejected:
      return "rejected";
    case Cause::undecodable:
      return "undecodable";
  }
  return "?";
}

std::string name_of(BackendState state) {
  switch (state) {
    case BackendState::ready:
      return "ready";
    case BackendState::not_ready:
      return "not ready";
    case BackendState::terminating:
      return "terminating";
  }
  return "?";
}

std::string describe(const core::DependencyStatus& status) {
  switch (status.reason) {
    case Reason::not_synced:
      return "nothing known yet: no list from the API server so far";
    case Reason::no_slices:
      return fmt::format(
          "the API has no endpoints of this Service: does the Service {} exist in namespace {}?",
          status.dependency.service, status.dependency.namespace_name);
    case Reason::no_service:
      return fmt::format("there is no Service {} in namespace {}, so far",
                         status.dependency.service, status.dependency.namespace_name);
    case Reason::external_name:
      return fmt::format(
          "Service {} is of type ExternalName, which has no endpoints: this can never come true; "
          "wait for the Service behind it, or leave this one out",
          status.dependency.service);
    case Reason::own_pod:
      return counted(status) + listed(status) +
             "; this very Pod is one of its backends, and becomes ready only after this wait: it "
             "can never come true; wait for another Service";
    case Reason::not_stable:
      return fmt::format("{}, for {} of {} without a break", counted(status),
                         describe(status.met_for), describe(status.stable_for));
    case Reason::no_such_port:
      return fmt::format("no endpoint has the port {}", status.dependency.port);
    case Reason::too_few:
      return counted(status) + listed(status);
    case Reason::not_verified:
      return counted(status) + " by the API's word, not verified yet";
    case Reason::not_answering:
      return fmt::format("{} by the API's word, but {} of them {} connections{}", counted(status),
                         status.answering, status.answering == 1 ? "accepts" : "accept",
                         unanswered(status));
    case Reason::nothing_to_verify:
      return counted(status) +
             " by the API's word, but none has a TCP port to connect to; use --verify=none";
    case Reason::met:
      return counted(status);
  }
  return "";
}

std::string describe(const core::Failure& failure, const core::Selection& selection,
                     const Surroundings& surroundings) {
  std::string text = what_failed(failure, selection, surroundings.server);
  const std::string help = advice(failure, selection, surroundings);
  return help.empty() ? text : text + ". " + help;
}

std::string missing(const core::Snapshot& snapshot, const Surroundings& surroundings) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  for (const core::SourceStatus& source : snapshot.sources) {
    if (source.trouble) add(describe(*source.trouble, source.selection, surroundings));
  }
  for (const core::DependencyStatus& status : snapshot.dependencies) {
    if (!status.blocking || (!snapshot.until_gone && status.reason == Reason::met)) continue;
    if (snapshot.until_gone) {
      add(fmt::format("{}: still there: {}", core::to_string(status.dependency), describe(status)));
      continue;
    }
    std::string part = fmt::format("{}: {} for {}", core::to_string(status.dependency),
                                   describe(status), describe(status.unmet_for));
    if (status.flaps > 0) part += fmt::format(", flapped {}x", status.flaps);
    add(part);
  }
  return text;
}

std::string describe(const core::ReportEnd& end, const Surroundings& surroundings) {
  using core::ExitCode;
  const std::string waited = describe(end.waited);
  const std::string why = missing(end.snapshot, surroundings);
  switch (end.code) {
    case ExitCode::ready:
      return fmt::format("all dependencies are {} after {}",
                         end.snapshot.until_gone ? "gone" : "ready", waited);
    case ExitCode::not_ready:
      return fmt::format("not ready: {}", why);
    case ExitCode::timeout:
      return fmt::format("timeout after {}: {}", waited, why);
    case ExitCode::usage:
    case ExitCode::forbidden:
      return fmt::format("given up after {}: {}", waited, why);
    default:
      return fmt::format("ended by a signal after {} while waiting: {}", waited, why);
  }
}

std::string describe(core::Duration duration) {
  using namespace std::chrono;
  const auto all = duration_cast<milliseconds>(duration).count();
  if (all < 60'000) return fmt::format("{:.1f} s", static_cast<double>(all) / 1000.0);
  const auto whole = all / 1000;
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace waiter::run
