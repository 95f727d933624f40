// What to say where an API server does not let us list or watch.
#pragma once

#include <string>
#include <vector>

#include "fakeapi/client/reflector.hpp"

namespace fakeapi::run {

/// One line: the server's words about the first, all that is forbidden, and the commands that grant
/// what a recording needs.
std::string missing_rights(const std::string& said, const std::vector<client::Watched>& forbidden);

}  // namespace fakeapi::run
