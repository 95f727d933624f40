// One function for each mapping of the language. What a table can say is checked in fields.cpp;
// here is the rest: names, limits, and values that are impossible together.
#include "fakeapi/scenario/read.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/fields.hpp"
#include "fakeapi/scenario/pod_states.hpp"
#include "fakeapi/scenario/scalars.hpp"

namespace fakeapi::scenario {
namespace {

// Lanes of a picture, ports to listen on, lines to read: beyond these a scenario is no longer one.
constexpr std::size_t services_max = 100;
constexpr int pods_max = 5000;
constexpr std::size_t steps_max = 10'000;

const Key& key_of(const Mapping& mapping, std::string_view name) {
  return *std::find_if(mapping.keys.begin(), mapping.keys.end(),
                       [&](const Key& key) { return key.name == name; });
}

std::string sentence(const Node* node) {
  if (node == nullptr) return {};
  return node->text.substr(0, node->text.find('\n'));
}

// The name with capitals and underscores put right, if that makes a Service's name of it.
std::string service_name_suggestion(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_' || c == '.') c = '-';
  }
  return is_dns_1035_label(name) ? name : std::string();
}

std::vector<std::pair<std::string, int>> read_ports(const Node& node, Report& report) {
  std::vector<std::pair<std::string, int>> ports;
  std::set<int> numbers;
  const Key& row = key_of(service_mapping(), "ports");
  for (const auto& [name, value] : unique_entries(node, "port", report)) {
    if (!is_port_name(name->text)) {
      report.add(name->place,
                 fmt::format("port name {} is no IANA service name: at most 15 of a-z, "
                             "0-9 and -, with a letter",
                             shown(*name)));
    }
    const std::string called = fmt::format("port {}", shown(*name));
    const Key number_key{called, Form::integer, true, row.doc, row.minimum, row.maximum};
    if (!has_form(*value, number_key, report)) continue;
    const int number = static_cast<int>(*parse_number(value->text));
    // A Service may not have one protocol and port twice (Kubernetes, ValidateService).
    if (!numbers.insert(number).second) {
      report.add(value->place, fmt::format("port number {} is given twice", number));
    }
    ports.emplace_back(name->text, number);
  }
  return ports;
}

class Reader {
 public:
  explicit Reader(Report& report) : report_(report) {}

  Scenario read(const Node& root) {
    const Fields fields = read_fields(root, scenario_mapping(), report_);
    scenario_.about = sentence(fields.find("about"));
    if (const Node* name = fields.find("namespace")) scenario_.namespace_name = name->text;
    if (const Node* services = fields.find("services")) read_services(*services);
    if (const Node* timeline = fields.find("timeline")) read_timeline(*timeline);
    return std::move(scenario_);
  }

 private:
  void read_services(const Node& node) {
    pods_known_ = true;
    if (node.keys.size() > services_max) {
      report_.add(node.place, fmt::format("more than {} Services", services_max));
    }
    for (const auto& [name, value] : unique_entries(node, "Service", report_)) {
      read_service(*name, *value);
    }
    int pods = 0;
    for (const Service& service : scenario_.services) pods += service.pods;
    if (pods > pods_max) {
      report_.add(node.place, fmt::format("{} Pods in all, more than {}", pods, pods_max));
      pods_known_ = false;
    }
    if (pods_known_) pods_ = pods_of(scenario_);
  }

  void read_service(const Node& name, const Node& value) {
    if (!is_dns_1035_label(name.text)) {
      report_.add(name.place,
                  fmt::format("Service name {} is no DNS label (RFC 1035): at most 63 of a-z, 0-9 "
                              "and -, beginning with a letter",
                              shown(name)),
                  service_name_suggestion(name.text));
      pods_known_ = false;
    }
    const Fields fields = read_fields(value, service_mapping(), report_);
    Service service{name.text, {}, 0};
    if (const Node* ports = fields.find("ports")) service.ports = read_ports(*ports, report_);
    const Node* pods = fields.find("pods");
    if (pods != nullptr) service.pods = static_cast<int>(*parse_number(pods->text));
    if (pods == nullptr) pods_known_ = false;
    scenario_.services.push_back(std::move(service));
  }

  void read_timeline(const Node& node) {
    if (node.values.size() > steps_max) {
      report_.add(node.place, fmt::format("more than {} steps", steps_max));
      return;
    }
    for (const Node& step : node.values) read_step(step);
    std::stable_sort(scenario_.steps.begin(), scenario_.steps.end(),
                     [](const ScenarioStep& a, const ScenarioStep& b) { return a.at < b.at; });
  }

  void read_step(const Node& node) {
    const Fields fields = read_fields(node, step_mapping(), report_);
    ScenarioStep step;
    if (const Node* at = fields.find("at")) step.at = *parse_duration(at->text);
    step.why = sentence(fields.find("why"));
    const Node* pods = fields.find("pods");
    const Node* api = fields.find("api");
    const Node* controllers = fields.find("controllers");
    if (pods != nullptr) step.pods = read_pod_entries(*pods, pod_names(), report_);
    if (api != nullptr) step.api_up = api->text == "up";
    if (controllers != nullptr) step.controllers_paused = controllers->text == "paused";
    if (fields.complete() && pods == nullptr && api == nullptr && controllers == nullptr) {
      report_.add(node.place, "a step that says nothing: give pods, api or controllers");
    }
    scenario_.steps.push_back(std::move(step));
  }

  // Names can be looked up only if all of them are known.
  KnownPods pod_names() const { return {pods_known_ ? &pods_ : nullptr, &scenario_.services}; }

  Report& report_;
  Scenario scenario_;
  std::vector<PodName> pods_;
  bool pods_known_ = false;
};

}  // namespace

Scenario read_scenario(const Node& root, Report& report) { return Reader(report).read(root); }

}  // namespace fakeapi::scenario
