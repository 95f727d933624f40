// EndpointSlice objects and lists of them (discovery.k8s.io/v1) as JSON -> the engine's values.
// What is not understood is an error, never a guess: nothing that could not be read counts as
// ready.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "waiter/core/slice.hpp"

namespace waiter::k8s {

/// What is wrong with a text that should have been an object.
struct DecodeError {
  std::string message;
};

struct SliceList {
  std::string resource_version;  // of the list: where a watch begins
  std::vector<core::Slice> slices;
};

/// One object. Absent and null conditions stay absent; `endpoints` and `ports` may be null (the
/// controllers write that).
std::variant<core::Slice, DecodeError> decode_slice(const nlohmann::json& object);

/// The body of a list.
std::variant<SliceList, DecodeError> decode_slice_list(std::string_view body);

}  // namespace waiter::k8s
