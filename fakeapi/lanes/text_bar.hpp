// Bars of a lane in a terminal: each state has its own filling, so that a picture without colours
// still tells them apart, and the number of Pods stands inside.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fakeapi/lanes/picture.hpp"
#include "fakeapi/lanes/text_row.hpp"

namespace fakeapi::lanes {

/// Where time lies on a line: the chart takes [first_column, first_column + columns).
struct TextAxis {
  int first_column = 0;
  int columns = 1;
  double end_seconds = 1;

  /// The cell that a moment falls into; the last one for the end.
  int cell(double at_seconds) const;
  /// The border between cells that is nearest to a moment.
  int border(double at_seconds) const;
};

std::string_view filling(State state);
Ink ink_of(State state);

/// A bar over [from, to), with the first of the labels that fits in its middle.
void draw_bar(TextRow& row, int from, int to, std::string_view fill,
              const std::vector<std::string>& labels, Ink ink);

/// All intervals of a lane. Those that explain a failure get one cell at least, however short they
/// are.
void draw_intervals(TextRow& row, const TextAxis& axis, const std::vector<Interval>& intervals);

}  // namespace fakeapi::lanes
