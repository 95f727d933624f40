// Names with their wildcards, and states as a word or as a mapping.
#include "fakeapi/scenario/pod_states.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/closest.hpp"
#include "fakeapi/scenario/fields.hpp"
#include "fakeapi/scenario/scalars.hpp"

namespace fakeapi::scenario {
namespace {

std::string pod_suggestion(const std::string& pattern, const KnownPods& known) {
  std::vector<std::string> wildcards;
  for (const Service& service : *known.services) {
    if (service.pods > 0) wildcards.push_back(service.name + "-*");
    if (service.pods > 0 && pattern == service.name) return wildcards.back();
  }
  std::vector<std::string_view> candidates(wildcards.begin(), wildcards.end());
  if (!is_wildcard(pattern)) {
    candidates.clear();
    for (const PodName& pod : *known.pods) candidates.push_back(pod.name);
  }
  return closest(pattern, candidates);
}

void check_pattern(const Node& node, const KnownPods& known, Report& report) {
  const std::string& pattern = node.text;
  if (pattern.find('*') < pattern.size() - 1) {
    report.add(node.place, fmt::format("in {} the * must stand at the end", shown(node)));
    return;
  }
  if (known.pods == nullptr) return;
  const bool found = std::any_of(known.pods->begin(), known.pods->end(),
                                 [&](const PodName& pod) { return matches(pattern, pod.name); });
  if (!found) {
    report.add(node.place, fmt::format("no Pod is called {}", shown(node)),
               pod_suggestion(pattern, known));
  }
}

std::optional<PodState> read_word(const Node& node, Report& report) {
  std::vector<std::string_view> names;
  for (const PodWord& word : pod_words()) {
    if (word.name == node.text) return PodState{word.shows, word.listens, {}};
    names.push_back(word.name);
  }
  report.add(node.place, fmt::format("unknown Pod state {}", shown(node)),
             closest(node.text, names));
  return std::nullopt;
}

AddressWish read_address(const Node& node) {
  if (node.text == "new") return {AddressWish::Kind::next, 0};
  return {AddressWish::Kind::given, *parse_address(node.text)};
}

std::optional<PodState> read_mapping(const Node& node, Report& report) {
  const Fields fields = read_fields(node, pod_state_mapping(), report);
  const Node* shows = fields.find("shows");
  if (shows == nullptr) return std::nullopt;
  PodState state;
  state.shows = *parse_shows(shows->text);
  state.listens = listens_by_default(state.shows);
  const bool no_address = state.shows == Shows::absent || state.shows == Shows::pending;
  if (const Node* listens = fields.find("listens")) {
    state.listens = listens->text == "true";
    if (*state.listens && no_address) {
      report.add(listens->place,
                 fmt::format("a Pod that shows {} has no address to listen on", shows->text));
    }
  }
  if (const Node* address = fields.find("address")) {
    state.address = read_address(*address);
    if (no_address) {
      report.add(address->place, fmt::format("a Pod that shows {} has no address", shows->text));
    } else if (state.shows == Shows::terminating) {
      report.add(address->place, "a terminating Pod keeps the address it has");
    }
  }
  return state;
}

std::optional<PodState> read_state(const Node& pod, const Node& node, Report& report) {
  if (node.kind == Node::Kind::scalar) return read_word(node, report);
  if (node.kind == Node::Kind::mapping) return read_mapping(node, report);
  report.add(node.place, fmt::format("the state of {} must be a word or a mapping, not {}",
                                     shown(pod), shown(node)));
  return std::nullopt;
}

}  // namespace

std::vector<PodEntry> read_pod_entries(const Node& node, const KnownPods& known, Report& report) {
  std::vector<PodEntry> entries;
  for (const auto& [pod, value] : unique_entries(node, "Pod", report)) {
    check_pattern(*pod, known, report);
    if (auto state = read_state(*pod, *value, report)) {
      entries.push_back({pod->text, *std::move(state), pod->place});
    }
  }
  return entries;
}

}  // namespace fakeapi::scenario
