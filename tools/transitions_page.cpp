#include "tools/transitions_page.hpp"

#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "waiter/core/transitions.hpp"

namespace tools {
namespace {

using waiter::core::Transition;
using waiter::core::transitions;
using waiter::core::WatchState;

constexpr std::string_view begin_mark = "<!-- transitions: begin -->\n";
constexpr std::string_view end_mark = "<!-- transitions: end -->\n";

/// What happens between two states, without those that stay where they are; failures in one word.
std::string diagram() {
  std::vector<std::pair<WatchState, WatchState>> order;
  std::map<std::pair<WatchState, WatchState>, std::vector<std::string>> between;
  for (const Transition& row : transitions()) {
    if (row.from == row.to) continue;
    const std::pair edge(row.from, row.to);
    if (!between.contains(edge)) order.push_back(edge);
    std::string word(name_of(row.occurrence));
    if (word.starts_with("failed_")) word = word.substr(7);
    between[edge].push_back(word);
  }
  std::string text = "```mermaid\nstateDiagram-v2\n    [*] --> idle\n";
  for (const auto& edge : order) {
    std::string words;
    for (const std::string& word : between[edge]) words += (words.empty() ? "" : ", ") + word;
    text += "    " + std::string(name_of(edge.first)) + " --> " +
            std::string(name_of(edge.second)) + ": " + words + "\n";
  }
  return text + "```\n";
}

std::string table() {
  std::string text = "| in | when | to | does | because |\n|---|---|---|---|---|\n";
  for (const Transition& row : transitions()) {
    text += "| " + std::string(name_of(row.from)) + " | " + std::string(name_of(row.occurrence)) +
            " | " + std::string(name_of(row.to)) + " | " + std::string(name_of(row.effect)) +
            " | " + std::string(row.why) + " |\n";
  }
  return text;
}

}  // namespace

std::string transitions_page() { return diagram() + "\n" + table(); }

std::string with_transitions(const std::string& page) {
  const auto begin = page.find(begin_mark);
  const auto end = page.find(end_mark);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    throw std::runtime_error("the page has not both marks");
  }
  return page.substr(0, begin + begin_mark.size()) + "\n" + transitions_page() + "\n" +
         page.substr(end);
}

}  // namespace tools
