// The picture as one HTML page that needs nothing else and can fetch nothing: a static picture that
// is there without scripts, the log, and the scripts (page/) that draw it so that one can zoom in.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/lanes/event.hpp"

namespace fakeapi::lanes {

/// A complete HTML document. Its Content-Security-Policy allows the scripts and the style of this
/// program by their hashes and nothing else, whatever the log holds.
std::string to_html(const std::vector<Event>& events);

}  // namespace fakeapi::lanes
