// The commands of the program as one table: names, what they are given, what they are for. Help and
// documentation come from it.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace waiter::cli {

/// Bits, so that a flag can say which commands have it.
enum class Command : unsigned {
  wait = 1U << 0U,
  exec = 1U << 1U,
  guard = 1U << 2U,
  check = 1U << 3U,
  probe = 1U << 4U,
  install = 1U << 5U,
  rbac = 1U << 6U,
};

/// A set of commands: their bits.
using Commands = unsigned;
constexpr Commands operator|(Command left, Command right) {
  return static_cast<Commands>(left) | static_cast<Commands>(right);
}
constexpr Commands operator|(Commands left, Command right) {
  return left | static_cast<Commands>(right);
}
constexpr bool contains(Commands set, Command command) {
  return (set & static_cast<Commands>(command)) != 0;
}

struct CommandText {
  Command command;
  std::string_view name;
  std::string_view synopsis;  // what follows the program's name
  std::string_view summary;   // one line
  std::string_view purpose;   // a paragraph
  std::string_view exit_codes;
  std::string_view example;
};

constexpr std::size_t command_count = 7;
const std::array<CommandText, command_count>& commands();
const CommandText& text_of(Command command);
/// Nothing where it is no command's name.
const CommandText* find_command(std::string_view name);

}  // namespace waiter::cli
