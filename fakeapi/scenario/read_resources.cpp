#include "fakeapi/scenario/read_resources.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/scenario/language/closest.hpp"

namespace fakeapi::scenario {
namespace {

using nlohmann::json;

void add_plural(const json& object, std::vector<std::string>& plurals) {
  static const json::json_pointer plural("/spec/names/plural");
  if (object.value("kind", "") != "CustomResourceDefinition" || !object.contains(plural)) return;
  const json& name = object[plural];
  if (name.is_string()) plurals.push_back(name);
}

class ResourceCheck {
 public:
  ResourceCheck(const Checked& checked, const Scenario& scenario, Report& report)
      : checked_(checked), report_(report) {
    static const cluster::Kinds kinds;
    for (const cluster::Kind& kind : kinds.all()) plurals_.emplace_back(kind.plural);
    for (const ScenarioStep& step : scenario.steps) {
      for (const auto& object : step.apply) add_plural(*object, plurals_);
    }
  }

  /// Of the mapping under this key, if it is there.
  void check_under(const Node& node, std::string_view key) {
    if (const Node* request = checked_.find(node, key)) check_request(*request);
  }

  void check_request(const Node& request) {
    const Node* resources = checked_.find(request, "resource");
    if (resources == nullptr) return;
    for (const Node* item : checked_.items(*resources)) check_name(*item, item->text);
  }

  /// "list endpointslices"
  void check_named(const Node& node) {
    const auto space = node.text.find(' ');
    if (space != std::string::npos) check_name(node, node.text.substr(space + 1));
  }

 private:
  void check_name(const Node& node, const std::string& resource) {
    const std::string name = resource.substr(0, resource.find('/'));
    const bool is_beginning = name.ends_with('*');
    const std::string_view begin = std::string_view(name).substr(0, name.size() - is_beginning);
    const bool known = std::any_of(plurals_.begin(), plurals_.end(), [&](const std::string& each) {
      return is_beginning ? each.starts_with(begin) : each == name;
    });
    if (known) return;
    report_.add(node.place, fmt::format("this meets nothing: no resource is called \"{}\"", name),
                closest(name, {plurals_.begin(), plurals_.end()}));
  }

  const Checked& checked_;
  Report& report_;
  std::vector<std::string> plurals_;
};

}  // namespace

void check_resources(const Node& root, const Checked& checked, const Scenario& scenario,
                     Report& report) {
  ResourceCheck check(checked, scenario, report);
  if (const Node* timeline = checked.find(root, "timeline")) {
    for (const Node* step : checked.items(*timeline)) {
      if (const Node* trigger = checked.find(*step, "when")) check.check_under(*trigger, "request");
    }
  }
  if (const Node* faults = checked.find(root, "faults")) {
    for (const Node* fault : checked.items(*faults)) check.check_under(*fault, "match");
  }
  const Node* expect = checked.find(root, "expect");
  if (expect == nullptr) return;
  if (const Node* order = checked.find(*expect, "order")) {
    for (const Node* item : checked.items(*order)) check.check_named(*item);
  }
  for (const char* key : {"at-most", "at-least"}) {
    if (const Node* limits = checked.find(*expect, key)) {
      for (const Node* limit : checked.items(*limits)) check.check_under(*limit, "request");
    }
  }
}

}  // namespace fakeapi::scenario
