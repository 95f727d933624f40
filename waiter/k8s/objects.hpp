// EndpointSlices (discovery.k8s.io/v1), Endpoints (v1), lists of them and Services as JSON -> the
// engine's values. What is not understood is an error, never a guess: nothing that could not be
// read counts as ready.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "waiter/core/event.hpp"
#include "waiter/core/selection.hpp"
#include "waiter/core/slice.hpp"

namespace waiter::k8s {

/// What is wrong with a text that should have been an object.
struct DecodeError {
  std::string message;
};

struct SliceList {
  std::string resource_version;  // of the list: where a watch begins; or of the one object
  std::vector<core::Slice> slices;
  std::string next_page;  // the continue token, "" on the last page
};

/// One object. Absent and null conditions stay absent; `endpoints` and `ports` may be null (the
/// controllers write that). Endpoints become one slice whose endpoints carry their ports.
std::variant<core::Slice, DecodeError> decode_object(core::Resource resource,
                                                     const nlohmann::json& object);

/// The body of a list, or of one page of it.
std::variant<SliceList, DecodeError> decode_list(core::Resource resource, std::string_view body);

/// The body of the answer to a get of one object.
std::variant<SliceList, DecodeError> decode_one(core::Resource resource, std::string_view body);

/// What a Service says about its endpoints.
core::ServiceTold::Type decode_service(std::string_view body);

}  // namespace waiter::k8s
