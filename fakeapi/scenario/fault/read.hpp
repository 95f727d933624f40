// Faults in the words of the language: of a scenario file, or of a body of the control API.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "fakeapi/scenario/fault/fault.hpp"
#include "fakeapi/scenario/language/check.hpp"

namespace fakeapi::fault {

/// Which requests: the keys of request_mapping() and, where they are there, of match_mapping().
Match read_match(const scenario::Node& node, const scenario::Checked& checked);

/// One of `faults`. What its parts may not ask of each other goes to the report.
Fault read_fault(const scenario::Node& node, const scenario::Checked& checked, std::string name,
                 scenario::Report& report);

/// A fault in JSON or YAML without its name, or what is wrong with it, with line and column.
std::variant<Fault, std::string> parse_fault(std::string name, std::string_view text);

}  // namespace fakeapi::fault
