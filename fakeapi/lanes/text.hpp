// The picture in a terminal: block characters, numbers inside the bars, and words for the verdicts,
// so that it says the same without colours, in a log file and to someone who cannot tell red from
// green.
#pragma once

#include <string>

#include "fakeapi/lanes/picture.hpp"

namespace fakeapi::lanes {

struct TextStyle {
  bool colour = false;  // ANSI SGR sequences, 256 colours
  int width = 100;      // columns; taken as 60 when less, as 200 when more
};

/// UTF-8 lines, each ended by a newline and at most as wide as asked for.
std::string to_text(const Picture& picture, TextStyle style);

}  // namespace fakeapi::lanes
