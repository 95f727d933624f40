// Greedy and deterministic: from the last callout to the first, each takes the first row that has
// room.
#include "fakeapi/lanes/place.hpp"

#include <algorithm>

namespace fakeapi::lanes {
namespace {

struct Box {
  double left;
  double right;
  int first_row;
  int last_row;
};

bool is_free(const std::vector<Box>& boxes, const Box& wanted) {
  return std::none_of(boxes.begin(), boxes.end(), [&](const Box& box) {
    return box.left < wanted.right && wanted.left < box.right && box.first_row <= wanted.last_row &&
           wanted.first_row <= box.last_row;
  });
}

/// Whether a line straight down to the row meets a text above it.
bool is_visible_from_above(const std::vector<Box>& boxes, double anchor, int row) {
  return std::none_of(boxes.begin(), boxes.end(), [&](const Box& box) {
    return box.first_row < row && box.left <= anchor && anchor < box.right;
  });
}

Placed choose_side(const Callout& callout, double from, double to) {
  if (callout.anchor + callout.width <= to) return {Side::right, callout.anchor, 0, false};
  const double left = callout.anchor + callout.sign - callout.width;
  if (left >= from && callout.anchor + callout.sign <= to) return {Side::left, left, 0, false};
  return {Side::away, std::max(from, to - callout.width), 0, false};
}

}  // namespace

std::vector<Placed> place(const std::vector<Callout>& callouts, double from, double to,
                          int rows_max) {
  std::vector<Placed> placed(callouts.size());
  std::vector<Box> boxes;
  for (std::size_t index = callouts.size(); index-- > 0;) {
    const Callout& callout = callouts[index];
    Placed candidate = choose_side(callout, from, to);
    for (; candidate.row + callout.rows <= rows_max; ++candidate.row) {
      const Box box{candidate.left, candidate.left + callout.width, candidate.row,
                    candidate.row + callout.rows - 1};
      if (!is_free(boxes, box)) continue;
      candidate.has_leader = candidate.side != Side::away &&
                             is_visible_from_above(boxes, callout.anchor, candidate.row);
      boxes.push_back(box);
      // A text that is placed later keeps off the line, too.
      if (candidate.has_leader && candidate.row > 0) {
        boxes.push_back({callout.anchor, callout.anchor + 1, 0, candidate.row - 1});
      }
      placed[index] = candidate;
      break;
    }
  }
  return placed;
}

int rows_of(const std::vector<Callout>& callouts, const std::vector<Placed>& placed) {
  int rows = 0;
  for (std::size_t index = 0; index < placed.size(); ++index) {
    if (placed[index].side == Side::hidden) continue;
    rows = std::max(rows, placed[index].row + callouts[index].rows);
  }
  return rows;
}

std::vector<int> stack(const std::vector<double>& places, double apart, int rows_max) {
  std::vector<int> rows;
  std::vector<double> free_from;
  for (const double where : places) {
    int row = 0;
    while (row < static_cast<int>(free_from.size()) &&
           where < free_from[static_cast<std::size_t>(row)]) {
      ++row;
    }
    if (row >= rows_max) {
      rows.push_back(-1);
      continue;
    }
    if (row == static_cast<int>(free_from.size())) free_from.push_back(0);
    free_from[static_cast<std::size_t>(row)] = where + apart;
    rows.push_back(row);
  }
  return rows;
}

}  // namespace fakeapi::lanes
