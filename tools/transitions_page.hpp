// The table of the engine's transitions as Markdown, with a diagram of it: the part of
// docs/engine.md between its two marks.
#pragma once

#include <string>

namespace tools {

std::string transitions_page();

/// The page with that part replaced by what the table says now.
std::string with_transitions(const std::string& page);

}  // namespace tools
