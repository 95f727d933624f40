#include "waiter/cli/flags.hpp"

#include <algorithm>
#include <iterator>

namespace waiter::cli {
namespace {

using enum Command;

constexpr Commands following = exec | guard;
constexpr Commands patient = wait | exec | guard;
constexpr Commands looking = patient | check;
constexpr Commands naming = looking | rbac;  // those that are given DEPs

}  // namespace

const std::vector<Flag>& flags() {
  static const std::vector<Flag> table = {
      {"timeout", "DURATION", "0", "give up after this time with exit code 124; 0 waits for ever",
       "a Pod that waits is seen and heals by itself; one that gives up is restarted with a "
       "growing "
       "delay",
       patient},
      {"timeout", "DURATION", "10s", "give up after this time with exit code 124; 0 waits for ever",
       "a script wants an answer; one attempt and two more fit into it",
       static_cast<Commands>(check)},
      {"stable-for", "DURATION", "0s",
       "count as ready only what has been ready for so long without a break",
       "most Services do not flap when they start, and each second would be paid at each start",
       looking},
      {"verify", "none|tcp", "none", "tcp: before the verdict, connect to the addresses",
       "many NetworkPolicies let a Pod connect only where its workload must; turn it on against "
       "addresses that a restarted cluster has left behind",
       looking},
      {"confirm", "on|off", "on",
       "before the verdict, one read that no cache and no lagging replica can answer",
       "it costs one round trip and is what protects from an API server that lives in the past",
       looking},
      {"lost-after", "DURATION", "15s", "unmet for so long is lost",
       "a rolling update or a leader election is over by then, and a restart costs more than a "
       "short break",
       following},
      {"source", "auto|slices|endpoints", "auto",
       "auto: EndpointSlices, and Endpoints where those are forbidden or unknown",
       "Endpoints are deprecated and cut off at 1000 addresses", naming},
      {"any-of", "DEP,DEP...", "", "one of these is enough; each use makes a group",
       "every DEP is needed by itself", naming, true},
      {"not-ready", "", "off", "the opposite: wait until none of them is ready",
       "for what must be gone first", looking},
      {"on-forbidden", "wait|fail", "wait",
       "what to do while a right is missing (403); fail exits with 77",
       "a Role is often created a moment after the Pod", looking},
      {"on-lost", "none|term|restart", "none",
       "when a dependency is lost: end the command (exit code 69), or start it again",
       "most programs connect again by themselves, and as none the command needs no parent",
       static_cast<Commands>(exec)},
      {"kill-after", "DURATION", "30s", "SIGKILL so long after SIGTERM, with --on-lost",
       "terminationGracePeriodSeconds of a Pod has the same default", static_cast<Commands>(exec)},
      {"policy", "observe|unready|exit", "observe",
       "when a dependency is lost: only tell, fail /readyz, or exit with 69",
       "taking every replica out of its Service at once can turn a small outage into a large one",
       static_cast<Commands>(guard)},
      {"listen", "ADDR:PORT", ":8086",
       "where it tells, without an address at all; an IPv6 address stands in brackets",
       "kubelet's probes come to the Pod's address", static_cast<Commands>(guard)},
      {"port", "PORT", "8086", "the guard's port", "the default of guard's --listen",
       static_cast<Commands>(probe)},
      {"heartbeat", "DURATION", "30s", "say what is still missing at least so often; 0 never",
       "rare enough for a log, often enough for who looks at it", looking},
      {"log-format", "text|json", "text", "lines on standard error, for people or for machines",
       "kubectl logs is read by people", looking},
      {"termination-log", "PATH", "/dev/termination-log",
       "where the message for the Pod's status goes; empty: nowhere",
       "terminationMessagePath of a container has the same default", patient, false, true},
      {"namespace", "NAME", "the Pod's own", "the namespace of a DEP that names none",
       "as every client in a Pod does; with a kubeconfig it is the context's", looking},
      {"namespace", "NAME", "default", "the namespace of a DEP that names none",
       "it asks no cluster, and so does not know whose Pod it is for", static_cast<Commands>(rbac)},
      {"serviceaccount-dir", "DIR", "/var/run/secrets/kubernetes.io/serviceaccount",
       "where token, ca.crt and namespace of the Pod are", "kubelet mounts them there", looking},
      {"kubeconfig", "FILE", "the Pod's own access",
       "use this file; outside a Pod the variable KUBECONFIG is the default",
       "inside a Pod KUBECONFIG is meant for another program", looking},
      {"context", "NAME", "the current one", "the kubeconfig's context", "as kubectl does",
       looking},
      {"serviceaccount", "NAME", "default", "who gets the rights",
       "a Pod that names no service account has this one", static_cast<Commands>(rbac)},
      {"serviceaccount-namespace", "NAME", "that of --namespace", "where that service account is",
       "Pods mostly wait for Services of their own namespace", static_cast<Commands>(rbac)},
  };
  return table;
}

std::vector<std::string_view> Flag::choices() const {
  std::vector<std::string_view> result;
  std::string_view rest = type;
  while (true) {
    const auto bar = rest.find('|');
    result.push_back(rest.substr(0, bar));
    if (bar == std::string_view::npos) return result;
    rest.remove_prefix(bar + 1);
  }
}

std::string Flag::variable() const {
  std::string result = "WFE_";
  std::transform(name.begin(), name.end(), std::back_inserter(result),
                 [](char c) { return c == '-' ? '_' : static_cast<char>(c - 'a' + 'A'); });
  return result;
}

const Flag* find_flag(std::string_view name, Command command) {
  for (const Flag& flag : flags()) {
    if (flag.name == name && contains(flag.commands, command)) return &flag;
  }
  return nullptr;
}

const Flag* find_flag(std::string_view name) {
  for (const Flag& flag : flags()) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

}  // namespace waiter::cli
