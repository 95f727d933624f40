// Names with their wildcards, and states as a word or as a mapping.
#include "fakeapi/scenario/world/pod_states.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/language/closest.hpp"
#include "fakeapi/scenario/language/scalars.hpp"

namespace fakeapi::scenario {
namespace {

std::string pod_suggestion(const std::string& pattern, const KnownPods& known) {
  std::vector<std::string> wildcards;
  for (const Service& service : *known.services) {
    if (service.pods_max > 0) wildcards.push_back(service.name + "-*");
    if (service.pods_max > 0 && pattern == service.name) return wildcards.back();
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
  if (known.pods == nullptr) return;
  const bool found = std::any_of(known.pods->begin(), known.pods->end(),
                                 [&](const PodName& pod) { return matches(pattern, pod.name); });
  if (!found) {
    report.add(node.place, fmt::format("no Pod is called {}", shown(node)),
               pod_suggestion(pattern, known));
  }
}

PodState read_word(const Node& node) {
  const auto word = std::find_if(pod_words().begin(), pod_words().end(),
                                 [&](const PodWord& each) { return each.name == node.text; });
  return {word->shows, word->listens, {}};
}

AddressWish read_address(const Node& node) {
  if (node.text == "new") return {AddressWish::Kind::next, 0};
  return {AddressWish::Kind::given, *parse_address(node.text)};
}

std::optional<PodState> read_mapping(const Node& node, const Checked& checked, Report& report) {
  const Node* shows = checked.find(node, "shows");
  if (shows == nullptr) return std::nullopt;
  PodState state;
  state.shows = *parse_shows(shows->text);
  state.listens = listens_by_default(state.shows);
  const bool no_address = state.shows == Shows::absent || state.shows == Shows::pending;
  if (const Node* listens = checked.find(node, "listens")) {
    state.listens = listens->text == "true";
    if (*state.listens && no_address) {
      report.add(listens->place,
                 fmt::format("a Pod that shows {} has no address to listen on", shows->text));
    }
  }
  if (const Node* address = checked.find(node, "address")) {
    state.address = read_address(*address);
    if (no_address) {
      report.add(address->place, fmt::format("a Pod that shows {} has no address", shows->text));
    } else if (state.shows == Shows::terminating) {
      report.add(address->place, "a terminating Pod keeps the address it has");
    }
  }
  return state;
}

std::vector<PodState> read_rounds(const Node& node, const Checked& checked, Report& report) {
  std::vector<PodState> rounds;
  for (const Node* item : checked.items(node)) {
    if (item->kind == Node::Kind::scalar) {
      rounds.push_back(read_word(*item));
    } else if (auto state = read_mapping(*item, checked, report)) {
      rounds.push_back(*std::move(state));
    }
  }
  return rounds;
}

}  // namespace

std::vector<PodEntry> read_pod_entries(const Node& node, const Checked& checked,
                                       const KnownPods& known, Report& report) {
  std::vector<PodEntry> entries;
  for (const auto& [pod, value] : checked.entries(node)) {
    check_pattern(*pod, known, report);
    auto rounds = read_rounds(*value, checked, report);
    if (!rounds.empty()) entries.push_back({pod->text, std::move(rounds), pod->place});
  }
  return entries;
}

}  // namespace fakeapi::scenario
