// What a mistyped word was meant to be.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace waiter::cli {

/// How many letters must be changed, added or removed to turn one into the other (Levenshtein).
std::size_t distance(std::string_view left, std::string_view right);

/// The candidate with the fewest letters to change, add or remove; nothing when that is more than
/// a third of the word (two letters of a short one): then it would be a guess.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace waiter::cli
