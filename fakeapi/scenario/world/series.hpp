// A signal over time on one line, in the manner of promtool: one value for each interval.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace fakeapi::scenario {

/// From interval `begin` on. Without a count there is nothing: the Pods are absent.
struct SeriesValue {
  std::size_t begin = 0;
  std::optional<int> count;
  bool operator==(const SeriesValue&) const = default;
};

/// "3x9 0x19 1 2 3x~": a value, and after an x how many more intervals it stays; ~ is for ever, and
/// only the last may have it. "_" is nothing there at all. The last value stays in any case. What
/// is given back are the values where they begin, at most 100 000 intervals in all.
std::optional<std::vector<SeriesValue>> parse_series(std::string_view text);

}  // namespace fakeapi::scenario
