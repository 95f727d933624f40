// What --help says, on a terminal of 80 columns, and the tables of docs/wait-for-endpoints.md: both
// from the tables of commands, flags and exit codes.
#pragma once

#include <string>

#include "waiter/cli/commands.hpp"

namespace waiter::cli {

std::string program_help();
std::string command_help(Command command);

/// As Markdown, line for line what the page holds.
std::string commands_page();
std::string flags_page();
std::string exit_codes_page();

}  // namespace waiter::cli
