// One function for each key of a step; then those that are whole stories.
#include "fakeapi/scenario/read_step.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/scenario/fault/read.hpp"
#include "fakeapi/scenario/language/closest.hpp"
#include "fakeapi/scenario/language/json.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::scenario {
namespace {

using nlohmann::json;

constexpr auto default_pace = std::chrono::seconds(1);  // of a rolling update
// One after the other: an update of more takes longer than anybody looks on.
constexpr int updated_pods_max = 200;

class StepReader {
 public:
  StepReader(const Node& node, const Checked& checked, const KnownPods& known,
             const std::string& namespace_name, Report& report)
      : node_(node),
        checked_(checked),
        known_(known),
        namespace_(namespace_name),
        report_(report) {}

  std::vector<ScenarioStep> read(bool has_time = true) {
    step_.place = node_.place;
    step_.why = first_line(checked_.text(node_, "why"));
    step_.draw_name = draw_name();
    if (has_time) read_timing();
    read_pods();
    read_cluster();
    read_objects();
    std::vector<ScenarioStep> steps;
    const bool says_something = says_own();
    if (says_something) steps.push_back(step_);
    if (const Node* restart = find("cluster-restart")) add_restart(*restart, steps);
    if (const Node* update = find("rolling-update")) add_update(*update, steps);
    const bool tells_story =
        find("cluster-restart") != nullptr || find("rolling-update") != nullptr;
    if (!says_something && !tells_story && checked_.is_complete(node_)) {
      report_.add(node_.place,
                  "a step that says nothing: give pods, api, controllers or another key that says "
                  "what is");
    }
    return steps;
  }

 private:
  const Node* find(std::string_view key) const { return checked_.find(node_, key); }
  static std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

  std::string draw_name() const {
    json text = to_json(node_);
    text.erase("why");
    return text.dump(-1, ' ', false, json::error_handler_t::replace);
  }

  bool says_own() const {
    static constexpr std::string_view about_time[] = {
        "at", "when", "after", "every", "times", "why", "cluster-restart", "rolling-update"};
    return std::any_of(node_.keys.begin(), node_.keys.end(), [&](const Node& key) {
      return std::find(std::begin(about_time), std::end(about_time), key.text) ==
             std::end(about_time);
    });
  }

  void read_timing() {
    const Node* at = find("at");
    const Node* when = find("when");
    const Node* after = find("after");
    const Node* every = find("every");
    const Node* times = find("times");
    Timing& timing = step_.timing;
    if (at != nullptr) timing.delays.push_back(*parse_distribution(at->text));
    if (after != nullptr) timing.delays.push_back(*parse_distribution(after->text));
    if (when != nullptr) timing.trigger = read_trigger(*when);
    if (every != nullptr) timing.every = parse_distribution(every->text);
    if (times != nullptr) timing.times = static_cast<int>(*parse_number(times->text));
    if (!checked_.is_complete(node_)) return;
    if (at == nullptr && when == nullptr)
      report_.add(node_.place, "missing key \"at\" in a step, or \"when\" in its place");
    if (at != nullptr && when != nullptr)
      report_.add(when->place, "\"at\" and \"when\" exclude each other");
    if (after != nullptr && when == nullptr)
      report_.add(after->place, "\"after\" goes with \"when\" only");
    if ((every == nullptr) != (times == nullptr)) {
      report_.add((every != nullptr ? every : times)->place, "\"every\" and \"times\" go together");
    }
  }

  Trigger read_trigger(const Node& node) {
    Trigger trigger;
    const Node* watches = checked_.find(node, "watches");
    const Node* nth = checked_.find(node, "nth");
    const Node* request = checked_.find(node, "request");
    if (watches != nullptr) trigger.watches = number_of(*watches);
    if (nth != nullptr) trigger.nth = number_of(*nth);
    if (request != nullptr) trigger.request = fault::read_match(*request, checked_);
    if (node.keys.empty()) report_.add(node.place, "a trigger needs watches, request or nth");
    if (watches != nullptr && nth != nullptr)
      report_.add(nth->place, "\"nth\" counts requests, \"watches\" counts what is open: not both");
    const auto& verbs = trigger.request.verbs;
    if (watches != nullptr && !verbs.empty() &&
        std::find(verbs.begin(), verbs.end(), "watch") == verbs.end()) {
      report_.add(request->place, "this can never fire: a watch has the verb \"watch\"");
    }
    return trigger;
  }

  static std::uint64_t number_of(const Node& node) {
    return static_cast<std::uint64_t>(*parse_number(node.text));
  }

  void read_pods() {
    if (const Node* pods = find("pods"))
      step_.pods = read_pod_entries(*pods, checked_, known_, report_);
    if (const Node* scale = find("scale")) {
      for (const auto& [name, count] : checked_.entries(*scale)) {
        check_service(*name);
        step_.scale.emplace_back(name->text, static_cast<int>(number_of(*count)));
      }
    }
    if (const Node* services = find("services")) {
      for (const auto& [name, word] : checked_.entries(*services)) {
        check_service(*name);
        step_.services.emplace_back(name->text, word->text == "present");
      }
    }
  }

  void check_service(const Node& name) {
    if (known_.pods == nullptr) return;
    std::vector<std::string_view> names;
    for (const Service& service : *known_.services) names.push_back(service.name);
    if (std::find(names.begin(), names.end(), name.text) != names.end()) return;
    report_.add(name.place, fmt::format("no Service is called {}", shown(name)),
                closest(name.text, names));
  }

  static Following read_following(const Node& node) {
    if (const auto lag = parse_duration(node.text)) return {false, *lag};
    return {node.text == "paused", {}};
  }

  void read_cluster() {
    if (const Node* api = find("api")) step_.api_up = api->text == "up";
    if (const Node* controllers = find("controllers")) {
      if (controllers->kind == Node::Kind::scalar) {
        step_.endpoints = step_.endpoint_slices = read_following(*controllers);
      } else {
        if (const Node* one = checked_.find(*controllers, "endpoints"))
          step_.endpoints = read_following(*one);
        if (const Node* one = checked_.find(*controllers, "endpointslices"))
          step_.endpoint_slices = read_following(*one);
      }
    }
    step_.forgets_history = find("history") != nullptr;
    if (const Node* cache = find("cache"))
      step_.cache = SetCache{cache->text == "held",
                             parse_duration(cache->text).value_or(cluster::Duration{})};
    if (const Node* rollback = find("rollback"))
      step_.roll_back = RollBack{*parse_duration(rollback->text)};
    if (const Node* token = find("token")) step_.token = read_token(*token);
    if (const Node* authority = find("ca"))
      step_.authority = SetAuthority{authority->text == "announced"};
    if (const Node* rights = find("rights")) {
      using Rights = cluster::User::Rights;
      step_.rights = SetRights{rights->text == "nothing"      ? Rights::nothing
                               : rights->text == "everything" ? Rights::everything
                                                              : Rights::read_endpoints};
    }
  }

  SetToken read_token(const Node& node) const {
    if (node.kind == Node::Kind::scalar) return {node.text == "new", {}};
    const Node* valid = checked_.find(node, "old-valid-for");
    return {true, valid == nullptr ? cluster::Duration{} : *parse_duration(valid->text)};
  }

  void read_objects() {
    if (const Node* apply = find("apply")) {
      for (const Node* item : checked_.items(*apply))
        add_objects(to_json(*item), namespace_, item->place, step_.apply, report_);
    }
    if (const Node* names = find("delete")) {
      for (const Node* item : checked_.items(*names)) step_.remove.push_back(read_name(*item));
    }
  }

  Remove read_name(const Node& node) const {
    Remove name;
    name.kind = checked_.text(node, "kind");
    name.api_version = checked_.text(node, "apiVersion");
    name.name = checked_.text(node, "name");
    name.namespace_name = checked_.text(node, "namespace");
    if (name.namespace_name.empty()) name.namespace_name = namespace_;
    if (const Node* grace = checked_.find(node, "grace")) {
      const auto seconds =
          std::chrono::ceil<std::chrono::seconds>(*parse_duration(grace->text)).count();
      name.grace_period_seconds = static_cast<int>(seconds);
    }
    return name;
  }

  // What is not drawn is one sum, so that an update of many Pods stays small. What is drawn keeps
  // its place in all steps of a story, and so its draw.
  static void add_delay(std::vector<Distribution>& delays, const Distribution& delay) {
    const auto is_fixed = [](const Distribution& each) {
      return each.shape == Distribution::Shape::constant;
    };
    if (!delays.empty() && is_fixed(delays.back()) && is_fixed(delay)) {
      delays.back().low += delay.low;
    } else {
      delays.push_back(delay);
    }
  }

  /// A step so long after this one, about nothing yet.
  ScenarioStep later(const std::vector<Distribution>& delays, std::string why) const {
    ScenarioStep next;
    next.timing = step_.timing;
    for (const Distribution& delay : delays) add_delay(next.timing.delays, delay);
    next.why = std::move(why);
    next.draw_name = step_.draw_name;
    next.place = step_.place;
    return next;
  }

  Distribution moment(const Node& node, std::string_view key, cluster::Duration otherwise) const {
    const Node* found = checked_.find(node, key);
    return found == nullptr ? Distribution::constant(otherwise) : *parse_distribution(found->text);
  }

  PodEntry all_pods(PodState state) const { return {"*", {state}, step_.place}; }

  // The API server and all Pods are gone at once; what etcd kept still shows them as ready. The
  // kubelets come back later, and report Pods with new sandboxes, so new addresses.
  void add_restart(const Node& node, std::vector<ScenarioStep>& steps) {
    using Only = PodState::Only;
    const Distribution down = moment(node, "down", {});
    const Node* stale = checked_.find(node, "stale");
    ScenarioStep off = later({}, step_.why.empty() ? "the whole cluster restarts" : step_.why);
    off.api_up = false;
    off.remembers_ready = true;
    PodState gone{Shows::ready, false, {}, true, Only::with_address};
    off.pods.push_back(all_pods(gone));
    ScenarioStep on = later({down}, "the API server is back");
    on.api_up = true;
    on.forgets_history = checked_.text(node, "history") == "lost";
    const PodState again{
        Shows::not_ready, false, {AddressWish::Kind::next, 0}, false, Only::with_address};
    std::vector<Distribution> delays{down};
    if (stale == nullptr) on.pods.push_back(all_pods(again));
    steps.push_back(std::move(off));
    steps.push_back(std::move(on));
    if (stale != nullptr) {
      delays.push_back(*parse_distribution(stale->text));
      ScenarioStep caught_up = later(delays, "the kubelets and the controllers have caught up");
      caught_up.pods.push_back(all_pods(again));
      steps.push_back(std::move(caught_up));
    }
    const Node* ready = checked_.find(node, "ready-after");
    if (ready == nullptr) return;
    delays.push_back(*parse_distribution(ready->text));
    ScenarioStep ready_again = later(delays, "what was ready is ready again");
    ready_again.pods.push_back(
        all_pods({Shows::ready, true, {}, false, Only::ready_before_restart}));
    steps.push_back(std::move(ready_again));
  }

  // By the last `scale` before this step; for a step with a trigger, whose time nobody knows, as at
  // the start.
  int pods_by_then(const std::string& name) const {
    int count = 0;
    for (const Service& service : *known_.services) {
      if (service.name == name) count = service.pods;
    }
    const auto at = nominal_time(step_.timing);
    if (!at || known_.scales == nullptr) return count;
    cluster::Duration latest{};
    for (const ScaleAt& scale : *known_.scales) {
      if (scale.service != name || scale.at > *at || scale.at < latest) continue;
      latest = scale.at;
      count = scale.pods;
    }
    return count;
  }

  // As a StatefulSet does it: the highest number first, one at a time (Kubernetes documentation,
  // StatefulSets, rolling updates).
  void add_update(const Node& node, std::vector<ScenarioStep>& steps) {
    const Node* name = checked_.find(node, "service");
    if (name == nullptr || known_.pods == nullptr) return;
    check_service(*name);
    const int count = pods_by_then(name->text);
    if (count > updated_pods_max) {
      report_.add(name->place, fmt::format("{} Pods, and a rolling update takes at most {}", count,
                                           updated_pods_max));
      return;
    }
    const Distribution terminating = moment(node, "terminating", default_pace);
    const Distribution starting = moment(node, "starting", default_pace);
    std::vector<Distribution> delays;
    const auto add = [&](const std::string& pod, Shows shows, std::optional<bool> listens,
                         const std::string& why) {
      ScenarioStep step = later(delays, why);
      const PodState state{shows, listens, {}, false, PodState::Only::with_address};
      step.pods.push_back({pod, {state}, step_.place});
      steps.push_back(std::move(step));
    };
    for (auto pod = known_.pods->rbegin(); pod != known_.pods->rend(); ++pod) {
      if ((*known_.services)[pod->service].name != name->text) continue;
      if (pod->number >= count) continue;
      add(pod->name, Shows::terminating, std::nullopt, pod->name + " is replaced");
      delays.push_back(terminating);
      add(pod->name, Shows::not_ready, false, "the new " + pod->name + " starts");
      delays.push_back(starting);
      add(pod->name, Shows::ready, true, "the new " + pod->name + " is ready");
    }
  }

  const Node& node_;
  const Checked& checked_;
  const KnownPods& known_;
  const std::string& namespace_;
  Report& report_;
  ScenarioStep step_;
};

}  // namespace

std::vector<ScenarioStep> read_step(const Node& node, const Checked& checked,
                                    const KnownPods& known, const std::string& namespace_name,
                                    Report& report) {
  return StepReader(node, checked, known, namespace_name, report).read();
}

std::variant<std::vector<ScenarioStep>, std::string> read_single_step(std::string_view text,
                                                                      const Scenario& scenario) {
  Report report("");
  const Node root = parse_yaml(text, report);
  std::vector<ScenarioStep> steps;
  if (report.empty()) {
    const Checked checked(root, step_mapping(), report);
    const std::vector<PodName> pods = pods_of(scenario);
    const KnownPods known{&pods, &scenario.services};
    for (const char* key :
         {"at", "when", "after", "every", "times", "cluster-restart", "rolling-update"}) {
      if (const Node* found = checked.find(root, key))
        report.add(found->place, fmt::format("\"{}\" has no meaning here: it happens now", key));
    }
    if (report.empty())
      steps = StepReader(root, checked, known, scenario.namespace_name, report).read(false);
  }
  if (report.empty()) return steps;
  return to_line(report.take().front());
}

}  // namespace fakeapi::scenario
