// The picture as one SVG file that needs nothing else: no script, no font, no style sheet of its
// own, so that it can stand in a README, a report or an e-mail.
#pragma once

#include <string>

#include "fakeapi/lanes/picture.hpp"

namespace fakeapi::lanes {

/// A complete SVG 1.1 document, 1000 units wide and as high as it needs to be.
std::string to_svg(const Picture& picture);

}  // namespace fakeapi::lanes
