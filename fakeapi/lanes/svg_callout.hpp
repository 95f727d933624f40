// The flags under a lane in SVG: a pole at the moment, and beside it what happened, whether it was
// right, and the subject's own reason.
#pragma once

#include <vector>

#include "fakeapi/lanes/picture.hpp"
#include "fakeapi/lanes/svg_canvas.hpp"

namespace fakeapi::lanes {

/// The lane's bar and the horizontal room of its flags.
struct FlagFrame {
  double left = 0;
  double right = 0;
  double bar_y = 0;
  double bar_height = 0;
};

/// Draws all marks of a lane, given the x of each; returns the height below the bar that they took.
double draw_flags(Canvas& canvas, const std::vector<Mark>& marks, const std::vector<double>& xs,
                  const FlagFrame& frame);

}  // namespace fakeapi::lanes
