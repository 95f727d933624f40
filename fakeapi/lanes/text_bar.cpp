// Cells first, bars second: what is in a cell is decided for the whole lane before any label looks
// for room.
#include "fakeapi/lanes/text_bar.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "fakeapi/lanes/letters.hpp"

namespace fakeapi::lanes {
namespace {

constexpr int no_interval = -1;

bool explains_a_failure(State state) {
  return state == State::none || state == State::stale || state == State::unreachable ||
         state == State::too_early || state == State::app_down;
}

}  // namespace

int TextAxis::cell(double at_seconds) const {
  const double place = std::floor(at_seconds / end_seconds * columns);
  return first_column + static_cast<int>(std::clamp(place, 0.0, columns - 1.0));
}

int TextAxis::border(double at_seconds) const {
  const double place = std::round(at_seconds / end_seconds * columns);
  return first_column + static_cast<int>(std::clamp(place, 0.0, columns * 1.0));
}

std::string_view filling(State state) {
  switch (state) {
    case State::none:
      return "·";
    case State::some:
      return "▓";
    case State::all:
      return "█";
    case State::stale:
      return "░";
    case State::unreachable:
      return "?";
    case State::up:
      return "━";
    case State::waiting:
      return "─";
    case State::believes:
      return "═";
    case State::exited:
      return "┈";
    case State::running:
      return "█";
    case State::too_early:
      return "!";
    case State::app_down:
      return "x";
    case State::fault:
      return "▒";
  }
  return " ";
}

// The palette of Okabe and Ito (jfly.uni-koeln.de/color), which the colour-blind can tell apart, in
// 256 colours.
Ink ink_of(State state) {
  switch (state) {
    case State::some:
    case State::all:
    case State::up:
      return "38;5;35";
    case State::stale:
      return "1;38;5;214";
    case State::unreachable:
      return "38;5;175";
    case State::running:
    case State::believes:
      return "38;5;39";
    case State::too_early:
    case State::app_down:
      return "1;38;5;202";
    case State::fault:
      return "38;5;176";
    case State::none:
    case State::waiting:
    case State::exited:
      return "38;5;245";
  }
  return {};
}

void draw_bar(TextRow& row, int from, int to, std::string_view fill,
              const std::vector<std::string>& labels, Ink ink) {
  for (int column = from; column < to; ++column) row.put(column, fill, ink);
  const int room = to - from;
  const auto put_first = [&](int margin, int label_max) {
    for (const std::string& label : labels) {
      const auto width = static_cast<int>(width_of(label, terminal_columns));
      if (width + 2 * margin > room || width > label_max) continue;
      const std::string blank(static_cast<std::size_t>(margin), ' ');
      row.put(from + (room - width) / 2 - margin, blank + label + blank, ink);
      return true;
    }
    return false;
  };
  // Without margins only a number is still told apart from its neighbours.
  if (!put_first(1, room)) put_first(0, 3);
}

void draw_intervals(TextRow& row, const TextAxis& axis, const std::vector<Interval>& intervals) {
  std::vector<int> cells(static_cast<std::size_t>(axis.columns) + 1, no_interval);
  for (const bool is_second_pass : {false, true}) {
    for (std::size_t index = 0; index < intervals.size(); ++index) {
      const Interval& interval = intervals[index];
      int from = axis.border(interval.span.from_seconds) - axis.first_column;
      int to = axis.border(interval.span.to_seconds) - axis.first_column;
      if (is_second_pass) {
        if (to > from || !explains_a_failure(interval.state)) continue;
        from = std::min(from, axis.columns - 1);
        to = from + 1;
      }
      for (int cell = from; cell < to; ++cell) {
        cells[static_cast<std::size_t>(cell)] = static_cast<int>(index);
      }
    }
  }
  // The cell behind the last stays empty and ends the last bar.
  std::size_t from = 0;
  for (std::size_t cell = 1; cell < cells.size(); ++cell) {
    if (cells[cell] == cells[from]) continue;
    if (cells[from] != no_interval) {
      const Interval& interval = intervals[static_cast<std::size_t>(cells[from])];
      draw_bar(row, axis.first_column + static_cast<int>(from),
               axis.first_column + static_cast<int>(cell), filling(interval.state), interval.labels,
               ink_of(interval.state));
    }
    from = cell;
  }
}

}  // namespace fakeapi::lanes
