// How values look on the wire: the order of an object's keys, times and versions as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/clock.hpp"

namespace fakeapi::cluster {

/// JSON without a line break: kind, apiVersion and metadata first, as kube-apiserver writes them,
/// then the rest.
std::string wire_text(const nlohmann::json& object);

/// The same for people: indented by two spaces (json.MarshalIndent in the original).
std::string pretty_text(const nlohmann::json& object);

/// The time as metav1.Time prints it: UTC, whole seconds, "2026-11-23T06:21:04Z".
std::string rfc3339(std::int64_t unix_seconds);

/// A point on the virtual clock as wall time. `wall_time_seconds` is Unix time at Instant{};
/// fractions are cut off.
std::string rfc3339(std::int64_t wall_time_seconds, Instant now);

/// A decimal number without sign that fits 64 bits; nothing for any other text.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

/// `text` between double quotes, escaped as Go's %q escapes printable text.
std::string in_quotes(std::string_view text);

}  // namespace fakeapi::cluster
