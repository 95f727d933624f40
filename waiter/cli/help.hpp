// The shape of --help on a terminal of 80 columns.
#pragma once

#include <string>
#include <string_view>

namespace waiter::cli {

/// Breaks a flag's description into lines that stand in the right column of --help, as the parser's
/// library does not.
std::string wrapped(std::string_view description);

}  // namespace waiter::cli
