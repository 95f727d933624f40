// Text that can be drawn: what a log says may hold anything, a picture holds only characters that
// can be seen and whose width is known. A measure says how wide a character is: columns of a
// terminal or ems of a font.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fakeapi::lanes {

/// Width of one code point.
using Measure = double (*)(char32_t);

/// Columns in a terminal: 2 for East Asian wide characters and emoji, 0 for combining marks, 1 for
/// the rest.
double terminal_columns(char32_t letter);

/// The text with control, bidirectional and invisible characters written as \n, \t, \x1b or \u202e,
/// and bytes that are no UTF-8 as U+FFFD. Idempotent. Everything below expects such text.
std::string printable(std::string_view text);

double width_of(std::string_view text, Measure measure);

/// The text, or its beginning and "…", so that it is at most width_max wide; empty when not even
/// "…" fits.
std::string cut(std::string_view text, double width_max, Measure measure);
/// As cut, but "…" stands in the middle: names of one family differ in their ends.
std::string cut_in_the_middle(std::string_view text, double width_max, Measure measure);

/// Lines of at most width_max, broken at spaces and, where a word is too long, anywhere. What needs
/// more than lines_max is cut. Never empty lines; no lines for an empty text.
std::vector<std::string> wrapped(std::string_view text, double width_max, int lines_max,
                                 Measure measure);

/// The text's characters, for whoever draws them one by one.
std::vector<std::string_view> letters_of(std::string_view text);
/// The code point of one of them.
char32_t code_point_of(std::string_view letter);

}  // namespace fakeapi::lanes
