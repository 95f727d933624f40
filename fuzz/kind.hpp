// The kind that an input is about: its first line names it, so that a corpus outlives new rows in
// the table of kinds.
#pragma once

#include <algorithm>
#include <string_view>

#include "fakeapi/cluster/kinds.hpp"

namespace fuzz {

inline std::string_view take_line(std::string_view& input) {
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view line = input.substr(0, end);
  input.remove_prefix(std::min(end + 1, input.size()));
  return line;
}

inline const fakeapi::cluster::Kind& take_kind(const fakeapi::cluster::Kinds& kinds,
                                               std::string_view& input) {
  const std::string_view name = take_line(input);
  const auto& rows = kinds.all();
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.plural == name; });
  return found != rows.end() ? *found : rows.front();
}

}  // namespace fuzz
