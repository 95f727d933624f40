// Cells of eight units, so that a sign fits into one and a picture of any log has at most some
// hundred of them in a row.
#include "fakeapi/lanes/svg_traffic.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "fakeapi/lanes/svg_bar.hpp"

namespace fakeapi::lanes {
namespace {

constexpr double cell_px = 8;
constexpr double request_row_px = 24;
constexpr double stream_row_px = 19;
constexpr std::size_t stream_rows_drawn = 12;
constexpr TextLook number_look{11, true, colours::ink, "middle"};

std::string_view colour_of(Answer answer) {
  switch (answer) {
    case Answer::ok:
      return "#00609A";
    case Answer::met:
      return "#8E3F6C";
    case Answer::refused:
    case Answer::no_answer:
      return colours::wrong;
  }
  return colours::ink;
}

std::string_view pale_colour_of(Answer answer) {
  if (answer == Answer::ok) return "#BBDDF2";
  return answer == Answer::met ? "#EFD9E6" : "#FBE3D6";
}

class Traffic {
 public:
  Traffic(Canvas& canvas, const Lane& lane, double end_seconds, double left, double right)
      : canvas_{canvas},
        lane_{lane},
        end_seconds_{end_seconds},
        left_{left},
        cells_{static_cast<int>(std::round((right - left) / cell_px))},
        cell_px_{(right - left) / cells_} {}

  double draw(double y) {
    const double top = y;
    if (!lane_.requests.empty()) {
      draw_requests(y);
      y += request_row_px;
    }
    const auto border = [this](double at_seconds) {
      return static_cast<int>(std::round(std::clamp(at_seconds / end_seconds_, 0.0, 1.0) * cells_));
    };
    for (const auto& bins : stream_rows(lane_.streams, stream_rows_drawn, border)) {
      for (const StreamBin& bin : bins) draw_stream(bin, y);
      y += stream_row_px;
    }
    return y - top;
  }

 private:
  double x_of(int cell) const { return left_ + std::min(cell, cells_) * cell_px_; }

  bool label(const Box& box, const std::vector<std::string>& labels, const TextLook& look) {
    for (const std::string& text : labels) {
      if (width_px(text, look) + 6 > box.width) continue;
      canvas_.text(box.x + box.width / 2, box.y + box.height / 2 + 4, text, look);
      return true;
    }
    return false;
  }

  void draw_requests(double y) {
    const auto cell = [this](double at_seconds) {
      const double place = std::floor(at_seconds / end_seconds_ * cells_);
      return static_cast<int>(std::clamp(place, 0.0, cells_ - 1.0));
    };
    const std::vector<RequestBin> bins = binned(lane_.requests, cell);
    for (std::size_t index = 0; index < bins.size(); ++index) {
      const RequestBin& bin = bins[index];
      const Box box{x_of(bin.from), y + 2, x_of(bin.to) - x_of(bin.from), request_row_px - 4};
      if (bin.count == 1) {
        draw_one(lane_.requests[bin.first], box);
        continue;
      }
      const std::string number = fmt::format("×{}", bin.count);
      canvas_.box_with_tip(box, pale_colour_of(bin.worst), colour_of(bin.worst),
                           fmt::format("{} requests", bin.count));
      // Behind the box where nothing follows, when it does not fit into it.
      const double next = x_of(index + 1 == bins.size() ? cells_ : bins[index + 1].from);
      const double width = width_px(number, number_look);
      const bool is_labelled = label(box, {number}, number_look);
      // The shape says what the colour says.
      if (bin.worst != Answer::ok && !is_labelled) {
        draw_sign(canvas_, box.x + box.width / 2, box.y + box.height / 2, bin.worst);
      } else if (bin.worst != Answer::ok && width + 30 < box.width) {
        draw_sign(canvas_, box.x + 8, box.y + box.height / 2, bin.worst);
      }
      if (!is_labelled && box.x + box.width + 4 + width < next) {
        TextLook look = number_look;
        look.anchor = "start";
        canvas_.text(box.x + box.width + 4, y + request_row_px / 2 + 4, number, look);
      }
    }
  }

  void draw_one(const Request& request, const Box& box) {
    const std::string status = request.status > 0 ? fmt::format("{}: ", request.status) : "";
    canvas_.raw("<g><title>" + xml_escaped(status + request.text) + "</title>\n");
    draw_sign(canvas_, box.x + box.width / 2, box.y + box.height / 2, request.answer);
    canvas_.raw("</g>\n");
  }

  void draw_stream(const StreamBin& bin, double y) {
    const Stream& stream = lane_.streams[bin.first];
    const double left = std::min(x_of(bin.from), x_of(cells_) - 2);
    const Box box{left, y + 2, std::max(2.0, x_of(bin.to) - left), stream_row_px - 4};
    if (bin.count > 1) {
      canvas_.box_with_tip(box, pale_colour_of(Answer::ok), colour_of(Answer::ok),
                           fmt::format("{} streams", bin.count));
      label(box, {fmt::format("×{} streams", bin.count), fmt::format("×{}", bin.count)},
            number_look);
      return;
    }
    const std::string how = stream.how.empty() ? "still open" : stream.how;
    canvas_.box_with_tip(box, "#E3F1FA", "none", stream.text + "; " + how);
    canvas_.line(box.x, box.y, box.x, box.y + box.height, colour_of(Answer::ok), 2);
    const double right = box.x + box.width;
    if (!stream.is_open) {
      const Answer end = stream.is_cut ? Answer::refused : Answer::ok;
      canvas_.line(right, box.y, right, box.y + box.height, colour_of(end), stream.is_cut ? 3 : 2);
    }
    label(box, {stream.label + "; " + how, stream.label, "watch"},
          {11, false, colours::ink, "middle"});
  }

  Canvas& canvas_;
  const Lane& lane_;
  double end_seconds_;
  double left_;
  int cells_;
  double cell_px_;
};

}  // namespace

void draw_sign(Canvas& canvas, double x, double y, Answer answer) {
  const std::string_view colour = colour_of(answer);
  switch (answer) {
    case Answer::ok:
      canvas.line(x, y - 8, x, y + 8, colour, 2);
      break;
    case Answer::met:
      canvas.line(x - 3, y - 6, x, y + 6, colour, 2);
      canvas.line(x + 3, y - 6, x, y + 6, colour, 2);
      break;
    case Answer::refused:
      canvas.line(x - 3.5, y - 4.5, x + 3.5, y + 4.5, colour, 2.5);
      canvas.line(x - 3.5, y + 4.5, x + 3.5, y - 4.5, colour, 2.5);
      break;
    case Answer::no_answer:
      canvas.circle(x, y, 4, colour);
      canvas.circle(x, y, 2, colours::white);
      break;
  }
}

double draw_traffic(Canvas& canvas, const Lane& lane, double end_seconds, double left, double right,
                    double y) {
  return Traffic{canvas, lane, end_seconds, left, right}.draw(y);
}

}  // namespace fakeapi::lanes
