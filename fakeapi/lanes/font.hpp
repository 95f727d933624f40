// How wide a text will be in a font that nobody knows: a viewer of the SVG takes its own
// sans-serif. DejaVu Sans is the widest of the usual ones, so a text that fits in it fits in all of
// them, and nothing has to overlap.
#pragma once

namespace fakeapi::lanes {

/// Measures (letters.hpp) in ems.
double font_ems(char32_t letter);
double bold_font_ems(char32_t letter);

}  // namespace fakeapi::lanes
