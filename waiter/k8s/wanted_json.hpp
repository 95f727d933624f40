// JSON of the API as a value that holds only what the engine reads: an object's managed fields,
// annotations and the like are most of its bytes, and are never kept.
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace waiter::k8s {

/// Discarded (is_discarded()) where the text is no JSON, or is nested deeper than any of its
/// objects.
nlohmann::json parse_wanted(std::string_view text);

}  // namespace waiter::k8s
