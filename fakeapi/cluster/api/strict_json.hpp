// JSON that a client wrote: a value, and what a strict decoder complains about that the value no
// longer shows (sigs.k8s.io/json).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace fakeapi::cluster {

struct StrictJson {
  nlohmann::json value;
  std::vector<std::string> duplicates;  // `duplicate field "metadata.name"`, in their order
  std::optional<std::string> error;     // no JSON, or nested deeper than the original allows
};

/// sigs.k8s.io/json, saveStrictError: what comes after so many complaints is not named.
inline constexpr std::size_t strict_errors_max = 100;

/// Bytes that are no UTF-8, and halves of UTF-16 pairs, are read as U+FFFD, as Go reads them.
StrictJson parse_strict(std::string_view text);

/// The paths ("spec.ports[0].prot") in the order in which `text` has them; those that it does not
/// have come last. The decoder of the original meets fields in that order.
std::vector<std::string> in_order_of_appearance(std::string_view text,
                                                std::vector<std::string> paths);

}  // namespace fakeapi::cluster
