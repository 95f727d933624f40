// "Did you mean": the nearest word of a list to a word that is not in it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fakeapi::scenario {

/// How many letters must be put in, left out, replaced or swapped with their neighbour (the optimal
/// string alignment distance of Damerau 1964) to make one word of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest candidate, the first of equals; empty if none is near enough to be what was meant:
/// at most one edit for every three letters, and at least one.
std::string closest(std::string_view word, const std::vector<std::string_view>& candidates);

/// `unknown key "thne"; did you mean "then"?`, or what is known where nothing is near.
std::string unknown_word(std::string_view what, std::string_view word,
                         const std::vector<std::string_view>& known);

}  // namespace fakeapi::scenario
