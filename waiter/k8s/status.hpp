// Error answers -> the engine's Failure. They come as a Status object, in the body of an error
// answer or as the object of an ERROR event, or as bare text: an overloaded API server answers 429
// with one line of plain text.
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "waiter/core/failure.hpp"

namespace waiter::k8s {

/// An answer with an error status. `retry_after` is the header's text, "" when there was none; only
/// whole seconds are understood (RFC 9110 10.2.3 allows a date as well, which kube-apiserver never
/// sends).
core::Failure decode_error(int http_status, std::string_view retry_after, std::string_view body);

/// A 404 that tells that one object does not exist; every other is about the resource, or no answer
/// of an API server.
bool names_an_object(std::string_view body);

/// The object of an ERROR event.
core::Failure decode_status(const nlohmann::json& status);

}  // namespace waiter::k8s
