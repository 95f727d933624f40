// The page from top to bottom, as in text: title and conclusion, steps and axis, lanes in groups,
// explanations. What stands behind the lanes (grid, steps, the time in which nothing listens) is
// drawn last, when their height is known, and put first into the file.
#include "fakeapi/lanes/svg.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "fakeapi/lanes/place.hpp"
#include "fakeapi/lanes/svg_bar.hpp"
#include "fakeapi/lanes/svg_callout.hpp"
#include "fakeapi/lanes/svg_canvas.hpp"
#include "fakeapi/lanes/svg_traffic.hpp"

namespace fakeapi::lanes {
namespace {

constexpr double page_px = 1000;
constexpr double margin_px = 24;
constexpr double chart_left_px = 214;
constexpr double chart_right_px = page_px - margin_px;
constexpr double bar_px = 28;
constexpr double lane_gap_px = 14;
constexpr double step_row_px = 24;
constexpr std::size_t steps_max = 60;
constexpr int name_lines_max = 2;
constexpr std::size_t expectations_max = 40;  // a page; the sentence under the title counts all

constexpr TextLook title_look{25, true, colours::ink, "start"};
constexpr TextLook body_look{14, false, colours::ink, "start"};
constexpr TextLook small_look{12, false, colours::grey, "start"};
constexpr TextLook heading_look{12, true, colours::grey, "start"};
constexpr TextLook name_look{14, true, colours::ink, "start"};

bool is_cut(const std::vector<std::string>& lines) {
  constexpr std::string_view ellipsis = "…";
  return !lines.empty() && lines.back().size() >= ellipsis.size() &&
         lines.back().substr(lines.back().size() - ellipsis.size()) == ellipsis;
}

TextLook look_of(Outcome outcome) {
  TextLook look{17, true, colours::ink, "start"};
  if (outcome == Outcome::some_wrong) look.colour = colours::wrong;
  if (outcome == Outcome::all_right) look.colour = colours::right;
  return look;
}

class SvgPage {
 public:
  explicit SvgPage(const Picture& picture) : picture_{picture} {}

  std::string draw() && {
    y_ = margin_px;
    paragraph(margin_px, picture_.title, title_look, 32, 3);
    paragraph(margin_px, picture_.expectations_met, look_of(picture_.expectations_outcome), 23, 4);
    paragraph(margin_px, picture_.conclusion, look_of(picture_.outcome), 23, 4);
    y_ += 10;
    draw_steps();
    draw_axis();
    draw_danger_labels();
    draw_lanes();
    draw_background();
    draw_explanations();
    return document();
  }

 private:
  double x_of(double at_seconds) const {
    return chart_left_px + at_seconds / picture_.end_seconds * (chart_right_px - chart_left_px);
  }

  /// Wrapped text from x to the right margin, moving y_ below it.
  void paragraph(double x, std::string_view text, const TextLook& look, double line_px,
                 int lines_max) {
    for (const std::string& line : wrapped_px(text, page_px - margin_px - x, lines_max, look)) {
      y_ += line_px;
      front_.text(x, y_ - line_px * 0.25, line, look);
    }
  }

  void draw_number(double x, double y, int number) {
    front_.circle(x, y, 10, colours::grey);
    front_.text(x, y + 4, fmt::format("{}", number), {11.5, true, colours::white, "middle"});
  }

  void draw_steps() {
    std::vector<double> places;
    std::vector<int> numbers;
    for (const Step& step : picture_.steps) {
      if (!step.is_inside || numbers.size() == steps_max) continue;
      numbers.push_back(step.number);
      places.push_back(x_of(std::max(0.0, step.at_seconds)));
    }
    const std::vector<int> rows = stack(places, 24, 4);
    const int rows_used = rows.empty() ? 0 : 1 + *std::max_element(rows.begin(), rows.end());
    for (std::size_t index = 0; index < rows.size(); ++index) {
      if (rows[index] < 0) continue;
      const double y = y_ + (rows_used - rows[index] - 0.5) * step_row_px;
      step_lines_.push_back(places[index]);
      draw_number(places[index], y, numbers[index]);
    }
    if (rows_used > 0)
      front_.text(margin_px, y_ + rows_used * step_row_px - 8, "steps", small_look);
    y_ += rows_used * step_row_px;
  }

  void draw_axis() {
    y_ += 18;
    front_.text(margin_px, y_ - 4, "seconds", small_look);
    TextLook look = small_look;
    look.anchor = "middle";
    for (const double tick : picture_.ticks_seconds) {
      const std::string label = fmt::format("{:g}", tick);
      const double x_max = page_px - 2 - width_px(label, look) / 2;
      front_.text(std::min(x_of(tick), x_max), y_ - 4, label, look);
    }
    axis_y_ = y_;
  }

  void draw_danger_labels() {
    if (picture_.nothing_listens.empty()) return;
    y_ += 20;
    const TextLook look{12, true, colours::white, "middle"};
    for (const Span& span : picture_.nothing_listens) {
      const double left = x_of(span.from_seconds);
      const double width = std::max(2.0, x_of(span.to_seconds) - left);
      front_.box({left, y_ - 20, width, 20}, colours::wrong);
      for (const std::string_view label :
           {"nothing listens: a start here is WRONG", "nothing listens: WRONG", "WRONG"}) {
        if (width_px(label, look) + 6 > width) continue;
        front_.text(left + width / 2, y_ - 6, label, look);
        break;
      }
    }
  }

  void draw_lanes() {
    for (std::size_t index = 0; index < picture_.lanes.size(); ++index) {
      const Lane& lane = picture_.lanes[index];
      if (index == 0 || heading(lane.kind) != heading(picture_.lanes[index - 1].kind)) {
        y_ += 24;
        front_.text(margin_px, y_ - 6, heading(lane.kind), heading_look);
      }
      draw_lane(lane);
    }
    if (picture_.lanes.empty()) {
      paragraph(margin_px, "(the log has no lanes)", small_look, 24, 1);
    }
    lanes_bottom_ = y_;
  }

  void draw_lane(const Lane& lane) {
    y_ += 4;
    const auto name_lines =
        wrapped_px(lane.name, chart_left_px - margin_px - 10, name_lines_max, name_look);
    // A name of two lines stands at the bar's edges, one of one line in its middle.
    double baseline = y_ + (name_lines.size() == 1 ? 19 : 11);
    for (const std::string& line : name_lines) {
      front_.text(margin_px, baseline, line, name_look);
      baseline += 16;
    }
    if (is_cut(name_lines)) long_names_.insert(lane.name);
    for (const Interval& interval : lane.intervals) {
      states_.insert(interval.state);
      const double left = x_of(interval.span.from_seconds);
      const double width = std::max(1.5, x_of(interval.span.to_seconds) - left);
      draw_bar(front_, {left, y_, width, bar_px}, interval);
    }
    std::vector<double> xs;
    for (const Mark& mark : lane.marks) xs.push_back(x_of(mark.at_seconds));
    if (!lane.intervals.empty() || (lane.requests.empty() && lane.streams.empty())) y_ += bar_px;
    draw_traffic_of(lane, baseline + 2);
    if (!xs.empty()) {
      y_ +=
          4 + draw_flags(front_, lane.marks, xs, {margin_px, chart_right_px, y_ - bar_px, bar_px});
    }
    y_ += lane_gap_px;
  }

  void draw_traffic_of(const Lane& lane, double names_bottom) {
    for (const Request& request : lane.requests) answers_.insert(request.answer);
    y_ += draw_traffic(front_, lane, picture_.end_seconds, chart_left_px, chart_right_px, y_);
    if (lane.summary.empty()) return;
    y_ = std::max(y_ + 18, names_bottom);
    for (const std::string& line :
         wrapped_px(lane.summary, chart_right_px - chart_left_px, 1, small_look)) {
      front_.text(chart_left_px, y_ - 3, line, small_look);
    }
  }

  void draw_background() {
    for (const Span& span : picture_.nothing_listens) {
      const double left = x_of(span.from_seconds);
      const double right = x_of(span.to_seconds);
      back_.box({left, axis_y_, std::max(1.0, right - left), lanes_bottom_ - axis_y_}, "#FCEBE1");
    }
    for (const double tick : picture_.ticks_seconds) {
      back_.line(x_of(tick), axis_y_, x_of(tick), lanes_bottom_, colours::faint, 1);
    }
    for (const double x : step_lines_) {
      back_.line(x, axis_y_, x, lanes_bottom_, colours::grey, 1, "3 4");
    }
  }

  void draw_explanations() {
    y_ += 8;
    draw_expectations();
    draw_legend();
    for (const std::string& name : long_names_) {
      paragraph(margin_px, "full name: " + name, small_look, 18, 2);
    }
    if (picture_.lanes_left_out > 0) {
      paragraph(margin_px, fmt::format("and {} more lanes", picture_.lanes_left_out), small_look,
                20, 1);
    }
    y_ += 8;
    for (const Step& step : picture_.steps) {
      if (step.number > static_cast<int>(steps_max)) break;
      draw_number(margin_px + 10, y_ + 11, step.number);
      TextLook time = small_look;
      time.anchor = "end";
      front_.text(margin_px + 100, y_ + 16, seconds_text(step.at_seconds), time);
      paragraph(margin_px + 112, step.text, body_look, 23, 4);
      if (step.text.empty()) y_ += 23;
    }
    if (picture_.steps.size() > steps_max) {
      paragraph(margin_px, fmt::format("and {} more steps", picture_.steps.size() - steps_max),
                small_look, 20, 1);
    }
    draw_mechanism();
    for (const std::string& note : picture_.notes) paragraph(margin_px, note, body_look, 21, 6);
    y_ += margin_px;
  }

  void draw_expectations() {
    const std::vector<Expectation>& all = picture_.expectations;
    if (all.empty()) return;
    y_ += 18;
    front_.text(margin_px, y_, "WHAT WAS EXPECTED", heading_look);
    y_ += 6;
    for (std::size_t index = 0; index < std::min(all.size(), expectations_max); ++index) {
      const Result result = all[index].result;
      const std::string_view colour = result == Result::passed   ? colours::right
                                      : result == Result::failed ? colours::wrong
                                                                 : colours::grey;
      front_.box({margin_px, y_ + 5, 66, 16}, colour, "none", 3);
      front_.text(margin_px + 33, y_ + 17, word(result), {11.5, true, colours::white, "middle"});
      TextLook look = body_look;
      look.is_bold = result == Result::failed;
      paragraph(margin_px + 76, all[index].sentence, look, 23, 3);
      if (all[index].sentence.empty()) y_ += 23;
    }
    if (all.size() > expectations_max) {
      paragraph(margin_px, fmt::format("and {} more", all.size() - expectations_max), small_look,
                20, 1);
    }
    y_ += 6;
  }

  void draw_mechanism() {
    if (picture_.mechanism.empty()) return;
    y_ += 12;
    const double top = y_;
    TextLook title = body_look;
    title.is_bold = true;
    paragraph(margin_px + 14, "Mechanism", title, 25, 1);
    paragraph(margin_px + 14, picture_.mechanism, body_look, 21, 8);
    back_.box({margin_px, top, page_px - 2 * margin_px, y_ - top + 8}, "#F3F5F7");
    back_.box({margin_px, top, 4, y_ - top + 8}, colours::grey);
    y_ += 16;
  }

  void draw_legend() {
    constexpr double swatch_px = 26;
    double x = margin_px;
    y_ += 20;
    for (const State state : states_) {
      const double width = swatch_px + 8 + width_px(meaning(state), small_look) + 14;
      if (x + width > page_px - margin_px) {
        x = margin_px;
        y_ += 22;
      }
      const BarLook look = look_of(state);
      front_.box({x, y_ - 11, swatch_px, 14}, look.fill, look.stroke);
      front_.text(x + swatch_px + 7, y_, meaning(state), small_look);
      x += width;
    }
    for (const Answer answer : answers_) {
      const double width = 22 + width_px(meaning(answer), small_look) + 14;
      if (x + width > page_px - margin_px) {
        x = margin_px;
        y_ += 22;
      }
      draw_sign(front_, x + 8, y_ - 4, answer);
      front_.text(x + 19, y_, meaning(answer), small_look);
      x += width;
    }
    y_ += 4;
  }

  std::string description() const {
    std::string text = picture_.conclusion;
    if (!picture_.expectations_met.empty()) text = picture_.expectations_met + ". " + text;
    for (const Verdict& verdict : picture_.verdicts) {
      text += fmt::format(" {}: {} at {}, {}.", verdict.subject, verdict.right ? "right" : "wrong",
                          seconds_text(verdict.at_seconds), verdict.why);
    }
    return text + (picture_.mechanism.empty() ? "" : " Mechanism: " + picture_.mechanism);
  }

  std::string document() const {
    return fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:g} {1:.0f}"
 width="{0:g}" height="{1:.0f}" role="img" aria-labelledby="lanes-title lanes-desc"
 font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif">
<title id="lanes-title">{2}</title>
<desc id="lanes-desc">{3}</desc>
{4}<rect width="{0:g}" height="{1:.0f}" fill="#FFFFFF"/>
{5}{6}</svg>
)",
        page_px, y_, xml_escaped(picture_.title), xml_escaped(description()), hatchings(),
        back_.elements(), front_.elements());
  }

  const Picture& picture_;
  Canvas back_;
  Canvas front_;
  double y_ = 0;
  double axis_y_ = 0;
  double lanes_bottom_ = 0;
  std::vector<double> step_lines_;
  std::set<std::string> long_names_;
  std::set<State> states_;
  std::set<Answer> answers_;
};

}  // namespace

std::string to_svg(const Picture& picture) { return SvgPage{picture}.draw(); }

}  // namespace fakeapi::lanes
