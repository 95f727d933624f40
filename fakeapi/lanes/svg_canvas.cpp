// Numbers are written with one decimal, which is a tenth of a pixel, so that the same picture is
// the same bytes.
#include "fakeapi/lanes/svg_canvas.hpp"

#include <fmt/core.h>

#include "fakeapi/lanes/font.hpp"
#include "fakeapi/lanes/letters.hpp"

namespace fakeapi::lanes {
namespace {

Measure measure_of(const TextLook& look) { return look.is_bold ? bold_font_ems : font_ems; }

std::string box_attributes(const Box& box, std::string_view fill, std::string_view stroke,
                           double radius) {
  return fmt::format(
      R"(x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}" stroke="{}" rx="{:.1f}")",
      box.x, box.y, box.width, box.height, fill, stroke, radius);
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += letter;
    }
  }
  return escaped;
}

double width_px(std::string_view text, const TextLook& look) {
  return width_of(text, measure_of(look)) * look.size_px;
}

std::vector<std::string> wrapped_px(std::string_view text, double width_max_px, int lines_max,
                                    const TextLook& look) {
  return wrapped(text, width_max_px / look.size_px, lines_max, measure_of(look));
}

void Canvas::text(double x, double y, std::string_view text, const TextLook& look) {
  elements_ += fmt::format(
      R"(<text x="{:.1f}" y="{:.1f}" font-size="{:g}" font-weight="{}" fill="{}" )"
      R"(text-anchor="{}">{}</text>)"
      "\n",
      x, y, look.size_px, look.is_bold ? 700 : 400, look.colour, look.anchor, xml_escaped(text));
}

void Canvas::box(const Box& box, std::string_view fill, std::string_view stroke, double radius_px) {
  elements_ += fmt::format("<rect {}/>\n", box_attributes(box, fill, stroke, radius_px));
}

void Canvas::box_with_tip(const Box& box, std::string_view fill, std::string_view stroke,
                          std::string_view tip) {
  elements_ += fmt::format("<rect {}><title>{}</title></rect>\n",
                           box_attributes(box, fill, stroke, 0), xml_escaped(tip));
}

void Canvas::line(double x1, double y1, double x2, double y2, std::string_view stroke, double width,
                  std::string_view dashes) {
  const std::string dash =
      dashes.empty() ? std::string{} : fmt::format(R"( stroke-dasharray="{}")", dashes);
  elements_ += fmt::format(
      R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="{:g}"{}/>)"
      "\n",
      x1, y1, x2, y2, stroke, width, dash);
}

void Canvas::circle(double x, double y, double radius, std::string_view fill) {
  elements_ += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" fill="{}"/>)"
                           "\n",
                           x, y, radius, fill);
}

}  // namespace fakeapi::lanes
