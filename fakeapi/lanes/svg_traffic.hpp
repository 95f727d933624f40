// Requests and streams in SVG: a stroke for each request that was answered, a cross for one that
// was refused, a ring for one without an answer; bars for streams; where several fall together, a
// bar with their number.
#pragma once

#include "fakeapi/lanes/picture.hpp"
#include "fakeapi/lanes/svg_canvas.hpp"

namespace fakeapi::lanes {

/// The sign of one request around (x, y), as the legend shows it, too.
void draw_sign(Canvas& canvas, double x, double y, Answer answer);

/// Below y, between left and right; returns the height that it took.
double draw_traffic(Canvas& canvas, const Lane& lane, double end_seconds, double left, double right,
                    double y);

}  // namespace fakeapi::lanes
