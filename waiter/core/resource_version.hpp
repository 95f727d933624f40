// The order of resourceVersions: what "older" means is decided here and nowhere else. Since
// Kubernetes 1.35 they may be compared (KEP-5504): decimal digits without leading zeros, of any
// length, so the longer one is the newer one. What is not of that form (some aggregated APIs) can
// only be compared for equality, and then nothing is called older.
#pragma once

#include <string_view>

namespace waiter::core {

/// True when both are of the comparable form and `left` is older than `right`.
bool is_older(std::string_view left, std::string_view right);

}  // namespace waiter::core
