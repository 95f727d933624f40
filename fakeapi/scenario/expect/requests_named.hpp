// Requests in two words, as people speak of them: "list endpointslices".
#pragma once

#include <optional>
#include <string_view>

#include "fakeapi/scenario/fault/fault.hpp"

namespace fakeapi::scenario {

/// "VERB", "VERB RESOURCE", with several verbs as "list|watch" and a resource that may end in '*'.
/// The verbs are those that authorisation knows.
std::optional<fault::Match> parse_requests_named(std::string_view text);

}  // namespace fakeapi::scenario
