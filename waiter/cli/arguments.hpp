// The words of the command line, sorted: command, flags, what it is given, and the command after
// `--`. What the values mean is not decided here.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "waiter/cli/commands.hpp"

namespace waiter::cli {

/// What the user must mend, in one line.
struct Mistake {
  std::string message;
};

struct Arguments {
  Command command = Command::wait;
  bool command_named = false;                                          // by a word of its own
  std::vector<std::string> words;                                      // DEPs, a folder, a probe
  bool separated = false;                                              // there is a `--`
  std::vector<std::string> child;                                      // what follows it
  std::map<std::string, std::vector<std::string>, std::less<>> flags;  // by name, without dashes
  bool help = false;
  bool version = false;
};

/// `words` without the program's name.
std::variant<Arguments, Mistake> read_arguments(const std::vector<std::string>& words);

/// A flag that the command does not have, --help aside. Its own step, as the environment may turn a
/// `wait` into an `exec`.
std::optional<Mistake> check_flags(const Arguments& arguments);

}  // namespace waiter::cli
