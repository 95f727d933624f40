#include "fakeapi/scenario/expect/requests_named.hpp"

#include <algorithm>

#include "fakeapi/scenario/fault/words.hpp"

namespace fakeapi::scenario {

std::optional<fault::Match> parse_requests_named(std::string_view text) {
  const auto space = text.find(' ');
  std::string_view verbs = text.substr(0, space);
  fault::Match match;
  while (true) {
    const auto bar = verbs.find('|');
    const std::string_view verb = verbs.substr(0, bar);
    const auto& known = fault::verbs();
    const bool is_verb =
        std::any_of(known.begin(), known.end(), [&](const auto& row) { return row.name == verb; });
    if (!is_verb) return std::nullopt;
    match.verbs.emplace_back(verb);
    if (bar == std::string_view::npos) break;
    verbs.remove_prefix(bar + 1);
  }
  if (space == std::string_view::npos) return match;
  const std::string_view resource = text.substr(space + 1);
  if (resource.empty() || resource.find(' ') != std::string_view::npos) return std::nullopt;
  match.resources.emplace_back(resource);
  return match;
}

}  // namespace fakeapi::scenario
