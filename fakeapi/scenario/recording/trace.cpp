// JSON in, steps out. What the operations mean for Pods is in trace_pods.cpp. nlohmann's exceptions
// end here.
#include "fakeapi/scenario/recording/trace.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/scenario/language/closest.hpp"
#include "fakeapi/scenario/language/scalars.hpp"
#include "fakeapi/scenario/recording/trace_pods.hpp"
#include "fakeapi/scenario/world/operations.hpp"

namespace fakeapi::scenario {
namespace {

using nlohmann::json;

// A day: far beyond any recording, and its nanoseconds are exact in a double.
constexpr double at_seconds_max = 86'400;

struct TraceOperation {
  cluster::Duration at{};
  Operate operate;
  const json* body = nullptr;
};

Place place_of_byte(std::string_view text, std::size_t byte) {
  Place place;
  for (const char c : text.substr(0, byte)) {
    place = c == '\n' ? Place{place.line + 1, 1} : Place{place.line, place.column + 1};
  }
  return place;
}

std::optional<std::string> text_member(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<cluster::Duration> read_at(const json& object) {
  const auto at = object.find("at");
  if (at == object.end() || !at->is_number()) return std::nullopt;
  const double seconds = at->get<double>();
  if (!(seconds >= 0 && seconds <= at_seconds_max)) return std::nullopt;
  return cluster::Duration{std::llround(seconds * 1e9)};
}

// The reader of a parsed recording. nlohmann keeps no positions, so a message names the operation
// by its number.
class TraceReader {
 public:
  explicit TraceReader(Report& report) : report_(report) {}

  Scenario read(const json& trace) {
    Scenario scenario;
    if (!trace.is_object()) {
      report_.add({}, "a recorded trace must be a JSON object");
      return scenario;
    }
    scenario.about = text_member(trace, "about").value_or("");
    const std::string namespace_name = read_namespace(trace);
    std::vector<TraceOperation> operations = read_operations(trace);
    if (!report_.empty()) return scenario;
    scenario.namespace_name = namespace_name;
    add_steps(namespace_name, operations, scenario);
    return scenario;
  }

 private:
  std::string read_namespace(const json& trace) {
    const auto name = text_member(trace, "namespace");
    if (!name || !is_dns_1123_label(*name)) {
      report_.add({}, "\"namespace\" must be a DNS label");
    }
    return name.value_or("");
  }

  std::vector<TraceOperation> read_operations(const json& trace) {
    std::vector<TraceOperation> operations;
    const auto listed = trace.find("operations");
    if (listed == trace.end() || !listed->is_array() || listed->empty()) {
      report_.add({}, "the trace has no operations, only what came of them: it cannot be replayed");
      return operations;
    }
    for (std::size_t i = 0; i < listed->size(); ++i) {
      if (auto operation = read_operation((*listed)[i], i + 1)) {
        operations.push_back(*std::move(operation));
      }
    }
    std::stable_sort(operations.begin(), operations.end(),
                     [](const TraceOperation& a, const TraceOperation& b) { return a.at < b.at; });
    return operations;
  }

  std::optional<TraceOperation> read_operation(const json& object, std::size_t number) {
    const auto fail = [&](const char* message, std::string suggestion = {}) {
      report_.add({}, fmt::format("operation {}: {}", number, message), std::move(suggestion));
      return std::nullopt;
    };
    if (!object.is_object()) return fail("must be an object");
    const auto at = read_at(object);
    if (!at) return fail("\"at\" must be a number of seconds from 0 to 86400");
    const auto method = text_member(object, "method");
    static constexpr std::array<std::string_view, 4> methods{"POST", "PUT", "PATCH", "DELETE"};
    if (!method || std::find(methods.begin(), methods.end(), *method) == methods.end()) {
      return fail("\"method\" must be POST, PUT, PATCH or DELETE",
                  closest(method.value_or(""), {methods.begin(), methods.end()}));
    }
    const auto path = text_member(object, "path");
    if (!path || path->rfind("/api", 0) != 0) return fail("\"path\" must begin with /api");
    const auto body = object.find("body");
    const bool has_body = body != object.end() && !body->is_null();
    const std::string type = text_member(object, "contentType").value_or("application/json");
    return TraceOperation{*at, Operate{*method, *path, type, has_body ? body->dump() : ""},
                          has_body ? &*body : nullptr};
  }

  static std::vector<std::string> nodes_of(const std::vector<TraceOperation>& operations) {
    std::set<std::string> names;
    for (const TraceOperation& each : operations) {
      static const json::json_pointer pointer("/spec/nodeName");
      if (each.body == nullptr || !each.body->is_object() || !each.body->contains(pointer))
        continue;
      const json& name = each.body->at(pointer);
      if (name.is_string()) names.insert(name.get<std::string>());
    }
    return {names.begin(), names.end()};
  }

  static void add_steps(const std::string& namespace_name,
                        const std::vector<TraceOperation>& operations, Scenario& scenario) {
    TracePods pods(namespace_name);
    std::vector<std::pair<Operate, const json*>> all;
    for (const TraceOperation& each : operations) all.emplace_back(each.operate, each.body);
    pods.survey(all);
    scenario.nodes = nodes_of(operations);
    for (const TraceService& service : pods.services()) {
      scenario.other_services.push_back({namespace_name, service.name, service.pods});
    }
    for (const TraceOperation& each : operations) {
      ScenarioStep step;
      step.timing.delays = {Distribution::constant(each.at)};
      // As in a scenario: first what is true, then what the API is told of it.
      for (Listen& listen : pods.follow(each.operate, each.body)) {
        step.recorded.emplace_back(std::move(listen));
      }
      step.recorded.emplace_back(each.operate);
      scenario.steps.push_back(std::move(step));
    }
  }

  Report& report_;
};

}  // namespace

Loaded load_trace(std::string_view text, std::string_view file_name) {
  Report report(file_name);
  try {
    const json trace = json::parse(text);
    Scenario scenario = TraceReader(report).read(trace);
    scenario.name = timeline_name(file_name);
    scenario.end =
        scenario.steps.empty() ? cluster::Duration{} : scenario.steps.back().timing.delays[0].low;
    scenario.heal = scenario.end;
    if (report.empty()) return scenario;
  } catch (const json::parse_error& error) {
    report.add(place_of_byte(text, error.byte == 0 ? 0 : error.byte - 1), "not JSON");
  } catch (const json::exception& error) {
    report.add({}, error.what());
  }
  return report.take();
}

}  // namespace fakeapi::scenario
