// fakeapi sandbox: a command in a network of its own.
#pragma once

#include <string>
#include <vector>

namespace fakeapi::run {

/// Becomes the command; returns only when that is impossible: 3 without a sandbox, 126 when the
/// command cannot be executed, 127 when there is none (as shells have it).
int sandbox(const std::vector<std::string>& command);

}  // namespace fakeapi::run
