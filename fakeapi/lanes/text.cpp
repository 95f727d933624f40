// The page from top to bottom: title and conclusion, the axis with the scenario's steps, the lanes
// in their groups, each start right below its lane at its moment, and what explains it: legend,
// steps, mechanism, notes.
#include "fakeapi/lanes/text.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "fakeapi/lanes/letters.hpp"
#include "fakeapi/lanes/place.hpp"
#include "fakeapi/lanes/text_bar.hpp"
#include "fakeapi/lanes/text_row.hpp"
#include "fakeapi/lanes/text_traffic.hpp"

namespace fakeapi::lanes {
namespace {

constexpr int width_min = 60;
constexpr int width_max = 200;
constexpr int callout_rows_max = 20;        // of a lane; a log with more to say is read as a log
constexpr int callout_columns = 76;         // longer lines are not read at a glance
constexpr int callout_columns_narrow = 36;  // so that neighbours find room beside each other
constexpr int callout_columns_min = 30;
constexpr std::size_t expectations_max =
    40;  // a screenful; the sentence over the picture counts all
constexpr int paragraph_lines_max = 6;
constexpr std::size_t steps_max = 99;  // two digits over the axis

constexpr Ink bold = "1";
constexpr Ink grey = "38;5;245";
constexpr Ink vermilion = "1;38;5;202";
constexpr Ink blue = "1;38;5;39";

Ink ink_of_mark(MarkKind kind) {
  if (kind == MarkKind::wrong || kind == MarkKind::never) return vermilion;
  return kind == MarkKind::right ? blue : Ink{};
}

Ink ink_of_outcome(Outcome outcome) {
  if (outcome == Outcome::some_wrong) return vermilion;
  return outcome == Outcome::all_right ? blue : bold;
}

/// What happened, the judgement and the subject's own reason; a lane with one mark has room for the
/// first two in one line, which is cut into two where it does not fit.
std::vector<std::string> callout_lines(const Mark& mark, double room, bool is_alone) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view text, int lines_max, double columns) {
    for (std::string& line : wrapped(text, std::min(room, columns), lines_max, terminal_columns)) {
      lines.push_back(std::move(line));
    }
  };
  if (word(mark.kind).empty()) {
    add(mark.label, 2, is_alone ? callout_columns : callout_columns_narrow);
  } else {
    const std::string judged = fmt::format("{}: {}", word(mark.kind), mark.judgement);
    const std::string one_line = mark.label + "  " + judged;
    if (is_alone && width_of(one_line, terminal_columns) <= room) {
      lines.push_back(one_line);
    } else {
      add(mark.label, 1, callout_columns);
      add(judged, 2, is_alone ? callout_columns : callout_columns_narrow);
    }
  }
  if (!mark.reason.empty()) add("why: " + mark.reason, 2, callout_columns_narrow);
  return lines;
}

class TextPage {
 public:
  TextPage(const Picture& picture, TextStyle style)
      : picture_{picture},
        colour_{style.colour},
        width_{std::clamp(style.width, width_min, width_max)} {
    double name_width = 6;
    for (const Lane& lane : picture.lanes) {
      name_width = std::max(name_width, width_of(lane.name, terminal_columns));
    }
    axis_.first_column = static_cast<int>(std::min(name_width + 4, std::floor(width_ * 0.3)));
    axis_.columns = width_ - axis_.first_column;
    axis_.end_seconds = picture.end_seconds;
  }

  std::string draw() && {
    paragraph(picture_.title, "", bold);
    paragraph(picture_.expectations_met, "", ink_of_outcome(picture_.expectations_outcome));
    paragraph(picture_.conclusion, "", picture_.outcome == Outcome::some_wrong ? vermilion : blue);
    text_ += "\n";
    draw_step_numbers();
    draw_axis();
    draw_danger();
    for (std::size_t index = 0; index < picture_.lanes.size(); ++index) {
      const Lane& lane = picture_.lanes[index];
      if (index == 0 || heading(lane.kind) != heading(picture_.lanes[index - 1].kind)) {
        paragraph(heading(lane.kind), "", bold);
      }
      draw_lane(lane);
    }
    if (picture_.lanes.empty()) paragraph("(the log has no lanes)", "", grey);
    draw_explanations();
    return std::move(text_);
  }

 private:
  TextRow row() const { return TextRow{width_}; }
  void emit(const TextRow& done) { text_ += done.line(colour_); }

  /// Wrapped text; `before` stands in front of the first line, and its width in front of the
  /// others.
  void paragraph(std::string_view text, std::string_view before, Ink ink = {}) {
    const auto indent = static_cast<int>(width_of(before, terminal_columns));
    bool is_first = true;
    for (const std::string& line :
         wrapped(text, width_ - indent, paragraph_lines_max, terminal_columns)) {
      TextRow one = row();
      if (is_first) one.put(0, before, bold);
      one.put(indent, line, ink);
      emit(one);
      is_first = false;
    }
  }

  void draw_step_numbers() {
    std::vector<double> places;
    std::vector<std::string> numbers;
    for (const Step& step : picture_.steps) {
      if (!step.is_inside || numbers.size() == steps_max) continue;
      numbers.push_back(fmt::format("{}", step.number));
      const int last = width_ - static_cast<int>(numbers.back().size());
      places.push_back(std::min(axis_.cell(step.at_seconds), last));
    }
    const std::vector<int> rows = stack(places, 3, 4);
    for (int number = rows.empty() ? -1 : *std::max_element(rows.begin(), rows.end()); number >= 0;
         --number) {
      TextRow one = row();
      if (number == 0) one.put(2, "steps", grey);
      for (std::size_t index = 0; index < rows.size(); ++index) {
        if (rows[index] == number) one.put(static_cast<int>(places[index]), numbers[index], bold);
      }
      emit(one);
    }
  }

  void draw_axis() {
    TextRow labels = row();
    TextRow line = row();
    labels.put(2, "seconds", grey);
    for (int column = axis_.first_column; column < width_; ++column) line.put(column, "─", grey);
    int free_from = 0;
    for (const double tick : picture_.ticks_seconds) {
      const std::string label = fmt::format("{:g}", tick);
      const auto size = static_cast<int>(label.size());
      line.put(axis_.cell(tick), "┬", grey);
      const int column = std::min(axis_.cell(tick), width_ - size);
      if (column < free_from) continue;
      labels.put(column, label, grey);
      free_from = column + size + 1;
    }
    emit(labels);
    emit(line);
  }

  void draw_danger() {
    if (picture_.nothing_listens.empty()) return;
    TextRow one = row();
    for (const Span& span : picture_.nothing_listens) {
      const int from = std::min(axis_.border(span.from_seconds), width_ - 1);
      const int to = std::max(axis_.border(span.to_seconds), from + 1);
      draw_bar(one, from, to, "!",
               {"nothing listens: a start here is WRONG", "nothing listens: start = WRONG",
                "start = WRONG", "WRONG"},
               vermilion);
    }
    emit(one);
  }

  void draw_lane(const Lane& lane) {
    std::vector<TextRow> rows = traffic_rows(lane, axis_, width_);
    // A fault's window has a row of its own over what it met.
    if (rows.empty() || !lane.intervals.empty()) rows.insert(rows.begin(), row());
    TextRow& bar = rows.front();
    const std::string name = cut_in_the_middle(lane.name, axis_.first_column - 4, terminal_columns);
    if (name != lane.name) shortened_.emplace(name, lane.name);
    bar.put(2, name);
    draw_intervals(bar, axis_, lane.intervals);
    for (const Interval& interval : lane.intervals) states_.insert(interval.state);
    for (const Request& request : lane.requests) answers_.insert(request.answer);
    for (const TextRow& one : rows) emit(one);
    draw_callouts(lane);
    if (!lane.summary.empty()) {
      paragraph(lane.summary, std::string(static_cast<std::size_t>(axis_.first_column), ' '), grey);
    }
  }

  void draw_callouts(const Lane& lane) {
    std::vector<std::vector<std::string>> texts;
    std::vector<Callout> callouts;
    for (const Mark& mark : lane.marks) {
      const int anchor = axis_.cell(mark.at_seconds);
      const int room = std::max({width_ - anchor - 3, anchor - 4, callout_columns_min});
      texts.push_back(callout_lines(mark, room, lane.marks.size() == 1));
      double width = 0;
      for (const std::string& line : texts.back()) {
        width = std::max(width, width_of(line, terminal_columns));
      }
      callouts.push_back(
          {static_cast<double>(anchor), width + 3, static_cast<int>(texts.back().size()), 1});
    }
    const std::vector<Placed> placed = place(callouts, 2, width_, callout_rows_max);
    std::vector<TextRow> rows(static_cast<std::size_t>(rows_of(callouts, placed)), row());
    std::size_t hidden = 0;
    for (std::size_t index = 0; index < placed.size(); ++index) {
      if (placed[index].side == Side::hidden) {
        ++hidden;
      } else {
        put_callout(rows, lane.marks[index].kind, texts[index], callouts[index], placed[index]);
      }
    }
    for (const TextRow& one : rows) emit(one);
    if (hidden > 0) paragraph(fmt::format("and {} more", hidden), "  ", grey);
  }

  void put_callout(std::vector<TextRow>& rows, MarkKind kind, const std::vector<std::string>& lines,
                   const Callout& callout, const Placed& placed) const {
    const auto anchor = static_cast<int>(callout.anchor);
    const auto left = static_cast<int>(placed.left);
    const Ink ink = ink_of_mark(kind);
    for (int above = 0; placed.has_leader && above < placed.row; ++above) {
      TextRow& one = rows[static_cast<std::size_t>(above)];
      if (one.is_blank(anchor)) one.put(anchor, "│", ink);
    }
    for (std::size_t index = 0; index < lines.size(); ++index) {
      TextRow& one = rows[static_cast<std::size_t>(placed.row) + index];
      const auto width = static_cast<int>(width_of(lines[index], terminal_columns));
      if (index == 0 && placed.side != Side::away) {
        one.put(anchor, kind == MarkKind::plain ? "•" : "▲", ink);
      }
      const int column = placed.side == Side::right  ? anchor + 2
                         : placed.side == Side::left ? anchor - 1 - width
                                                     : left;
      one.put(column, lines[index], index == 0 ? ink : Ink{});
    }
  }

  void draw_explanations() {
    draw_expectations();
    text_ += "\n";
    draw_legend();
    for (const auto& [name, full] : shortened_) paragraph(full, "  " + name + " = ", grey);
    if (picture_.lanes_left_out > 0) {
      paragraph(fmt::format("and {} more lanes", picture_.lanes_left_out), "  ", grey);
    }
    for (const Step& step : picture_.steps) {
      if (step.number > static_cast<int>(steps_max)) break;
      paragraph(step.text,
                fmt::format("  {:>2}  {:>6}  ", step.number, seconds_text(step.at_seconds)));
    }
    if (picture_.steps.size() > steps_max) {
      paragraph(fmt::format("and {} more steps", picture_.steps.size() - steps_max), "  ", grey);
    }
    paragraph(picture_.mechanism, "Mechanism: ");
    for (const std::string& note : picture_.notes) paragraph(note, "Note: ");
  }

  void draw_expectations() {
    const std::vector<Expectation>& all = picture_.expectations;
    if (all.empty()) return;
    paragraph("WHAT WAS EXPECTED", "", bold);
    for (std::size_t index = 0; index < std::min(all.size(), expectations_max); ++index) {
      const bool failed = all[index].result == Result::failed;
      paragraph(all[index].sentence, fmt::format("  {:<7}  ", word(all[index].result)),
                failed ? vermilion : Ink{});
    }
    if (all.size() > expectations_max) {
      paragraph(fmt::format("and {} more", all.size() - expectations_max), "  ", grey);
    }
  }

  void draw_legend() {
    TextRow one = row();
    int column = 2;
    const auto add = [&](std::string_view sign, Ink ink, std::string_view meaning) {
      const auto sign_size = static_cast<int>(width_of(sign, terminal_columns));
      const auto size = static_cast<int>(width_of(meaning, terminal_columns)) + sign_size + 1;
      if (column + size > width_) {
        emit(one);
        one = row();
        column = 2;
      }
      one.put(column, sign, ink);
      one.put(column + sign_size + 1, meaning, grey);
      column += size + 2;
    };
    for (const State state : states_) {
      std::string sign;
      for (int cell = 0; cell < 3; ++cell) sign += filling(state);
      add(sign, ink_of(state), meaning(state));
    }
    for (const Answer answer : answers_) add(sign_of(answer), ink_of(answer), meaning(answer));
    if (!answers_.empty()) add("2-9 + ×N", {}, "several requests");
    emit(one);
  }

  const Picture& picture_;
  bool colour_;
  int width_;
  TextAxis axis_;
  std::string text_;
  std::set<State> states_;
  std::set<Answer> answers_;
  std::set<std::pair<std::string, std::string>> shortened_;
};

}  // namespace

std::string to_text(const Picture& picture, TextStyle style) {
  return TextPage{picture, style}.draw();
}

}  // namespace fakeapi::lanes
