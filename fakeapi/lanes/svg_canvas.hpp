// SVG elements as text: shapes and words at coordinates, everything escaped here and nowhere else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fakeapi::lanes {

/// For text and attribute values (XML 1.0, 2.4). The text must be printable (letters.hpp).
std::string xml_escaped(std::string_view text);

struct TextLook {
  double size_px = 13;
  bool is_bold = false;
  std::string_view colour = "#1F2328";
  std::string_view anchor = "start";  // or "middle", "end"
};

/// The most that a text will be wide in the fonts that viewers have.
double width_px(std::string_view text, const TextLook& look);
/// Lines that fit width_max_px (letters.hpp).
std::vector<std::string> wrapped_px(std::string_view text, double width_max_px, int lines_max,
                                    const TextLook& look);

struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

class Canvas {
 public:
  /// y is the text's baseline.
  void text(double x, double y, std::string_view text, const TextLook& look);
  void box(const Box& box, std::string_view fill, std::string_view stroke = "none",
           double radius_px = 0);
  /// A box that shows the tip when pointed at.
  void box_with_tip(const Box& box, std::string_view fill, std::string_view stroke,
                    std::string_view tip);
  void line(double x1, double y1, double x2, double y2, std::string_view stroke, double width,
            std::string_view dashes = "");
  void circle(double x, double y, double radius, std::string_view fill);
  void raw(std::string_view elements) { elements_ += elements; }

  const std::string& elements() const { return elements_; }

 private:
  std::string elements_;
};

}  // namespace fakeapi::lanes
