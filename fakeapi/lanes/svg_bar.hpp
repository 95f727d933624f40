// How each state looks in SVG: a colour that the colour-blind can tell from its neighbours, and a
// hatching or an outline where a colour alone would have to carry the meaning.
#pragma once

#include <string>
#include <string_view>

#include "fakeapi/lanes/picture.hpp"
#include "fakeapi/lanes/svg_canvas.hpp"

namespace fakeapi::lanes {

struct BarLook {
  std::string_view fill;
  std::string_view stroke;
  std::string_view text;
};

BarLook look_of(State state);

/// The <defs> with the hatchings that the looks refer to.
std::string_view hatchings();

/// The interval's bar with the first label that fits.
void draw_bar(Canvas& canvas, const Box& box, const Interval& interval);

namespace colours {
inline constexpr std::string_view ink = "#1F2328";
inline constexpr std::string_view grey = "#59636E";
inline constexpr std::string_view faint = "#D8DDE2";
inline constexpr std::string_view wrong = "#B84300";  // Okabe and Ito's vermilion, darker for text
inline constexpr std::string_view right = "#00609A";  // their blue, darker for text
inline constexpr std::string_view white = "#FFFFFF";
}  // namespace colours

}  // namespace fakeapi::lanes
