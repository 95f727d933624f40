// Cells rather than strings, because a column and a byte have nothing to do with each other in
// UTF-8.
#include "fakeapi/lanes/text_row.hpp"

#include <algorithm>
#include <cstddef>

#include "fakeapi/lanes/letters.hpp"

namespace fakeapi::lanes {

TextRow::TextRow(int width) : cells_(static_cast<std::size_t>(width)) {}

void TextRow::put(int column, std::string_view text, Ink ink) {
  auto index = static_cast<std::size_t>(std::max(column, 0));
  for (const std::string_view letter : letters_of(text)) {
    const auto columns = static_cast<std::size_t>(terminal_columns(code_point_of(letter)));
    if (columns == 0) {
      if (index > 0 && index <= cells_.size()) cells_[index - 1].letter += letter;
      continue;
    }
    if (index + columns > cells_.size()) return;
    cells_[index] = {std::string{letter}, ink};
    for (std::size_t more = 1; more < columns; ++more) cells_[index + more] = {"", ink};
    index += columns;
  }
}

bool TextRow::is_blank(int column) const {
  const auto index = static_cast<std::size_t>(column);
  return index < cells_.size() && cells_[index].letter == " ";
}

std::string TextRow::line(bool colour) const {
  std::size_t size = cells_.size();
  while (size > 0 && cells_[size - 1].letter == " ") --size;
  std::string text;
  Ink ink;
  for (std::size_t index = 0; index < size; ++index) {
    const Cell& cell = cells_[index];
    if (colour && cell.ink != ink) {
      if (!ink.empty()) text += "\x1b[0m";
      if (!cell.ink.empty()) text.append("\x1b[").append(cell.ink).append("m");
      ink = cell.ink;
    }
    text += cell.letter;
  }
  if (!ink.empty()) text += "\x1b[0m";
  return text + "\n";
}

}  // namespace fakeapi::lanes
