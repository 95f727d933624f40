// Every flag in one table: its default and the reason for it. The parser, --help and the page in
// docs/ come from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "waiter/cli/commands.hpp"

namespace waiter::cli {

struct Flag {
  std::string_view name;
  std::string_view type;  // "DURATION", "none|tcp" (a choice); "" is a switch
  std::string_view default_text;
  std::string_view meaning;
  std::string_view reason;  // of the default
  Commands commands;
  bool repeatable = false;
  bool may_be_empty = false;

  bool is_switch() const { return type.empty(); }
  bool is_choice() const { return type.find('|') != std::string_view::npos; }
  std::vector<std::string_view> choices() const;
  /// WFE_ON_LOST for on-lost.
  std::string variable() const;
};

/// A flag whose default differs between commands has a row for each default.
const std::vector<Flag>& flags();

/// The row of that name for this command; nothing where the command does not have it.
const Flag* find_flag(std::string_view name, Command command);
/// The first row of that name, whatever the command.
const Flag* find_flag(std::string_view name);

/// The DEPs, where no argument names one; it has no flag.
constexpr const char* dependencies_variable = "WFE_DEPENDENCIES";

}  // namespace waiter::cli
