// Values of flags -> what the modes are given.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "waiter/cli/arguments.hpp"
#include "waiter/cli/values.hpp"
#include "waiter/run/driver.hpp"

namespace waiter::cli {

/// What to wait for, as texts; each group needs one of its members.
struct Wanted {
  std::vector<std::vector<std::string>> groups;
  std::string namespace_name;  // of DEPs that name none, before what the cluster's access says
  std::vector<std::string> notes;
};

using Groups = std::vector<std::vector<core::Dependency>>;

std::variant<Groups, Mistake> parse_groups(const Wanted& wanted, const std::string& namespace_name);

/// For every command that waits: engine, access, log. Reads what the access is made of.
std::variant<run::Setup, Mistake> make_setup(Command command, const Values& values,
                                             const Wanted& wanted,
                                             const net::Environment& environment);

std::optional<Mistake> check_namespace(const Values& values);

core::Source source_of(const Values& values);

}  // namespace waiter::cli
