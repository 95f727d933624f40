// The table as the reference part of docs/scenarios.md.
#pragma once

#include <string>

namespace fakeapi::scenario {

/// Markdown: a table of keys for each mapping, then the words for Pods, faults and rules.
std::string reference_page();

/// The lines between which it stands in docs/scenarios.md.
inline constexpr const char* reference_begin = "<!-- reference: written by ./dev docs -->\n";
inline constexpr const char* reference_end = "<!-- end of the reference -->\n";

}  // namespace fakeapi::scenario
