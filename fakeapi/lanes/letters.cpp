// UTF-8 by hand (RFC 3629), because a picture needs only four questions answered and a Unicode
// library is ten megabytes: where a character ends, whether it can be seen, how wide it is, and
// where a line may break.
#include "fakeapi/lanes/letters.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <fmt/core.h>

namespace fakeapi::lanes {
namespace {

constexpr std::string_view ellipsis = "…";
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

struct Range {
  char32_t first;
  char32_t last;
};

bool is_in(char32_t letter, std::span<const Range> ranges) {
  for (const Range& range : ranges) {
    if (letter >= range.first && letter <= range.last) return true;
  }
  return false;
}

/// Controls, soft hyphen, zero width and bidirectional characters, and what XML 1.0 (2.2) forbids:
/// they hide text or move it.
constexpr std::array<Range, 11> invisible{{{0x00, 0x1F},
                                           {0x7F, 0x9F},
                                           {0xAD, 0xAD},
                                           {0x61C, 0x61C},
                                           {0x180E, 0x180E},
                                           {0x200B, 0x200F},
                                           {0x2028, 0x202E},
                                           {0x2060, 0x206F},
                                           {0xFEFF, 0xFEFF},
                                           {0xFFF9, 0xFFFB},
                                           {0xFFFE, 0xFFFF}}};
constexpr std::array<Range, 6> combining{{{0x300, 0x36F},
                                          {0x483, 0x489},
                                          {0x1AB0, 0x1AFF},
                                          {0x20D0, 0x20FF},
                                          {0xFE00, 0xFE0F},
                                          {0xFE20, 0xFE2F}}};
/// Unicode Standard Annex 11, classes W and F, in blocks.
constexpr std::array<Range, 9> wide{{{0x1100, 0x115F},
                                     {0x2E80, 0xA4CF},
                                     {0xAC00, 0xD7A3},
                                     {0xF900, 0xFAFF},
                                     {0xFE30, 0xFE6F},
                                     {0xFF00, 0xFF60},
                                     {0xFFE0, 0xFFE6},
                                     {0x1F300, 0x1FAFF},
                                     {0x20000, 0x3FFFD}}};

/// Bytes of the character that the text begins with; 0 when they are no UTF-8 (overlong, surrogate,
/// cut off).
std::size_t size_of_first(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (std::size_t index = 1; index < size; ++index) {
    if ((byte(index) & 0xC0U) != 0x80U) return 0;
  }
  if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) >= 0xA0)) return 0;
  if ((lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) >= 0x90)) return 0;
  return size;
}

std::string escaped(char32_t letter) {
  if (letter == U'\n') return "\\n";
  if (letter == U'\t') return "\\t";
  if (letter == U'\r') return "\\r";
  const auto value = static_cast<std::uint32_t>(letter);
  return value < 0x100 ? fmt::format("\\x{:02x}", value) : fmt::format("\\u{:04x}", value);
}

std::string joined(std::span<const std::string_view> letters) {
  std::string text;
  for (const std::string_view letter : letters) text += letter;
  return text;
}

/// How many of the letters, from the front, are together at most width_max wide.
std::size_t fitting(std::span<const std::string_view> letters, double width_max, Measure measure) {
  double width = 0;
  std::size_t count = 0;
  for (; count < letters.size(); ++count) {
    width += measure(code_point_of(letters[count]));
    if (width > width_max) break;
  }
  return count;
}

/// Where the first line of the letters ends, and where the next begins.
struct Break {
  std::size_t end;
  std::size_t next;
};

Break find_break(std::span<const std::string_view> letters, double width_max, Measure measure) {
  // One character at least, so that wrapping always comes to an end.
  const std::size_t count = std::max<std::size_t>(1, fitting(letters, width_max, measure));
  if (count >= letters.size()) return {letters.size(), letters.size()};
  for (std::size_t index = count; index > 0; --index) {
    if (letters[index] == " ") return {index, index + 1};
  }
  return {count, count};
}

}  // namespace

double terminal_columns(char32_t letter) {
  if (is_in(letter, combining)) return 0;
  return is_in(letter, wide) ? 2 : 1;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = size_of_first(text);
    const std::string_view letter = text.substr(0, std::max<std::size_t>(1, size));
    if (size == 0) {
      result += replacement;
    } else if (is_in(code_point_of(letter), invisible)) {
      result += escaped(code_point_of(letter));
    } else {
      result += letter;
    }
    text.remove_prefix(letter.size());
  }
  return result;
}

char32_t code_point_of(std::string_view letter) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(letter[index]); };
  if (letter.size() == 1) return byte(0);
  std::uint32_t value = byte(0) & (0xFFU >> (letter.size() + 1));
  for (std::size_t index = 1; index < letter.size(); ++index) {
    value = (value << 6U) | (byte(index) & 0x3FU);
  }
  return value;
}

std::vector<std::string_view> letters_of(std::string_view text) {
  std::vector<std::string_view> letters;
  while (!text.empty()) {
    letters.push_back(text.substr(0, std::max<std::size_t>(1, size_of_first(text))));
    text.remove_prefix(letters.back().size());
  }
  return letters;
}

double width_of(std::string_view text, Measure measure) {
  double width = 0;
  for (const std::string_view letter : letters_of(text)) width += measure(code_point_of(letter));
  return width;
}

std::string cut(std::string_view text, double width_max, Measure measure) {
  if (width_of(text, measure) <= width_max) return std::string{text};
  const double room = width_max - width_of(ellipsis, measure);
  if (room < 0) return {};
  const auto letters = letters_of(text);
  const std::span all{letters};
  return joined(all.first(fitting(all, room, measure))) + std::string{ellipsis};
}

std::string cut_in_the_middle(std::string_view text, double width_max, Measure measure) {
  if (width_of(text, measure) <= width_max) return std::string{text};
  const double room = width_max - width_of(ellipsis, measure);
  if (room < 0) return {};
  const auto letters = letters_of(text);
  const std::span all{letters};
  const std::size_t head = fitting(all, room / 2, measure);
  double width = width_of(joined(all.first(head)), measure);
  std::size_t tail = letters.size();
  while (tail > head && width + measure(code_point_of(letters[tail - 1])) <= room) {
    width += measure(code_point_of(letters[--tail]));
  }
  return joined(all.first(head)) + std::string{ellipsis} + joined(all.subspan(tail));
}

std::vector<std::string> wrapped(std::string_view text, double width_max, int lines_max,
                                 Measure measure) {
  std::vector<std::string> lines;
  const auto letters = letters_of(text);
  std::span rest{letters};
  while (!rest.empty()) {
    if (rest.front() == " ") {
      rest = rest.subspan(1);
      continue;
    }
    if (static_cast<int>(lines.size()) == lines_max - 1) {
      lines.push_back(cut(joined(rest), width_max, measure));
      break;
    }
    const Break found = find_break(rest, width_max, measure);
    lines.push_back(joined(rest.first(found.end)));
    rest = rest.subspan(found.next);
  }
  return lines;
}

}  // namespace fakeapi::lanes
