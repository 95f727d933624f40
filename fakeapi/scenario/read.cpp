// One function for each mapping of the language. What a table can say is checked already; here is
// the rest: limits, and values that are impossible together.
#include "fakeapi/scenario/read.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/api/yaml.hpp"
#include "fakeapi/scenario/expect/read.hpp"
#include "fakeapi/scenario/language/distribution.hpp"
#include "fakeapi/scenario/language/scalars.hpp"
#include "fakeapi/scenario/read_faults.hpp"
#include "fakeapi/scenario/read_resources.hpp"
#include "fakeapi/scenario/read_series.hpp"
#include "fakeapi/scenario/read_step.hpp"
#include "fakeapi/scenario/recording/trace.hpp"
#include "fakeapi/scenario/world/applied_pods.hpp"
#include "fakeapi/scenario/world/operations.hpp"

namespace fakeapi::scenario {
namespace {

// Lanes of a picture, ports to listen on, lines to read: beyond these a scenario is no longer one.
constexpr std::size_t services_max = 100;
constexpr int pods_max = 5000;
constexpr std::size_t steps_max = 10'000;
constexpr auto interval_max = std::chrono::hours(1);
// All that steps say of single Pods and objects, with their repeats: seconds of work when it is
// checked, and more than anybody reads.
constexpr std::size_t sayings_max = 500'000;
constexpr auto repeats_end_max = 10 * duration_max;
constexpr std::size_t manifest_bytes_max = std::size_t{10} << 20;  // as large as a cluster's

constexpr auto until_healed = std::chrono::seconds(30);
constexpr auto until_end = std::chrono::seconds(60);

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

class Reader {
 public:
  Reader(const Node& root, const FileReader& files, Report& report)
      : root_(root), files_(files), report_(report), checked_(root, scenario_mapping(), report) {}

  Scenario read() {
    scenario_.about = first_line(checked_.text(root_, "about"));
    if (const Node* name = find("namespace")) scenario_.namespace_name = name->text;
    if (const Node* seed = find("seed"))
      scenario_.seed = static_cast<std::uint64_t>(*parse_number(seed->text));
    if (const Node* interval = find("interval")) read_interval(*interval);
    if (const Node* services = find("services")) read_services(*services);
    if (const Node* timeline = find("timeline")) find_scales(*timeline);
    pods_ = pods_of(scenario_);
    if (!scenario_.services.empty()) scenario_.nodes = {node_name};
    if (const Node* recording = find("recording")) read_recording(*recording);
    if (const Node* objects = find("objects")) read_manifests(*objects);
    if (const Node* services = find("services")) read_all_series(*services);
    if (const Node* timeline = find("timeline")) read_timeline(*timeline);
    std::stable_sort(scenario_.steps.begin(), scenario_.steps.end(),
                     [](const ScenarioStep& a, const ScenarioStep& b) {
                       const auto never = cluster::Duration::max();
                       return nominal_time(a.timing).value_or(never) <
                              nominal_time(b.timing).value_or(never);
                     });
    const auto applied = AppliedPods(scenario_).services();
    scenario_.other_services.insert(scenario_.other_services.end(), applied.begin(), applied.end());
    if (const Node* faults = find("faults"))
      scenario_.faults = read_faults(*faults, checked_, report_);
    if (const Node* expect = find("expect")) read_expect(*expect);
    check_resources(root_, checked_, scenario_, report_);
    read_ends();
    check_sizes();
    return std::move(scenario_);
  }

 private:
  const Node* find(std::string_view key) const { return checked_.find(root_, key); }

  void read_interval(const Node& node) {
    const auto interval = *parse_duration(node.text);
    if (interval > cluster::Duration{} && interval <= interval_max) {
      interval_ = interval;
    } else {
      report_.add(node.place, "the interval must be above 0s and at most 1h");
    }
  }

  void read_services(const Node& node) {
    pods_known_ = checked_.entries(node).size() == node.keys.size();
    if (node.keys.size() > services_max)
      report_.add(node.place, fmt::format("more than {} Services", services_max));
    for (const auto& [name, value] : checked_.entries(node)) read_service(*name, *value);
    int pods = 0;
    for (const Service& service : scenario_.services) pods += service.pods;
    if (pods <= pods_max) return;
    report_.add(node.place, fmt::format("{} Pods in all, more than {}", pods, pods_max));
    pods_known_ = false;
    scenario_.services.clear();
  }

  void read_service(const Node& name, const Node& value) {
    Service service{name.text, {}, 0, 0};
    if (const Node* ports = checked_.find(value, "ports")) service.ports = read_ports(*ports);
    const Node* pods = checked_.find(value, "pods");
    if (pods != nullptr) service.pods = static_cast<int>(*parse_number(pods->text));
    if (pods == nullptr) pods_known_ = false;
    service.pods_max = service.pods;
    scenario_.services.push_back(std::move(service));
  }

  std::vector<std::pair<std::string, int>> read_ports(const Node& node) {
    std::vector<std::pair<std::string, int>> ports;
    std::set<int> numbers;
    for (const auto& [name, value] : checked_.entries(node)) {
      const int number = static_cast<int>(*parse_number(value->text));
      // A Service may not have one protocol and port twice (Kubernetes, ValidateService).
      if (!numbers.insert(number).second)
        report_.add(value->place, fmt::format("port number {} is given twice", number));
      ports.emplace_back(name->text, number);
    }
    return ports;
  }

  // All Pods that there will ever be have names from the start, within the limits of those of the
  // start.
  void find_scales(const Node& timeline) {
    for (const Node* step : checked_.items(timeline)) {
      const Node* scale = checked_.find(*step, "scale");
      if (scale == nullptr) continue;
      const auto at = parse_distribution(checked_.text(*step, "at"));
      for (const auto& [name, count] : checked_.entries(*scale)) {
        const int pods = static_cast<int>(*parse_number(count->text));
        for (Service& service : scenario_.services) {
          if (service.name == name->text) service.pods_max = std::max(service.pods_max, pods);
        }
        if (at) scales_.push_back({at->middle(), name->text, pods});
      }
    }
    int pods = 0;
    for (const Service& service : scenario_.services) pods += service.pods_max;
    if (pods <= pods_max) return;
    report_.add(timeline.place,
                fmt::format("{} Pods in all by \"scale\", more than {}", pods, pods_max));
    pods_known_ = false;
    scenario_.services.clear();
  }

  void read_all_series(const Node& services) {
    for (const auto& [name, value] : checked_.entries(services)) {
      const auto service = std::find_if(
          scenario_.services.begin(), scenario_.services.end(),
          [&, wanted = name](const Service& each) { return each.name == wanted->text; });
      if (service != scenario_.services.end()) read_series(*service, *value);
    }
  }

  void read_series(const Service& service, const Node& node) {
    const Node* ready = checked_.find(node, "ready");
    const Node* listens = checked_.find(node, "listens");
    if (ready == nullptr && listens != nullptr)
      report_.add(listens->place, "\"listens\" goes with \"ready\" only");
    if (ready == nullptr) return;
    const SeriesReader series(service, *ready, listens, interval_, report_);
    if (!may_say(series.sayings(), ready->place)) return;
    auto steps = series.steps();
    std::move(steps.begin(), steps.end(), std::back_inserter(scenario_.steps));
  }

  // False, with one problem for the file, when it is too much.
  bool may_say(std::size_t more, Place place) {
    const bool fitted = sayings_ <= sayings_max;
    sayings_ += more;
    if (fitted && sayings_ > sayings_max) {
      report_.add(place, fmt::format("too much happens: more than {} states of Pods and objects, "
                                     "with all repeats",
                                     sayings_max));
    }
    return sayings_ <= sayings_max;
  }

  // Of steps that are not of series, which are counted before they are made.
  void check_sizes() {
    for (const ScenarioStep& step : scenario_.steps) {
      if (step.draw_name.empty()) continue;
      std::size_t said = 1 + step.apply.size() + step.remove.size();
      for (const PodEntry& entry : step.pods) said += is_wildcard(entry.pattern) ? pods_.size() : 1;
      if (!step.scale.empty()) said += pods_.size();
      if (!may_say(said * static_cast<std::size_t>(step.timing.times), step.place)) return;
      if (!step.timing.every) continue;
      const auto all = std::chrono::duration<double>(step.timing.every->latest()) *
                       static_cast<double>(step.timing.times - 1);
      if (all > repeats_end_max)
        report_.add(step.place, fmt::format("the last repeat would come after more than {}h",
                                            repeats_end_max / std::chrono::hours(1)));
    }
  }

  void read_recording(const Node& node) {
    if (!scenario_.services.empty()) {
      report_.add(node.place, "\"recording\" and \"services\" exclude each other");
      return;
    }
    const auto text = files_(node.text);
    if (const auto* error = std::get_if<ReadError>(&text))
      return report_.add(node.place, error->message);
    auto loaded = load_trace(std::get<std::string>(text), node.text);
    if (auto* recorded = std::get_if<Scenario>(&loaded)) {
      const Node* space = find("namespace");
      if (space != nullptr && space->text != recorded->namespace_name)
        report_.add(space->place, fmt::format("{} was recorded in the namespace \"{}\"", node.text,
                                              recorded->namespace_name));
      scenario_.namespace_name = recorded->namespace_name;
      scenario_.nodes = recorded->nodes;
      scenario_.other_services = recorded->other_services;
      std::move(recorded->steps.begin(), recorded->steps.end(),
                std::back_inserter(scenario_.steps));
      return;
    }
    for (const Problem& problem : std::get<std::vector<Problem>>(loaded))
      report_.add(node.place, fmt::format("{}: {}", node.text, problem.message));
  }

  void read_manifests(const Node& node) {
    ScenarioStep step;
    step.timing.delays = {Distribution::constant({})};
    step.place = node.place;
    for (const Node* file : checked_.items(node)) read_manifest(*file, step);
    if (!step.apply.empty()) scenario_.steps.push_back(std::move(step));
  }

  // Documents are parted by lines that begin with "---" (YAML 1.2, 9.1.2).
  void read_manifest(const Node& file, ScenarioStep& step) {
    const auto read = files_(file.text);
    if (const auto* error = std::get_if<ReadError>(&read))
      return report_.add(file.place, error->message);
    const std::string text = "\n" + std::get<std::string>(read);
    if (text.size() > manifest_bytes_max)
      return report_.add(file.place,
                         fmt::format("{} is larger than {} bytes", file.text, manifest_bytes_max));
    for (std::size_t begin = 0; begin != std::string::npos;) {
      const std::size_t end = text.find("\n---", begin + 1);
      std::string document = text.substr(begin, end == std::string::npos ? end : end - begin);
      if (document.starts_with("\n---")) document.erase(0, document.find('\n', 1));
      begin = end;
      const auto value = cluster::parse_yaml(document);
      if (value && value->is_null()) continue;
      if (!value) {
        report_.add(file.place, fmt::format("{} is no YAML", file.text));
        return;
      }
      add_objects(*value, scenario_.namespace_name, file.place, step.apply, report_);
    }
  }

  void read_timeline(const Node& node) {
    if (node.values.size() > steps_max) {
      report_.add(node.place, fmt::format("more than {} steps", steps_max));
      return;
    }
    const KnownPods known{pods_known_ ? &pods_ : nullptr, &scenario_.services, &scales_};
    for (const Node* item : checked_.items(node)) {
      auto steps = read_step(*item, checked_, known, scenario_.namespace_name, report_);
      std::move(steps.begin(), steps.end(), std::back_inserter(scenario_.steps));
    }
  }

  void read_expect(const Node& node) {
    std::vector<std::string> names;
    for (const ServiceInfo& info : service_infos(scenario_)) names.push_back(info.name);
    scenario_.expect = read_expectations(node, checked_, pods_known_ ? &names : nullptr, report_);
  }

  static cluster::Duration latest(const Timing& timing) {
    cluster::Duration at{};
    for (const Distribution& delay : timing.delays) at += delay.latest();
    if (!timing.every) return at;
    const auto repeats = std::chrono::duration<double>(timing.every->latest()) *
                         static_cast<double>(timing.times - 1);
    return at + std::chrono::duration_cast<cluster::Duration>(
                    std::min<std::chrono::duration<double>>(repeats, repeats_end_max));
  }

  // The last time that the file names.
  cluster::Duration last_time() const {
    cluster::Duration last{};
    for (const ScenarioStep& step : scenario_.steps) last = std::max(last, latest(step.timing));
    for (const fault::Fault& fault : scenario_.faults) {
      const bool closes = fault.window.to != cluster::Instant::max();
      last = std::max(last, (closes ? fault.window.to : fault.window.from).time_since_epoch());
    }
    if (scenario_.expect.between) {
      const fault::Window& between = *scenario_.expect.between;
      const bool closes = between.to != cluster::Instant::max();
      last = std::max(last, (closes ? between.to : between.from).time_since_epoch());
    }
    return last;
  }

  void read_ends() {
    const cluster::Duration last = last_time();
    const Node* heal = find("heal");
    if (heal == nullptr) {
      scenario_.heal = last + until_healed;
    } else if (heal->text != "never") {
      scenario_.heal = parse_duration(heal->text);
    }
    const Node* end = find("end");
    if (end == nullptr) {
      scenario_.end = std::max(scenario_.heal.value_or(last + until_healed), last) + until_end;
      return;
    }
    scenario_.end = *parse_duration(end->text);
    if (scenario_.end <= cluster::Duration{})
      return report_.add(end->place, "the end must be after 0s");
    if (heal != nullptr && scenario_.heal && *scenario_.heal > scenario_.end)
      report_.add(heal->place, "it would heal after the end");
    check_end();
  }

  // What comes after an end that the file gives never happens.
  void check_end() {
    const std::string end = to_text(scenario_.end);
    for (const ScenarioStep& step : scenario_.steps) {
      const auto at = nominal_time(step.timing);
      if (!at || *at <= scenario_.end || step.draw_name.empty()) continue;
      return report_.add(step.place, fmt::format("this never happens: the end is at {}", end));
    }
    const Node* expect = find("expect");
    if (!scenario_.expect.between || expect == nullptr) return;
    if (scenario_.expect.between->from.time_since_epoch() >= scenario_.end)
      report_.add(checked_.find(*expect, "between")->place,
                  fmt::format("this can never be met: the end is at {}", end));
  }

  const Node& root_;
  const FileReader& files_;
  Report& report_;
  Checked checked_;
  Scenario scenario_;
  cluster::Duration interval_ = std::chrono::seconds(1);
  std::vector<PodName> pods_;
  std::vector<ScaleAt> scales_;
  std::size_t sayings_ = 0;
  bool pods_known_ = true;
};

}  // namespace

Scenario read_scenario(const Node& root, const FileReader& files, Report& report) {
  return Reader(root, files, report).read();
}

}  // namespace fakeapi::scenario
