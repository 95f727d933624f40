// Pods. The STATUS of a Pod is no field of it: it is the phase, overruled by the reason, by what
// the init containers and then the containers say, and by deletion (printers.go printPod).
#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/cells.hpp"
#include "fakeapi/cluster/columns/kinds.hpp"
#include "fakeapi/cluster/object.hpp"

namespace fakeapi::cluster::columns {
namespace {

using nlohmann::json;

// Restarts of some containers, and the last of them.
struct Restarts {
  std::int64_t count = 0;
  std::optional<WallTime> last;

  void add(const json& status) {
    count += integer_at(status, {"restartCount"});
    const auto finished = time_of(find_at(status, {"lastState", "terminated", "finishedAt"}));
    if (finished && (!last || *last < *finished)) last = finished;
  }

  std::string text(WallTime now) const {
    if (count == 0 || !last) return std::to_string(count);
    return fmt::format("{} ({} ago)", count, human_duration(now - *last));
  }
};

struct Summary {
  std::string reason;
  std::int64_t ready = 0;
  Restarts restarts;  // of all init containers; once those are done, of what runs beside or after
  Restarts sidecars;  // of the init containers that run beside the containers
};

// An init container with restartPolicy Always.
bool is_sidecar(const json& container) {
  return string_at(container, {"restartPolicy"}) == "Always";
}

bool is_sidecar_status(const json& pod, const json& status) {
  const std::string name = string_at(status, {"name"});
  const json& containers = list_at(pod, {"spec", "initContainers"});
  // The last of a name, as printPod's map keeps it.
  const auto found = std::find_if(containers.rbegin(), containers.rend(), [&](const json& one) {
    return string_at(one, {"name"}) == name;
  });
  return found != containers.rend() && is_sidecar(*found);
}

std::string termination(const json& terminated) {
  const std::string reason = string_at(terminated, {"reason"});
  if (!reason.empty()) return reason;
  if (const auto signal = integer_at(terminated, {"signal"}); signal != 0)
    return fmt::format("Signal:{}", signal);
  return fmt::format("ExitCode:{}", integer_at(terminated, {"exitCode"}));
}

// What an init container that is not done says of the Pod; nothing for one that is.
std::optional<std::string> init_reason(const json& status, bool sidecar, std::size_t index,
                                       std::size_t count) {
  const json* terminated =
      present(status, {"state", "terminated"}) ? find_at(status, {"state", "terminated"}) : nullptr;
  if (terminated != nullptr && integer_at(*terminated, {"exitCode"}) == 0) return std::nullopt;
  if (sidecar && true_at(status, {"started"})) return std::nullopt;
  if (terminated != nullptr) return "Init:" + termination(*terminated);
  const std::string waiting = string_at(status, {"state", "waiting", "reason"});
  if (!waiting.empty() && waiting != "PodInitializing") return "Init:" + waiting;
  return fmt::format("Init:{}/{}", index, count);
}

// Whether an init container still holds the Pod up; those behind it are not looked at.
bool read_init_containers(const json& pod, Summary& summary) {
  const std::size_t count = list_at(pod, {"spec", "initContainers"}).size();
  std::size_t index = 0;
  for (const json& status : list_at(pod, {"status", "initContainerStatuses"})) {
    const bool sidecar = is_sidecar_status(pod, status);
    summary.restarts.add(status);
    if (sidecar) summary.sidecars.add(status);
    if (const auto reason = init_reason(status, sidecar, index, count)) {
      summary.reason = *reason;
      return true;
    }
    const bool ended = present(status, {"state", "terminated"}) &&
                       integer_at(status, {"state", "terminated", "exitCode"}) == 0;
    if (!ended && true_at(status, {"ready"})) ++summary.ready;
    ++index;
  }
  return false;
}

// From the last container to the first: the first one that has something to say wins.
void read_containers(const json& pod, Summary& summary) {
  summary.restarts = summary.sidecars;
  bool running = false;
  std::string error;
  const json& statuses = list_at(pod, {"status", "containerStatuses"});
  for (auto it = statuses.rbegin(); it != statuses.rend(); ++it) {
    const json& status = *it;
    summary.restarts.add(status);
    const std::string waiting = string_at(status, {"state", "waiting", "reason"});
    if (!waiting.empty()) {
      summary.reason = waiting;
    } else if (present(status, {"state", "terminated"})) {
      summary.reason = termination(*find_at(status, {"state", "terminated"}));
      if (integer_at(status, {"state", "terminated", "exitCode"}) != 0) error = summary.reason;
    } else if (true_at(status, {"ready"}) && present(status, {"state", "running"})) {
      running = true;
      ++summary.ready;
    }
  }
  if (summary.reason != "Completed") return;
  // One container is done while another may still run.
  if (running && condition_holds(list_at(pod, {"status", "conditions"}), "Ready")) {
    summary.reason = "Running";
  } else if (!error.empty()) {
    summary.reason = error;
  } else if (running) {
    summary.reason = "NotReady";
  }
}

std::string first_reason(const json& pod) {
  for (const json& condition : list_at(pod, {"status", "conditions"})) {
    if (string_at(condition, {"type"}) == "PodScheduled" &&
        string_at(condition, {"reason"}) == "SchedulingGated")
      return "SchedulingGated";
  }
  return or_else(string_at(pod, {"status", "reason"}), string_at(pod, {"status", "phase"}));
}

Summary summary_of(const json& pod) {
  Summary summary;
  summary.reason = first_reason(pod);
  const bool initializing = read_init_containers(pod, summary);
  if (!initializing || condition_holds(list_at(pod, {"status", "conditions"}), "Initialized"))
    read_containers(pod, summary);
  if (!present(pod, {"metadata", "deletionTimestamp"})) return summary;
  const std::string phase = string_at(pod, {"status", "phase"});
  if (string_at(pod, {"status", "reason"}) == "NodeLost") {
    summary.reason = "Unknown";
  } else if (phase != "Succeeded" && phase != "Failed") {
    summary.reason = "Terminating";
  }
  return summary;
}

// "1/2": readiness gates whose condition is true.
std::string readiness_gates(const json& pod) {
  const json& gates = list_at(pod, {"spec", "readinessGates"});
  if (gates.empty()) return "<none>";
  const json& conditions = list_at(pod, {"status", "conditions"});
  const auto met = std::count_if(gates.begin(), gates.end(), [&](const json& gate) {
    return condition_holds(conditions, string_at(gate, {"conditionType"}));
  });
  return fmt::format("{}/{}", met, gates.size());
}

// status.podIP rules where the two differ (pkg/apis/core/v1/conversion.go).
std::string pod_ip(const json& pod) {
  std::string ip = string_at(pod, {"status", "podIP"});
  const json& ips = list_at(pod, {"status", "podIPs"});
  if (ip.empty() && !ips.empty()) ip = string_at(ips.front(), {"ip"});
  return or_else(std::move(ip), "<none>");
}

json pod_cells(const json& pod, WallTime now) {
  const Summary summary = summary_of(pod);
  const json& init_containers = list_at(pod, {"spec", "initContainers"});
  const auto containers = list_at(pod, {"spec", "containers"}).size() +
                          static_cast<std::size_t>(std::count_if(
                              init_containers.begin(), init_containers.end(), is_sidecar));
  return {name_of(pod),
          fmt::format("{}/{}", summary.ready, containers),
          summary.reason,
          summary.restarts.text(now),
          age_of_object(pod, now),
          pod_ip(pod),
          or_else(string_at(pod, {"spec", "nodeName"}), "<none>"),
          or_else(string_at(pod, {"status", "nominatedNodeName"}), "<none>"),
          readiness_gates(pod)};
}

json completed(const char* phase, const char* message) {
  return json::array(
      {{{"type", "Completed"}, {"status", "True"}, {"reason", phase}, {"message", message}}});
}

json pod_conditions(const json& pod) {
  const std::string phase = string_at(pod, {"status", "phase"});
  if (phase == "Succeeded") return completed("Succeeded", "The pod has completed successfully.");
  if (phase == "Failed") return completed("Failed", "The pod failed.");
  return nullptr;
}

}  // namespace

const Printer& pods() {
  static const Printer printer{
      {name_column(),
       {"Ready", "string", "", 0, "Containers that are ready, of all that run."},
       {"Status", "string", "", 0, "What the containers are at."},
       {"Restarts", "string", "", 0, "Restarts of containers, and when the last one was."},
       age_column(),
       {"IP", "string", "", 1, "First address of the Pod."},
       {"Node", "string", "", 1, "Node that it runs on."},
       {"Nominated Node", "string", "", 1, "Node on which room is made for it."},
       {"Readiness Gates", "string", "", 1, "Readiness gates that are met, of all."}},
      pod_cells,
      pod_conditions};
  return printer;
}

}  // namespace fakeapi::cluster::columns
