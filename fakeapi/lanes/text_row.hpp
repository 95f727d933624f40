// One line of a terminal as cells, so that bars, leaders and texts can be put at columns and never
// beyond the edge.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fakeapi::lanes {

/// An SGR parameter list such as "1;38;5;166"; empty for plain.
using Ink = std::string_view;

class TextRow {
 public:
  explicit TextRow(int width);

  /// Overwrites cells from the column on; what does not fit is cut off. The ink must outlive the
  /// row (a literal).
  void put(int column, std::string_view text, Ink ink = {});

  bool is_blank(int column) const;

  /// With its newline, without trailing blanks; inks only when colour is wanted.
  std::string line(bool colour) const;

 private:
  struct Cell {
    std::string letter = " ";  // empty: the right half of a wide character
    Ink ink;
  };
  std::vector<Cell> cells_;
};

}  // namespace fakeapi::lanes
