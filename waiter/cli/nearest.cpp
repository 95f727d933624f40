#include "waiter/cli/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace waiter::cli {

std::size_t distance(std::string_view left, std::string_view right) {
  // One row of the table of all distances at a time.
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row.back();
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t word_size_max = 64;  // longer than any name, and the table stays small
  if (word.size() > word_size_max) return {};
  std::size_t best = std::max<std::size_t>(2, word.size() / 3) + 1;
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    const std::size_t changes = distance(word, candidate);
    if (changes >= best || changes >= candidate.size()) continue;
    best = changes;
    found = candidate;
  }
  return found;
}

}  // namespace waiter::cli
