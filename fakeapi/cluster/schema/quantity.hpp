// Quantities: numbers with a unit that JSON carries as text and the API rewrites.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fakeapi::cluster::schema {

/// The canonical form of a resource.Quantity ("0.5" is "500m", "1024Mi" is "1Gi"), or nothing where
/// the text is none (apimachinery api/resource/quantity.go).
std::optional<std::string> canonical_quantity(std::string_view text);

}  // namespace fakeapi::cluster::schema
