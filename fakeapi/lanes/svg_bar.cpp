// The palette is that of Okabe and Ito (jfly.uni-koeln.de/color), darkened where white text stands
// on it so that the contrast is at least 4.5 to 1 (WCAG 2.1, 1.4.3).
#include "fakeapi/lanes/svg_bar.hpp"

namespace fakeapi::lanes {

BarLook look_of(State state) {
  switch (state) {
    case State::none:
      return {"#FFFFFF", "#8C959F", colours::ink};
    case State::some:
      return {"#9ED9C5", "#00795A", colours::ink};
    case State::all:
      return {"#00795A", "#FFFFFF", colours::white};
    case State::stale:
      return {"url(#lanes-stale)", "#8A5A00", colours::ink};
    case State::unreachable:
      return {"url(#lanes-unreachable)", "#8C959F", colours::ink};
    case State::up:
      return {"#E3F3EE", "#00795A", colours::ink};
    case State::waiting:
      return {"#EEF1F4", "#AFB8C1", colours::ink};
    case State::believes:
      return {"#BBDDF2", "#00609A", colours::ink};
    case State::exited:
      return {"#FFFFFF", "#AFB8C1", colours::ink};
    case State::running:
      return {"#00609A", "#FFFFFF", colours::white};
    case State::too_early:
      return {"url(#lanes-wrong)", "#8F3400", colours::white};
    case State::app_down:
      return {"url(#lanes-down)", "#B84300", colours::ink};
    case State::fault:
      return {"#EFD9E6", "#8E3F6C", colours::ink};
  }
  return {"none", "none", colours::ink};
}

std::string_view hatchings() {
  return R"svg(<defs>
<pattern id="lanes-stale" width="10" height="10" patternUnits="userSpaceOnUse"
 patternTransform="rotate(45)">
<rect width="10" height="10" fill="#FFC94D"/><rect width="3" height="10" fill="#E69F00"/></pattern>
<pattern id="lanes-wrong" width="10" height="10" patternUnits="userSpaceOnUse"
 patternTransform="rotate(-45)">
<rect width="10" height="10" fill="#B84300"/><rect width="3" height="10" fill="#A03A00"/></pattern>
<pattern id="lanes-down" width="8" height="8" patternUnits="userSpaceOnUse">
<rect width="8" height="8" fill="#FBE3D6"/>
<path d="M0 0L8 8M8 0L0 8" stroke="#F0B796" stroke-width="1"/></pattern>
<pattern id="lanes-unreachable" width="6" height="6" patternUnits="userSpaceOnUse">
<rect width="6" height="6" fill="#E6E9EC"/><circle cx="3" cy="3" r="1" fill="#AFB8C1"/></pattern>
</defs>
)svg";
}

void draw_bar(Canvas& canvas, const Box& box, const Interval& interval) {
  const BarLook look = look_of(interval.state);
  const TextLook text{12.5, true, look.text, "middle"};
  std::string tip = interval.labels.empty() ? std::string{} : interval.labels.front();
  if (!interval.why.empty()) tip += (tip.empty() ? "" : ": ") + interval.why;
  canvas.box_with_tip(box, look.fill, look.stroke, tip);
  constexpr double margins_px = 6;
  for (const std::string& label : interval.labels) {
    if (width_px(label, text) + margins_px > box.width) continue;
    canvas.text(box.x + box.width / 2, box.y + box.height / 2 + text.size_px * 0.36, label, text);
    return;
  }
}

}  // namespace fakeapi::lanes
