// Where texts go that belong to a point in time, so that none covers another. Units are the
// drawer's: columns or pixels.
#pragma once

#include <cstddef>
#include <vector>

namespace fakeapi::lanes {

/// A text that wants to begin at its anchor.
struct Callout {
  double anchor = 0;
  double width = 0;  // with the gap to the next
  int rows = 1;
  double sign = 0;  // of the width, what stands at the anchor on whichever side the text is
};

enum class Side { right, left, away, hidden };

struct Placed {
  Side side = Side::hidden;  // begins at the anchor, ends at it, or is elsewhere
  double left = 0;
  int row = 0;
  bool has_leader = false;  // a line from row 0 to the text crosses no other text
};

/// Places all inside [from, to], in at most rows_max rows; what finds no room is Hidden. Callouts
/// are in order of their anchors; the later ones get the upper rows, so that the lines to the
/// earlier ones pass them on the left.
std::vector<Placed> place(const std::vector<Callout>& callouts, double from, double to,
                          int rows_max);

/// How many rows the placed callouts take.
int rows_of(const std::vector<Callout>& callouts, const std::vector<Placed>& placed);

/// Rows for small signs that stay at their place: each at least `apart` from the one before it in
/// its row; -1 where rows_max rows have no room. In order of place.
std::vector<int> stack(const std::vector<double>& places, double apart, int rows_max);

}  // namespace fakeapi::lanes
