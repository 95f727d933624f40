// Flags are laid out by place(), in rows of one line; the poles are drawn first, so that no line
// runs over a letter.
#include "fakeapi/lanes/svg_callout.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "fakeapi/lanes/place.hpp"
#include "fakeapi/lanes/svg_bar.hpp"

namespace fakeapi::lanes {
namespace {

constexpr double row_height_px = 19;
constexpr double pole_gap_px = 8;   // between the pole and its text
constexpr double flag_gap_px = 16;  // between a text and the next pole
constexpr double pill_gap_px = 7;   // between the judgement's word and the text
constexpr double narrow_px = 305;   // of a text that has neighbours
constexpr double room_min_px = 250;
constexpr int rows_max = 16;

constexpr TextLook headline{13.5, true, colours::ink, "start"};
constexpr TextLook detail{12.5, false, colours::grey, "start"};
constexpr TextLook pill_text{11.5, true, colours::white, "middle"};

struct Line {
  std::string text;
  bool is_headline = false;
};

struct Flag {
  MarkKind kind = MarkKind::plain;
  std::vector<Line> lines;
  double pill_px = 0;  // 0: there is none
  double width = 0;
};

std::string_view colour_of(MarkKind kind) {
  if (kind == MarkKind::wrong || kind == MarkKind::never) return colours::wrong;
  return kind == MarkKind::right ? colours::right : colours::ink;
}

Flag make_flag(const Mark& mark, double room, bool is_alone) {
  Flag flag;
  flag.kind = mark.kind;
  if (!word(mark.kind).empty())
    flag.pill_px = width_px(word(mark.kind), pill_text) + 10 + pill_gap_px;
  const double text_room = is_alone ? room : std::min(room, narrow_px);
  const auto add = [&](std::string_view text, const TextLook& look, int lines_max, double inset) {
    for (std::string& line : wrapped_px(text, text_room - inset, lines_max, look)) {
      flag.width = std::max(flag.width, inset + width_px(line, look));
      flag.lines.push_back({std::move(line), look.is_bold});
      inset = 0;  // only the first line stands beside the pill
    }
  };
  const std::string whole = mark.label + ": " + mark.judgement;
  if (mark.judgement.empty()) {
    add(mark.label, mark.kind == MarkKind::plain ? detail : headline, 2, flag.pill_px);
  } else if (is_alone && flag.pill_px + width_px(whole, headline) <= text_room) {
    add(whole, headline, 1, flag.pill_px);
  } else {
    add(mark.label, headline, 1, flag.pill_px);
    add(mark.judgement, headline, 2, 0);
  }
  if (!mark.reason.empty()) add("why: " + mark.reason, detail, 2, 0);
  return flag;
}

void draw_pole(Canvas& canvas, const Flag& flag, double x, const Placed& placed,
               const FlagFrame& frame) {
  const double below = frame.bar_y + frame.bar_height;
  const std::string_view colour = colour_of(flag.kind);
  double bottom = below + 3;
  if (placed.has_leader) {
    bottom = below + (placed.row + static_cast<double>(flag.lines.size())) * row_height_px;
  }
  const bool is_judged = flag.kind != MarkKind::plain;
  canvas.line(x, frame.bar_y - (is_judged ? 5 : 0), x, bottom, colour, is_judged ? 2.5 : 1.2);
  if (is_judged) canvas.circle(x, frame.bar_y - 5, 4.5, colour);
}

/// A flag on the left side of its pole is the mirror image of one on the right.
void draw_words(Canvas& canvas, const Flag& flag, double x, const Placed& placed,
                const FlagFrame& frame) {
  const bool is_left = placed.side == Side::left;
  double edge = placed.left;  // where the lines begin, or end when the flag is on the left
  if (placed.side == Side::right) edge = x + pole_gap_px;
  if (is_left) edge = x - pole_gap_px;
  const double direction = is_left ? -1 : 1;
  const double top = frame.bar_y + frame.bar_height + placed.row * row_height_px;
  canvas.box({(is_left ? edge - flag.width : edge) - 4, top + 1, flag.width + 8,
              static_cast<double>(flag.lines.size()) * row_height_px - 1},
             colours::white, "none", 3);
  double y = top + 15;
  double inset = flag.pill_px;
  if (flag.pill_px > 0) {
    const double width = flag.pill_px - pill_gap_px;
    canvas.box({is_left ? edge - width : edge, y - 12.5, width, 16}, colour_of(flag.kind), "none",
               3);
    canvas.text(edge + direction * width / 2, y - 0.5, word(flag.kind), pill_text);
  }
  for (const Line& line : flag.lines) {
    TextLook look = line.is_headline ? headline : detail;
    if (line.is_headline) look.colour = colour_of(flag.kind);
    if (is_left) look.anchor = "end";
    canvas.text(edge + direction * inset, y, line.text, look);
    inset = 0;
    y += row_height_px;
  }
}

}  // namespace

double draw_flags(Canvas& canvas, const std::vector<Mark>& marks, const std::vector<double>& xs,
                  const FlagFrame& frame) {
  std::vector<Flag> flags;
  std::vector<Callout> callouts;
  for (std::size_t index = 0; index < marks.size(); ++index) {
    const double room = std::max({frame.right - xs[index] - pole_gap_px - flag_gap_px,
                                  xs[index] - frame.left - pole_gap_px - flag_gap_px, room_min_px});
    flags.push_back(make_flag(marks[index], room, marks.size() == 1));
    callouts.push_back({xs[index], flags.back().width + pole_gap_px + flag_gap_px,
                        static_cast<int>(flags.back().lines.size()), 0});
  }
  const std::vector<Placed> placed =
      place(callouts, frame.left, frame.right + flag_gap_px, rows_max);
  std::size_t hidden = 0;
  for (std::size_t index = 0; index < flags.size(); ++index) {
    draw_pole(canvas, flags[index], xs[index], placed[index], frame);
    if (placed[index].side == Side::hidden) ++hidden;
  }
  for (std::size_t index = 0; index < flags.size(); ++index) {
    if (placed[index].side == Side::hidden) continue;
    draw_words(canvas, flags[index], xs[index], placed[index], frame);
  }
  double height = rows_of(callouts, placed) * row_height_px;
  if (hidden > 0) {
    canvas.text(frame.left, frame.bar_y + frame.bar_height + height + 15,
                fmt::format("and {} more", hidden), detail);
    height += row_height_px;
  }
  return height;
}

}  // namespace fakeapi::lanes
