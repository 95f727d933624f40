// The mode `install`: copies this program into a folder, a volume that the containers of a Pod
// share.
#pragma once

#include <optional>
#include <string>

namespace waiter::run {

/// DIR/wait-for-endpoints is this program afterwards: written to a temporary file beside it, mode
/// 0555, synced, renamed; nothing is done when it is equal already. The error says what failed.
std::optional<std::string> install(const std::string& directory);

}  // namespace waiter::run
