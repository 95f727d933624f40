// The value of each flag: of the command line, else of the environment, else the default.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "waiter/cli/arguments.hpp"
#include "waiter/cli/flags.hpp"
#include "waiter/core/clock.hpp"
#include "waiter/net/cluster_access.hpp"

namespace waiter::cli {

class Values {
 public:
  /// Both must outlive it.
  Values(const Arguments& arguments, const net::Environment& environment)
      : arguments_(arguments), environment_(environment) {}

  /// The first value that its flag does not take.
  std::optional<Mistake> check() const;

  /// On the command line or in the environment.
  bool given(std::string_view name) const;
  bool on_command_line(std::string_view name) const { return arguments_.flags.count(name) > 0; }
  /// The value, else the default as the table has it.
  std::string text(std::string_view name) const;
  /// The value, else "".
  std::string text_if_given(std::string_view name) const;
  /// Every value of a repeatable flag; those of its variable are separated by blanks.
  std::vector<std::string> all(std::string_view name) const;
  bool is_on(std::string_view name) const { return text(name) == "on"; }
  core::Duration duration(std::string_view name) const;
  /// Nothing for 0, which stands for "for ever" and "never".
  std::optional<core::Duration> limit(std::string_view name) const;
  /// "--on-lost (WFE_ON_LOST)", for messages.
  static std::string name_of(const Flag& flag);

 private:
  std::optional<std::string> value(std::string_view name) const;
  std::optional<std::string> of_environment(const Flag& flag) const;

  const Arguments& arguments_;
  const net::Environment& environment_;
};

/// Of the variables WFE_... that are set: one that is nearly the name of a flag's variable, and
/// none. Others may be what Kubernetes injects for a Service "wfe-...".
std::optional<Mistake> check_variables(const std::vector<std::string>& names);

/// The words of a text, separated by any of `separators`; empty ones are left out.
std::vector<std::string> split(std::string_view text, std::string_view separators);

}  // namespace waiter::cli
